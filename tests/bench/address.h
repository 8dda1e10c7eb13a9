// The public address of an Edge server of a generated organisation.
#pragma once

#include <string>

namespace poolshift::bench {

// In 198.18.0.0/15, two a site: `site` counts from 1, `server` is 0 or 1.
std::string Address(int site, int server);

}  // namespace poolshift::bench
