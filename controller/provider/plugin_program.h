// PluginProgram: the file of a provider program, opened once. Its digest is that of the opened
// descriptor, and the same descriptor is executed, so that nobody can put another file in its place
// in between.
#pragma once

#include <array>
#include <future>
#include <string>

#include "absl/status/statusor.h"

#include "controller/world/descriptor.h"

namespace poolshift {

// Variables of the environment that every provider program may see: where programs are, language,
// time zone, and where Kerberos keeps its configuration, tickets and keys of this process (krb5).
inline constexpr std::array kOrdinaryVariables = {
    "PATH", "LANG", "LC_ALL", "TZ", "KRB5_CONFIG", "KRB5CCNAME", "KRB5_CLIENT_KTNAME"};

struct PluginProgram {
  std::string type;  // "dns"
  std::string path;  // for messages
  // SHA-256, 64 hexadecimal digits. The file is read when somebody first asks: what only looks and
  // has no lock file never does.
  std::shared_future<std::string> digest;
  Descriptor file;
};

// Where programs are when nobody says so: ../lib/poolshift/plugins beside the running program's
// folder when that exists (installed), else the folder of the running program (build tree).
std::string DefaultPluginDirectory();
// The folder of the program that runs.
std::string ProgramFolder();

// Opens DIRECTORY/poolshift-provider-TYPE. NotFound says where it was looked for; InvalidArgument
// when `type` is no name (a type is never a path) or the file is no program.
absl::StatusOr<PluginProgram> OpenPluginProgram(const std::string& directory,
                                                const std::string& type);

}  // namespace poolshift
