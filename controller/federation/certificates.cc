#include "controller/federation/certificates.h"

#include <set>

namespace poolshift {

std::string DifferingCertificates(const View& view, const EdgePool& pool, std::string_view use) {
  constexpr std::size_t kShown = 10;  // digits: enough to tell two apart
  if (!pool.in_topology()) return "";
  std::set<std::string> different;
  std::string text;
  for (const EdgeServer& server : pool.servers) {
    const Value* seen = view.observed().Properties(kinds::Certificate(server.fqdn, use));
    const std::string thumbprint(seen == nullptr ? "" : seen->StringOr("thumbprint", ""));
    if (thumbprint.empty()) continue;
    different.insert(thumbprint);
    text += (text.empty() ? "" : ", ") + server.fqdn + ' ' + thumbprint.substr(0, kShown);
  }
  return different.size() > 1 ? text : "";
}

}  // namespace poolshift
