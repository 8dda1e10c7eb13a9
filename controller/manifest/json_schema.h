// The JSON Schema (draft 7) of one manifest document, for editors and other tools, from the tables
// of schema.h.
#pragma once

#include <string>

namespace poolshift {

// Pretty-printed, ends with a line end. It knows shapes; what only the whole input shows is left to
// AssembleOrganization.
std::string ManifestJsonSchema();

}  // namespace poolshift
