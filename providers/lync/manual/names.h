// Names of the files in a folder of requests. A *base* is a name without its ending. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "providers/lync/shell/shell.h"

namespace poolshift::lync::manual {

// Whether a machine's name can be part of a file's.
bool IsPlain(std::string_view machine);

std::string LookBase(std::string_view machine);
// The same change has the same name.
std::string ChangeBase(std::string_view machine, const Errand& errand);

std::string RequestName(std::string_view base);
std::string AnswerName(std::string_view base);
// Of a request that was given up: nobody runs it any more, and an answer still counts.
std::string WithdrawnName(std::string_view base);

// The base of a change of `machine`; nothing when `name` is another file.
std::optional<std::string> BaseOfChange(std::string_view machine, std::string_view name);

}  // namespace poolshift::lync::manual
