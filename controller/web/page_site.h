// PageSite: under which names the pages are asked for, and who may read them. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace poolshift {

struct PageSite {
  bool tls = false;
  // Over TLS: "poolshift.contoso.com", "*.contoso.com" (RFC 6125, section 6.4.3: one label),
  // "192.0.2.10", "2001:db8::1". Without TLS it is every name of loopback.
  std::vector<std::string> names;
  // Or only who has logged in.
  bool anybody_reads = true;
};

// Whether `host` (the header: a name, perhaps with a port) is this site. A page of another name
// that leads here (DNS rebinding) gets nothing.
bool IsNameOf(const PageSite& site, const std::string& host);

// The origin (RFC 6454) of a page that was asked for with this header.
std::string OriginOf(const PageSite& site, const std::string& host);

// The name of our cookie. Browsers keep one jar for all ports of a machine (RFC 6265 section 8.5),
// so that it bears the port of `host` (the header), lest a login to one daemon end another. Over
// TLS browsers take it from nobody but this very host (`__Host-`: RFC 6265bis, section 4.1.3.2).
std::string SessionCookie(const PageSite& site, std::string_view host);

}  // namespace poolshift
