#include "controller/model/message_template.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace poolshift {
namespace {

std::string Listed(std::span<const std::string_view> names) {
  std::string list;
  for (const std::string_view name : names)
    list += (list.empty() ? "" : ", ") + std::string(name);
  return list;
}

}  // namespace

absl::StatusOr<MessageTemplate> MessageTemplate::Parse(std::string_view text,
                                                       std::span<const std::string_view> names) {
  MessageTemplate made;
  while (true) {
    const std::size_t open = text.find("{{");
    if (open == std::string_view::npos) {
      made.parts_.emplace_back(std::string(text), "");
      return made;
    }
    const std::size_t close = text.find("}}", open);
    if (close == std::string_view::npos)
      return absl::InvalidArgumentError("`{{` is not closed by `}}`");
    std::string name(text.substr(open + 2, close - open - 2));
    absl::StripAsciiWhitespace(&name);
    if (std::find(names.begin(), names.end(), name) == names.end())
      return absl::InvalidArgumentError("there is no field {{" + name + "}}; there is " +
                                        Listed(names));
    made.parts_.emplace_back(std::string(text.substr(0, open)), name);
    text.remove_prefix(close + 2);
  }
}

std::string MessageTemplate::Fill(const std::function<std::string(std::string_view)>& value) const {
  std::string text;
  for (const auto& [before, name] : parts_) {
    text += before;
    if (!name.empty()) text += value(name);
  }
  return text;
}

}  // namespace poolshift
