#include "controller/model/resource_id.h"

#include "absl/status/status.h"

namespace poolshift {

std::string ToString(const ResourceId& id) { return id.kind + '/' + id.name; }

absl::StatusOr<ResourceId> ParseResourceId(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == text.size()) {
    return absl::InvalidArgumentError("`" + std::string(text) +
                                      "` is no resource: write KIND/NAME, such as SiteRoute/Site1");
  }
  return ResourceId{std::string(text.substr(0, slash)), std::string(text.substr(slash + 1))};
}

}  // namespace poolshift
