// FenceClaim and FenceAnswer: how a fence is raised (docs/provider-protocol.md 13).
#pragma once

#include <cstdint>
#include <string>

namespace poolshift {

struct FenceClaim {
  std::int64_t token = 0;  // 0: only asks
  // A word that no other lease has. Controllers with stores of their own can come to the same
  // token; it belongs to the lease that raised the fence to it.
  std::string lease = {};
};

struct FenceAnswer {
  std::int64_t greatest = 0;  // token seen, after raising; 0 = no fence, or nobody has written yet
  bool stood = false;         // the token claimed stood there before, and is not that lease's
  bool operator==(const FenceAnswer&) const = default;
};

// A fence as it stands.
struct StandingFence {
  std::int64_t token = 0;
  std::string lease = {};  // that raised it; "" = a change did, or nobody said
  bool operator==(const StandingFence&) const = default;

  // A change under `passed` was let through.
  void Pass(std::int64_t passed) {
    if (passed > token) *this = {passed, ""};
  }
  FenceAnswer Raise(const FenceClaim& claim) {
    const bool stood = claim.token != 0 && claim.token == token;
    const bool is_own = !claim.lease.empty() && claim.lease == lease;
    if (claim.token > token) *this = {claim.token, claim.lease};
    return {token, stood && !is_own};
  }
};

}  // namespace poolshift
