#include "controller/federation/resource_name.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_split.h"

#include "controller/federation/kinds.h"

namespace poolshift::kinds {
namespace {

// "<sip|xmpp>" names its values; those of roles and uses are known here. Empty: any.
std::vector<std::string> Allowed(const std::string& part) {
  if (part == "<role>") return {std::begin(kRoles), std::end(kRoles)};
  if (part == "<use>") return {"accessEdgeExternal", "internal", "sip", "xmpp"};
  if (part.find('|') == std::string::npos || part.size() < 2) return {};
  return absl::StrSplit(part.substr(1, part.size() - 2), '|');
}

}  // namespace

std::string NameFault(const ResourceId& id) {
  const std::string form = FindKindSchema(id.kind)->name_form;
  const std::vector<std::string> wanted = absl::StrSplit(form, '/');
  const std::vector<std::string> parts = absl::StrSplit(id.name, '/');
  const std::string is = "a name of the kind " + id.kind + " is `" + form + '`';
  const bool some_empty =
      std::any_of(parts.begin(), parts.end(), [](const auto& part) { return part.empty(); });
  if (parts.size() != wanted.size() || some_empty) return is;
  if (wanted.size() < 2) return "";
  const std::string& last = parts.back();
  if (wanted.back() == "<port>" && last.find_first_not_of("0123456789") != std::string::npos)
    return is + ", and `" + last + "` is no port";
  const std::vector<std::string> allowed = Allowed(wanted.back());
  if (allowed.empty() || std::count(allowed.begin(), allowed.end(), last) > 0) return "";
  std::string text = is + ", and `" + last + "` is none of ";
  for (std::size_t i = 0; i < allowed.size(); ++i)
    text += (i == 0 ? "" : ", ") + allowed[i];
  return text;
}

}  // namespace poolshift::kinds
