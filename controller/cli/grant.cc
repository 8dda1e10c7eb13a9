#include "controller/cli/grant.h"

#include <utility>
#include <vector>

#include "absl/status/status.h"

#include "controller/cli/program_output.h"
#include "controller/federation/records.h"
#include "controller/model/try.h"
#include "controller/provider/plugin_program.h"

namespace poolshift {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(10);

// What the program prints when it is called by hand with these words.
absl::StatusOr<std::string> GrantOf(const Session& session,
                                    const PluginProgram& program,
                                    std::vector<std::string> words) {
  POOLSHIFT_ASSIGN(const ProgramOutput output,
                   OutputOf(session, program, std::move(words), {}, kPatience));
  if (output.end == "exited with status 0") return output.text;
  return absl::InternalError(program.path + " did not print a grant: " + output.text);
}

bool IsInside(const std::string& name, const std::string& zone) {
  return name == zone || (name.size() > zone.size() + 1 && name.ends_with('.' + zone));
}

// NAME/TYPE of every record set that hosting may change in the zone.
std::vector<std::string> NamesIn(const Organization& organization, const std::string& zone) {
  std::vector<std::string> names;
  for (const ResourceId& id : RecordsToObserve(organization)) {
    const std::string owner = id.name.substr(0, id.name.rfind('/'));
    const bool is_remote_access = owner.starts_with("_sip._tls.");  // never changed (I-21)
    if (!is_remote_access && IsInside(owner, zone)) names.push_back(id.name);
  }
  return names;
}

}  // namespace

absl::StatusOr<std::string> GrantsOf(const Session& session,
                                     const Organization& organization,
                                     const ProviderDeclaration& provider) {
  POOLSHIFT_ASSIGN(const PluginProgram program,
                   OpenPluginProgram(session.plugin_directory, provider.type));
  const Value* tsig = provider.configuration.Find("tsig");
  const std::string key(tsig == nullptr ? "" : tsig->StringOr("name", ""));
  const Value* zones = provider.configuration.Find("zones");
  std::string text;
  if (zones == nullptr || !zones->is_list()) return text;
  for (const Value& zone : zones->list()) {
    const std::string name(zone.StringOr("zone", ""));
    const std::vector<std::string> names = NamesIn(organization, name);
    if (names.empty()) continue;
    for (const auto& [server, title] : {std::pair("bind", "BIND"), std::pair("knot", "Knot")}) {
      std::vector<std::string> words = {"grant", "--server", server, "--key", key, "--zone", name};
      words.insert(words.end(), {"--ownership", std::string(zone.StringOr("ownership", "txt"))});
      words.insert(words.end(), names.begin(), names.end());
      POOLSHIFT_ASSIGN(const std::string grant, GrantOf(session, program, std::move(words)));
      text += "\nWhat " + std::string(title) + " must allow for zone " + name + ":\n" + grant;
    }
  }
  return text;
}

}  // namespace poolshift
