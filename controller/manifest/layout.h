// The layout rules of `poolshift fmt`, on lines; format.cc checks that they kept the meaning.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace poolshift::manifest {

// Lines without their ends; the byte order mark and carriage returns are dropped.
std::vector<std::string> SplitLines(std::string_view text);

// The documents between `---` and `...` lines, without these lines and without empty documents. A
// `---` with more on its line starts a document that is kept as it is.
std::vector<std::vector<std::string>> SplitDocuments(const std::vector<std::string>& lines);

// Two spaces a level; spaces at line ends go; runs of empty lines become one. Text blocks (`|`,
// `>`) move as one.
std::vector<std::string> Reindent(const std::vector<std::string>& document);

// The top-level keys in the order apiVersion, kind, metadata, spec, each with the comments above
// it. The comments before the first key stay first. Unchanged when there are other keys.
std::vector<std::string> OrderKeys(const std::vector<std::string>& document);

}  // namespace poolshift::manifest
