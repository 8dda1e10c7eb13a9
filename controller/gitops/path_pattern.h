// Patterns of paths inside a repository: `*` is any name or part of one, `?` one letter of a name,
// `**` any folders, none among them.
#pragma once

#include <string_view>

namespace poolshift {

// Whether all of `path` fits. Takes at most |pattern| × |path| steps. Pure.
bool FitsPathPattern(std::string_view path, std::string_view pattern);

}  // namespace poolshift
