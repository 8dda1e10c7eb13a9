#include "controller/cli/age.h"

namespace poolshift {

bool ParseAge(const std::string& text, absl::Duration& age) {
  const bool days = text.ends_with('d');
  const std::string hours = days ? text.substr(0, text.size() - 1) + 'h' : text;
  if (!absl::ParseDuration(hours, &age) || age <= absl::ZeroDuration()) return false;
  if (days) age *= 24;
  return true;
}

}  // namespace poolshift
