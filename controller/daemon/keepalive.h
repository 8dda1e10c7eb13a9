// How a far side that is gone without a word is found out, by daemon and caller alike.
#pragma once

namespace poolshift {

constexpr int kAliveMilliseconds = 60'000;    // of silence, then it is asked
constexpr int kSilenceMilliseconds = 20'000;  // without an answer, then it is gone

}  // namespace poolshift
