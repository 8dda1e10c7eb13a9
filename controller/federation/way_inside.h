// WayInside: whether what comes to a server's accessEdge gets any further (rule k.5). A platform
// that can tell says how many servers inside it takes for alive (EdgeService, `waysInside`); most
// cannot, and say nothing.
#pragma once

#include <string>

#include "controller/federation/view.h"

namespace poolshift {

enum class WayInside {
  kNotTold,  // the platform does not say, or nobody looked: no ground for anything
  kUnread,   // it would say, and could not be asked
  kNone,     // it runs, and nobody inside lives
  kOpen,
};

WayInside WayInsideOf(const View& view, const std::string& server);

// ": " and what the provider remarked of the server's accessEdge, or "".
std::string RemarkOnInside(const View& view, const std::string& server);

}  // namespace poolshift
