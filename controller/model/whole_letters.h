// Cutting a text where no letter is parted.
#pragma once

#include <cstddef>
#include <string_view>

namespace poolshift {

// How much of `text` fits into `most` bytes without a part of a letter at its end (UTF-8).
std::size_t WholeLetters(std::string_view text, std::size_t most);

}  // namespace poolshift
