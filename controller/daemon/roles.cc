#include "controller/daemon/roles.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"

namespace poolshift {
namespace {

constexpr std::array kRoles = {
    CallerRole::kNone, CallerRole::kViewer, CallerRole::kApprover, CallerRole::kOperator};

bool IsGrantee(std::string_view who) {
  if (!who.starts_with(kCertificateGrantee)) return !who.empty() && who != "@";
  const std::string_view name = who.substr(kCertificateGrantee.size());
  return name == "*" || IsCertificateName(name);
}

}  // namespace

bool IsCertificateName(std::string_view name) {
  constexpr std::size_t kLongest = 64;
  constexpr std::string_view kMarks = "._@+-";
  const auto plain = [](char letter) {
    return absl::ascii_isalnum(static_cast<unsigned char>(letter));
  };
  return !name.empty() && name.size() <= kLongest && plain(name.front()) &&
         std::ranges::all_of(name, [&](char letter) {
           return plain(letter) || kMarks.find(letter) != std::string_view::npos;
         });
}

std::string_view Name(CallerRole role) {
  constexpr std::array<std::string_view, 4> kNames = {"none", "viewer", "approver", "operator"};
  return kNames.at(static_cast<std::size_t>(role));
}

absl::Status Roles::Grant(std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::string_view who = text.substr(0, equals);
  const std::string_view name = equals == std::string_view::npos ? "" : text.substr(equals + 1);
  const auto role =
      std::ranges::find_if(kRoles, [&](CallerRole each) { return Name(each) == name; });
  if (!IsGrantee(who) || role == kRoles.end()) {
    return absl::InvalidArgumentError(
        "--role " + std::string(text) +
        ": write ACCOUNT=ROLE, @GROUP=ROLE, *=ROLE, cert:NAME=ROLE or cert:*=ROLE, with viewer, "
        "approver, operator or none");
  }
  granted_[std::string(who)] = *role;
  return absl::OkStatus();
}

CallerRole Roles::Of(const std::string& account, const std::vector<std::string>& groups) const {
  const auto granted = [&](const std::string& name, CallerRole otherwise) {
    const auto found = granted_.find(name);
    return found == granted_.end() ? otherwise : found->second;
  };
  const bool owns = account == owner_ || account == "root";
  CallerRole role = granted(account, owns ? CallerRole::kOperator : CallerRole::kNone);
  if (granted_.contains(account)) return role;  // said for this very account: groups do not add
  role = std::max(role, granted("*", CallerRole::kNone));
  for (const std::string& group : groups)
    role = std::max(role, granted('@' + group, CallerRole::kNone));
  return role;
}

CallerRole Roles::OfCertificate(const std::string& name) const {
  for (const std::string_view each : {std::string_view(name), std::string_view("*")}) {
    const auto found = granted_.find(std::string(kCertificateGrantee).append(each));
    if (found != granted_.end()) return found->second;
  }
  return CallerRole::kNone;
}

}  // namespace poolshift
