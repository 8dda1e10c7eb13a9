// Where the pages are that people log in to over the socket.
#pragma once

#include <string>

#include "controller/gitops/page_sessions.h"

namespace poolshift {

struct PageDoor {
  PageSessions& sessions;
  std::string url;  // "http://127.0.0.1:8080/"
};

}  // namespace poolshift
