// Where the pages are that people log in to by way of the control API.
#pragma once

#include <string>

#include "controller/gitops/page_sessions.h"

namespace poolshift {

struct PageDoor {
  PageSessions& sessions;
  std::string url;  // "http://127.0.0.1:8080/", "https://poolshift.contoso.com:8443/"
};

}  // namespace poolshift
