// The one script of the pages: they follow what happens without being loaded anew.
#pragma once

#include <string_view>

namespace poolshift::web {

inline constexpr std::string_view kLivePath = "/live.js";

// JavaScript. Replaces the content when it has changed, unless somebody is working in it or has
// turned following off (WCAG 2.2.2, and 3.2.5: no reload by the page itself); says what changed to
// who listens, and that the daemon does not answer to who watches. Everything can be read without
// it.
std::string_view LiveScript();

}  // namespace poolshift::web
