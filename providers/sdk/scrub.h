// Scrubbing: resolved secrets are replaced by "[secret]" in every text that leaves a provider:
// answers, progress, and what it writes to std::cerr, std::clog and std::cout. (What C code writes
// to descriptor 2 by itself is not seen.) The list is the process's, as its streams are.
// Thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace poolshift::sdk {

// From now on `secret`, and each word of it that is long enough to be a key (16 characters), is
// never shown.
void NeverShow(std::string_view secret);

// One word of a secret text is none itself, such as the name in a key statement: shown from now on,
// unless it is a secret by itself too. Only whoever understood the text may say so.
void MayBeShown(std::string_view word);

std::string Scrubbed(std::string_view text);

// Sends the C++ streams through the scrubber, a line at a time, to the provider's log. Once, at the
// start.
void ScrubStreams();

}  // namespace poolshift::sdk
