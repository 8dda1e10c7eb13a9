// Reads the small part of YAML that nearly every manifest is written in, many times as fast as a
// whole parser: maps and lists by indentation, `{…}` and `[…]` within one line, words and quoted
// texts without escapes within one line, comments, `---`. Two parsers read this part alike, which
// is what the tests compare byte by byte; whatever else a text contains, even where it is no YAML,
// is left to them.
#pragma once

#include <optional>
#include <string_view>

#include "controller/yaml/tree.h"

namespace poolshift::yaml {

// The tree, or nothing when the text leaves that part anywhere.
// Comments may hold any bytes: where some are forbidden, look at them before.
std::optional<Tree> ReadPlainYaml(std::string_view text);

}  // namespace poolshift::yaml
