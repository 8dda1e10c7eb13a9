// Roles: what an account, or a name in a certificate, may ask of a running daemon. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace poolshift {

// Each may do what those before it may.
enum class CallerRole { kNone, kViewer, kApprover, kOperator };
// "none", "viewer", "approver", "operator".
std::string_view Name(CallerRole role);

// The names that a certificate may give: 1 to 64 letters and digits of ASCII and "._@+-", a letter
// or digit first: it stands in the record of who said what. 64: ub-common-name of RFC 5280,
// appendix A.1.
bool IsCertificateName(std::string_view name);
inline constexpr std::string_view kCertificateGrantee = "cert:";

class Roles {
 public:
  // Without any word root and the daemon's own account are operators, everybody else is nothing.
  explicit Roles(std::string owner) : owner_(std::move(owner)) {}

  // "alice=operator", "@ops=approver" (a group), "*=viewer" (everybody who reaches the socket);
  // "cert:alice=operator", "cert:*=viewer" (everybody with a certificate that is accepted). No
  // account has a colon in its name. InvalidArgument when it is no such text.
  absl::Status Grant(std::string_view text);
  // The greatest of what was granted to the account, its groups and everybody.
  CallerRole Of(const std::string& account, const std::vector<std::string>& groups) const;
  // Of the name in a certificate: what was granted to "cert:" and this name, else to "cert:*". What
  // an account of the same name may do is no matter, not even for root.
  CallerRole OfCertificate(const std::string& name) const;

 private:
  std::string owner_;
  std::map<std::string, CallerRole, std::less<>> granted_;
};

}  // namespace poolshift
