#include "controller/cli/verbs.h"
#include "controller/manifest/json_schema.h"

namespace poolshift {
namespace {

ExitCode RunSchema(Session& session, const Arguments& /*arguments*/) {
  session.out << ManifestJsonSchema();
  return kExitOk;
}

}  // namespace

Command SchemaCommand() {
  Command command;
  command.name = "schema";
  command.summary = "print the JSON Schema of the manifests";
  command.text =
      "Prints the JSON Schema of one manifest document, with which editors complete and check "
      "manifests while they are written.";
  command.examples = {"poolshift schema > poolshift.schema.json"};
  command.run = RunSchema;
  return command;
}

}  // namespace poolshift
