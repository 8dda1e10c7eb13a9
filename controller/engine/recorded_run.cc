#include "controller/engine/recorded_run.h"

#include <map>

#include "controller/model/try.h"

namespace poolshift {

absl::StatusOr<RecordedRun> ReadRun(Store& store, std::string_view organization, std::int64_t run) {
  RecordedRun recorded;
  POOLSHIFT_ASSIGN(recorded.run, store.Run(organization, run));
  POOLSHIFT_ASSIGN(
      recorded.file,
      DecodePlanFile(recorded.run.plan_file, "the plan of run " + std::to_string(run)));
  POOLSHIFT_ASSIGN(const auto attachments, store.Attachments(organization, run));
  std::map<std::string, const Attachment*> manifests;
  for (const Attachment& attachment : attachments) {
    if (attachment.role == "manifest") manifests[attachment.name] = &attachment;
    if (attachment.role != "inputs") continue;
    POOLSHIFT_ASSIGN(recorded.file.inputs, DecodeInputs(attachment.content));
  }
  if (recorded.file.inputs.has_value()) {
    for (auto& [name, content] : recorded.file.inputs->manifests) {
      const auto kept = manifests.find(name);
      if (kept != manifests.end()) content = kept->second->content;
    }
  }
  POOLSHIFT_ASSIGN(recorded.intents, store.Intents(organization, run));
  POOLSHIFT_ASSIGN(recorded.results, store.Results(organization, run));
  POOLSHIFT_ASSIGN(recorded.evidence, store.Evidence(organization, run));
  POOLSHIFT_ASSIGN(recorded.events, store.Events(organization, run));
  return recorded;
}

}  // namespace poolshift
