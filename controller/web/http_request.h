// A request as libmicrohttpd has read it.
#pragma once

#include <string>

#include "controller/web/page_site.h"
#include "controller/web/web_request.h"
#include <microhttpd.h>

namespace poolshift {

// With a body of more than PushHook::kLargestBody bytes it is only known that it is too large.
WebRequest RequestOf(MHD_Connection* connection,
                     const char* method,
                     const char* path,
                     std::string body,
                     const PageSite& site);

}  // namespace poolshift
