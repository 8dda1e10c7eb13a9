#include "controller/web/page_site.h"

#include <algorithm>

#include "absl/strings/match.h"

#include "controller/model/web_address.h"

namespace poolshift {
namespace {

bool IsNumber(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

struct HostHeader {
  std::string_view name;  // of an address of IPv6 without brackets
  std::string_view port;  // "" when there is none
};

// RFC 9110, section 7.2. An empty name when it is no such header.
HostHeader Parse(std::string_view host) {
  HostHeader header;
  if (host.starts_with('[')) {
    const std::size_t end = host.find(']');
    if (end == std::string_view::npos) return {};
    header.name = host.substr(1, end - 1);
    if (header.name.find(':') == std::string_view::npos) return {};  // "[name]"
    host.remove_prefix(end + 1);
  } else {
    header.name = host.substr(0, host.find(':'));
    host.remove_prefix(header.name.size());
  }
  if (host.empty()) return header;
  header.port = host.substr(1);
  return host.front() == ':' && IsNumber(header.port) ? header : HostHeader();
}

bool IsLoopback(const std::string& host) {
  if (host.empty()) return true;  // HTTP/1.0
  const bool bare = host.find_first_of("/?#") == std::string::npos;
  const auto address = ParseWebAddress("http://" + host, "http", "https");
  return bare && address.ok() && address->is_loopback();
}

bool Same(std::string_view one, std::string_view other) {
  return absl::EqualsIgnoreCase({one.data(), one.size()}, {other.data(), other.size()});
}

// "*.contoso.com" is every name with one label more, and no address.
bool Covers(std::string_view pattern, std::string_view name) {
  if (!pattern.starts_with("*.")) return Same(pattern, name);
  const std::size_t dot = name.find('.');
  return dot != std::string_view::npos && dot > 0 && Same(pattern.substr(1), name.substr(dot));
}

}  // namespace

bool IsNameOf(const PageSite& site, const std::string& host) {
  if (!site.tls) return IsLoopback(host);
  const std::string_view name = Parse(host).name;
  return !name.empty() && std::ranges::any_of(site.names, [&](const std::string& each) {
    return Covers(each, name);
  });
}

std::string OriginOf(const PageSite& site, const std::string& host) {
  return (site.tls ? "https://" : "http://") + host;
}

std::string SessionCookie(const PageSite& site, std::string_view host) {
  const std::size_t colon = host.rfind(':');
  const std::string_view port =
      colon == std::string_view::npos ? std::string_view() : host.substr(colon + 1);
  const std::string name = IsNumber(port) ? "poolshift-" + std::string(port) : "poolshift";
  return site.tls ? "__Host-" + name : name;
}

}  // namespace poolshift
