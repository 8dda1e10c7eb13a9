// The text of an e-mail. Pure.
#pragma once

#include <string>
#include <vector>

#include "controller/notify/event.h"

namespace poolshift::notify {

// Headers and body (RFC 5322, MIME). What stands in a header stays in it: line ends and controls
// become spaces.
std::string LetterText(const Event& event,
                       const std::string& from,
                       const std::vector<std::string>& to,
                       const std::string& subject,
                       const std::string& body);

}  // namespace poolshift::notify
