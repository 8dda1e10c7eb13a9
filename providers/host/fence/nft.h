// Nft: fences as nftables of a router holds them, in a table of our own:
//
//   table inet poolshift            nothing else is touched
//     set reset4, reset6            address . port that are answered with a TCP reset
//     set drop4, drop6              … that are not answered at all
//                                   each element with the time-out after which the kernel drops it
//     set fences4, fences6          the record: which fences there are and until when, as a
//     comment;
//                                   it stays when a fence has run out
//     chain fence                   prerouting, before address translation and routing
//
// Pure: texts in, texts out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "providers/host/fence/address.h"

namespace poolshift::host {

struct FenceState {
  std::string mode = "none";  // none | reset | drop
  std::string expires;        // RFC 3339 or empty, as it was put up with
  bool recorded = false;      // there is a record of it
};

// Of the output of `nft -j list table inet poolshift`. A fence stands when its element is in a set
// and the chain still has the rule for that set.
absl::StatusOr<FenceState> FenceIn(const std::string& json, const Address& address, int port);

// The transaction for `nft -f -` that puts `after` in the place of `before`. It fails as a whole
// when the record of the fence was made or removed by somebody else meanwhile. InvalidArgument: the
// fence would have run out before `now`. Without `now`, for a preview that must not change with the
// hour, the time-out is written as words.
absl::StatusOr<std::string> FenceScript(const Address& address,
                                        int port,
                                        const FenceState& before,
                                        const FenceState& after,
                                        std::optional<absl::Time> now);

}  // namespace poolshift::host
