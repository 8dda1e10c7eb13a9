#include "controller/web/web_request.h"

#include <algorithm>

namespace poolshift {

std::string WebRequest::Header(std::string_view name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

std::string WebRequest::Field(std::string_view name) const {
  const auto found = std::find_if(
      form.begin(), form.end(), [name](const auto& field) { return field.first == name; });
  return found == form.end() ? "" : found->second;
}

}  // namespace poolshift
