#include "controller/store/run_store.h"

#include "controller/model/digest.h"

namespace poolshift {

std::string KeyAfter(const std::string& proposed, std::int64_t results) {
  return results == 0 ? proposed : Digest(proposed + '#' + std::to_string(results));
}

}  // namespace poolshift
