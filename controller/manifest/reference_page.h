// docs/manifest-reference.md, from the tables of schema.h.
#pragma once

#include <string>

namespace poolshift {

// The whole page in Markdown. A test compares it with the file in the tree.
std::string ManifestReferencePage();

}  // namespace poolshift
