// The text of an e-mail. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "controller/notify/event.h"

namespace poolshift::notify {

// How much of `text` fits into `most` bytes without a part of a letter at its end (UTF-8).
std::size_t WholeLetters(std::string_view text, std::size_t most);

// Headers and body (RFC 5322, MIME). What stands in a header stays in it: line ends and controls
// become spaces.
std::string LetterText(const Event& event,
                       const std::string& from,
                       const std::vector<std::string>& to,
                       const std::string& subject,
                       const std::string& body);

}  // namespace poolshift::notify
