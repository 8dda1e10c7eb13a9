// A request and what is answered to it, as far as it matters here. No HTTP, and no sockets.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

namespace http {
inline constexpr unsigned kOk = 200, kAccepted = 202, kUnauthorized = 401, kForbidden = 403,
                          kNotFound = 404, kMethodNotAllowed = 405, kConflict = 409,
                          kTooLarge = 413, kTooMany = 429, kUnavailable = 503;
}  // namespace http

struct WebAnswer {
  unsigned status = http::kOk;
  std::string body;
  std::string type = "text/html; charset=utf-8";
  std::string cookie = {};     // Set-Cookie; empty: none
  std::string allow = {};      // Allow, of status 405
  std::string challenge = {};  // WWW-Authenticate, of status 401
};

}  // namespace poolshift
