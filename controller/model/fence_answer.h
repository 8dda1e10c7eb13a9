// FenceAnswer: what whoever raises a fence is told (docs/provider-protocol.md 13).
#pragma once

#include <cstdint>

namespace poolshift {

struct FenceAnswer {
  std::int64_t greatest = 0;  // token seen, after raising; 0 = no fence, or nobody has written yet
  // The token asked for stood there before. Controllers with stores of their own can come to the
  // same token; only the one that raised the fence to it may write under it.
  bool stood = false;
  bool operator==(const FenceAnswer&) const = default;
};

}  // namespace poolshift
