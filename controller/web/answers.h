// What is answered to a request: which page, to whom, and what a form that was sent does. No HTTP
// here, and no sockets. Thread-safe as far as what it borrows is.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "controller/gitops/board.h"
#include "controller/web/http_server.h"
#include "controller/world/clock.h"

namespace poolshift {

struct WebRequest {
  std::string method, path;
  // Headers by their names in lower case; of those that are asked for.
  std::map<std::string, std::string, std::less<>> headers;
  std::string session;     // the value of our cookie
  std::string invitation;  // of the query
  // The fields of a form that was sent, in their order.
  std::vector<std::pair<std::string, std::string>> form;
  std::string body;
  bool too_large = false;  // the body; it is not here then

  std::string Header(std::string_view name) const;
  std::string Field(std::string_view name) const;
};

struct WebAnswer {
  unsigned status = 200;
  std::string body;
  std::string type = "text/html; charset=utf-8";
  std::string cookie = {};  // Set-Cookie; empty: none
  std::string allow = {};   // Allow, of status 405
};

// Of the requests above, those that are read.
inline constexpr std::string_view kReadHeaders[] = {
    "host", "origin", "x-hub-signature-256", "x-gitea-signature", "x-gitlab-token"};
inline constexpr std::string_view kHookPath = "/hooks/push";

// The name of our cookie. Browsers keep one jar for all ports of a machine (RFC 6265 section 8.5),
// so that it bears the port of `host` (the header), lest a login to one daemon end another.
std::string SessionCookie(std::string_view host);

WebAnswer AnswerTo(const WebRequest& request,
                   const Board& board,
                   const Clock& clock,
                   const HttpServer::Doors& doors);

}  // namespace poolshift
