// MessageTemplate: text with fields such as {{summary}}, checked when it is loaded.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace poolshift {

class MessageTemplate {
 public:
  // InvalidArgument for a field that is not one of `names`, and for braces that are not closed.
  static absl::StatusOr<MessageTemplate> Parse(std::string_view text,
                                               std::span<const std::string_view> names);

  // `value` is asked for each field. What it gives is never read as a template.
  std::string Fill(const std::function<std::string(std::string_view name)>& value) const;

 private:
  // Text, then the field that follows it, "" after the last.
  std::vector<std::pair<std::string, std::string>> parts_;
};

}  // namespace poolshift
