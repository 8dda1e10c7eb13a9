// Strict YAML for world files: text -> Value with every fault placed, and Value -> readable text
// that reads back to the same Value. A subset on purpose: one document, no anchors, aliases or
// tags, unique keys, at most 32 deep.
//
// Plain scalars `true`, `false`, decimal integers and `null`/`~`/nothing are what they look like,
// everything else (also `on`, `off`, `yes`, `1.5`) is a string; quoted scalars are always strings.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "controller/model/diagnostics.h"
#include "controller/model/value.h"

namespace poolshift::sim {

// Null after an error, which `out` then holds with its place in `file`.
Value ParseYaml(std::string_view text, std::string_view file, Diagnostics& out);

// Where each node of a valid text begins, by its path: keys and list indexes joined with '/'. The
// root's path is empty. Made only to place faults, so that reading a good file costs nothing for
// it.
std::map<std::string, Origin> NodePositions(std::string_view text, std::string_view file);

// Block style, two spaces a level, lists and maps of scalars on one line where they fit in 110
// columns.
std::string YamlText(const Value& value);

}  // namespace poolshift::sim
