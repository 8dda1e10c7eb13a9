#include "providers/probe/wire/certificate_names.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"

namespace poolshift::probe {
namespace {

std::string Lower(std::string_view text) {
  std::string lower = absl::AsciiStrToLower({text.data(), text.size()});
  if (!lower.empty() && lower.back() == '.') lower.pop_back();
  return lower;
}

// `*` stands for exactly one whole label, the leftmost, and two labels at least follow it.
bool MatchesWildcard(const std::string& pattern, const std::string& name) {
  if (pattern.rfind("*.", 0) != 0) return false;
  const std::string rest = pattern.substr(1);  // ".contoso.com"
  if (rest.find('.', 1) == std::string::npos || rest.find('*') != std::string::npos) return false;
  const std::size_t dot = name.find('.');
  return dot != std::string::npos && dot > 0 && name.substr(dot) == rest;
}

bool AnyMatches(const std::vector<std::string>& patterns, const std::string& name, bool wildcards) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& written) {
    // A NUL inside must not hide what follows it.
    if (written.find('\0') != std::string::npos) return false;
    const std::string pattern = Lower(written);
    return pattern == name || (wildcards && MatchesWildcard(pattern, name));
  });
}

}  // namespace

std::vector<std::string> CertificateNames::All() const {
  std::set<std::string> all;
  if (!common.empty()) all.insert(common);
  for (const auto* list : {&dns, &uris, &services, &xmpp})
    all.insert(list->begin(), list->end());
  return {all.begin(), all.end()};
}

bool Covers(const CertificateNames& names, std::string_view written, Use use) {
  const std::string name = Lower(written);
  if (name.empty() || name.find('*') != std::string::npos) return false;
  const bool wildcards = use != Use::kSip;
  if (AnyMatches(names.dns, name, wildcards)) return true;
  if (use == Use::kSip && AnyMatches(names.uris, "sip:" + name, false)) return true;
  if (use == Use::kXmpp && (AnyMatches(names.services, "_xmpp-server." + name, false) ||
                            AnyMatches(names.xmpp, name, false)))
    return true;
  const bool alone =
      names.dns.empty() && names.uris.empty() && names.services.empty() && names.xmpp.empty();
  return alone && AnyMatches({names.common}, name, wildcards);
}

}  // namespace poolshift::probe
