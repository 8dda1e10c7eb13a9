#include "controller/cli/machine_check.h"

#include <cstdlib>
#include <vector>

#include "controller/cli/program_output.h"
#include "controller/model/try.h"
#include "controller/report/safe_text.h"

namespace poolshift {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(10);  // after its last line

void Pass(const char* name, std::vector<std::string>& environment) {
  const char* value = std::getenv(name);
  if (value != nullptr) environment.push_back(std::string(name) + '=' + value);
}

// Each line by itself, so that nothing in it can move a terminal's cursor.
std::string SafeLines(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out += "  " + SafeText(text.substr(at, end - at)) + '\n';
    at = end + 1;
  }
  return out;
}

}  // namespace

absl::StatusOr<MachineCheck> CheckByProgram(const Session& session,
                                            const Organization& organization,
                                            const ProviderDeclaration& provider,
                                            const std::string& folder) {
  POOLSHIFT_ASSIGN(const PluginProgram program,
                   OpenPluginProgram(session.plugin_directory, provider.type));
  std::vector<std::string> environment;
  for (const char* name : kOrdinaryVariables)
    Pass(name, environment);
  Value::Map secrets;
  for (const auto& [name, reference] : provider.secrets) {
    secrets[name] = reference.Reference();
    if (reference.scheme() == SecretRef::Scheme::kEnvironment)
      Pass(reference.locator().c_str(), environment);
  }
  const Value given = Value::Map{{"organization", organization.name},
                                 {"configuration", provider.configuration},
                                 {"secrets", std::move(secrets)},
                                 {"base", folder}};
  POOLSHIFT_ASSIGN(
      const ProgramOutput output,
      OutputOf(
          session, program, {"check", CanonicalText(given)}, std::move(environment), kPatience));
  return MachineCheck{SafeLines(output.text), output.end == "exited with status 0"};
}

}  // namespace poolshift
