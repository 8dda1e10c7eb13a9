#include "controller/apply/action_key.h"

#include "controller/model/digest.h"

namespace poolshift {

std::string ActionKey(std::string_view organization,
                      const Action& action,
                      std::string_view before_revision) {
  // Each part's length goes first: no two lists of parts share a text.
  std::string content;
  const auto append = [&content](std::string_view part) {
    content += std::to_string(part.size()) + ':';
    content += part;
  };
  append(organization);
  append(ToString(action.target));
  append(Name(action.verb));
  append(before_revision);
  append(CanonicalText(action.after));
  return Digest(content);
}

}  // namespace poolshift
