#include "controller/manifest/manifest.h"

namespace poolshift {

bool IsManifestName(std::string_view file_name) {
  const std::size_t slash = file_name.rfind('/');
  if (slash != std::string_view::npos) file_name.remove_prefix(slash + 1);
  if (file_name.empty() || file_name[0] == '.') return false;
  const std::size_t dot = file_name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  const std::string_view ending = file_name.substr(dot);
  return ending == ".yaml" || ending == ".yml";
}

}  // namespace poolshift
