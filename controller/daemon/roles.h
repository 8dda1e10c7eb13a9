// Roles: what an account may ask of a running daemon. Pure.
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

class Roles {
 public:
  // Without any word root and the daemon's own account are operators, everybody else is nothing.
  explicit Roles(std::string owner) : owner_(std::move(owner)) {}

  // "alice=operator", "@ops=approver" (a group), "*=viewer" (everybody who reaches the socket).
  // InvalidArgument when it is no such text.
  absl::Status Grant(std::string_view text);
  // The greatest of what was granted to the account, its groups and everybody.
  CallerRole Of(const std::string& account, const std::vector<std::string>& groups) const;

 private:
  std::string owner_;
  std::map<std::string, CallerRole, std::less<>> granted_;
};

}  // namespace poolshift
