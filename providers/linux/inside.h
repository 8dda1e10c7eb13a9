// Inside: what stands behind a service, where its server can tell (EdgeService, `waysInside`).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace poolshift::linux_host {

struct Ways {
  std::int64_t alive = 0;  // servers inside that it takes for alive
  std::string remark;      // those that it does not, for people; "" = there is none
  bool operator==(const Ways&) const = default;
};

class Inside {
 public:
  virtual ~Inside() = default;
  // Asked of a service that runs. Absent: it cannot tell. An error: it could not be asked.
  virtual absl::StatusOr<std::optional<Ways>> Look(absl::Time deadline) = 0;
  // Somebody declared that it can tell: of one that does not run it is unknown, not absent.
  virtual bool is_declared() const = 0;
};

}  // namespace poolshift::linux_host
