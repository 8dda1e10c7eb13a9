// Text inside XML and HTML, wherever it came from: made safe (safe_text.h), then escaped so that it
// is neither markup nor the end of an attribute, nor a character that XML 1.0 forbids.
#pragma once

#include <string>
#include <string_view>

namespace poolshift {

std::string MarkupText(std::string_view text);

}  // namespace poolshift
