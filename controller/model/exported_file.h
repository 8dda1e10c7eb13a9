// ExportedFile: a part of what a provider saves before changes that could not be put back without
// it (D20).
#pragma once

#include <string>

namespace poolshift {

struct ExportedFile {
  std::string name;  // a plain file name: letters, digits, '.', '_', '-'
  std::string content;
};

}  // namespace poolshift
