#include "controller/gitops/path_pattern.h"

#include <cstddef>
#include <vector>

namespace poolshift {

// Keeps, for one place in the pattern after the other, at which places of the path it can be.
bool FitsPathPattern(std::string_view path, std::string_view pattern) {
  std::vector<bool> at(path.size() + 1, false);
  at[0] = true;
  for (std::size_t i = 0; i < pattern.size();) {
    const std::string_view rest = pattern.substr(i);
    std::vector<bool> next(path.size() + 1, false);
    if (rest.starts_with("**/")) {
      // Nothing, or anything that ends with a slash.
      bool reached = false;
      for (std::size_t p = 0; p <= path.size(); ++p) {
        next[p] = at[p] || (reached && path[p - 1] == '/');
        reached = reached || at[p];
      }
      i += 3;
    } else if (rest.starts_with("**")) {
      bool reached = false;
      for (std::size_t p = 0; p <= path.size(); ++p)
        next[p] = reached = reached || at[p];
      i += 2;
    } else if (rest[0] == '*') {
      bool reached = false;
      for (std::size_t p = 0; p <= path.size(); ++p) {
        if (p > 0 && path[p - 1] == '/') reached = false;
        next[p] = reached = reached || at[p];
      }
      i += 1;
    } else {
      for (std::size_t p = 0; p < path.size(); ++p)
        next[p + 1] = at[p] && (path[p] == rest[0] || (rest[0] == '?' && path[p] != '/'));
      i += 1;
    }
    at.swap(next);
  }
  return at[path.size()];
}

}  // namespace poolshift
