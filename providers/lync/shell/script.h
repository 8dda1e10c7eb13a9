// The scripts: constant texts (../scripts), and the one way in which they are sent.
//
//   powershell -NoProfile -NonInteractive -EncodedCommand <base64 of UTF-16LE> (EncodedCommandLine)
//   stdin: base64 of the script, line end, base64 of the JSON arguments, line end (InputFor)
//
// The encoded command is always the same few words: it reads the script, which reads the arguments.
// So nothing that varies is ever part of a command line or of script text, whatever it contains,
// and no shell's limit for command lines (8,191 characters of cmd.exe) is met. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "controller/model/value.h"

namespace poolshift::lync {

// By name of the file without `.ps1`.
const std::map<std::string_view, std::string_view>& ScriptTexts();

// begin.ps1, the script, end.ps1. The script must exist.
std::string WholeScript(std::string_view name);

// UTF-8 as PowerShell wants it in -EncodedCommand. Invalid bytes become U+FFFD.
std::string EncodeCommand(std::string_view text);

const std::string& EncodedCommandLine();
std::string InputFor(std::string_view script, const Value& arguments);

}  // namespace poolshift::lync
