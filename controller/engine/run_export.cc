// The export before the first write to the central store: intents wait for it.
#include "absl/status/status.h"

#include "controller/engine/run_loop.h"
#include "controller/model/try.h"

namespace poolshift {
namespace {

constexpr absl::Duration kExportDeadline = absl::Minutes(10);

}  // namespace

bool RunLoop::WaitsForExport(const effect::RecordIntent& effect) {
  const Action& subject = action(effect.action);
  const auto exporter = options_.exporters.find(subject.provider);
  if (!IsCentralStoreWrite(subject) || exporter == options_.exporters.end()) return false;
  const auto [known, first] = savings_.try_emplace(exporter->second);
  Saving& saving = known->second;
  if (saving.ended && saving.status.ok()) return false;
  if (saving.ended) {
    answers_.push_back(event::RecordFailed{effect.ticket, saving.status});
    return true;
  }
  saving.waiting.push_back(effect);
  if (!first) return true;
  context_.observer.Remark(exporter->second +
                           " saves configuration and topology before the first write to the "
                           "central store");
  errands_.Post([name = exporter->second,
                 provider = ProviderNamed(exporter->second)](const Errands::Tell& tell) {
    tell(ExportEnded{name, provider->Export(kExportDeadline)});
  });
  return true;
}

absl::Status RunLoop::Keep(const ExportEnded& ended) {
  if (!ended.files.ok()) return ended.files.status();
  RealFiles real;
  Files& files = context_.files != nullptr ? *context_.files : real;
  const std::string folder =
      options_.export_directory + "/run-" + std::to_string(run_) + '/' + ended.provider;
  POOLSHIFT_ASSIGN(const std::string lines, KeepExport(files, folder, *ended.files));
  POOLSHIFT_TRY(context_.store.RecordEvent(
      state_.plan->organization,
      {"export", run_, options_.holder.who, "saved in " + folder, lines, Now()}));
  context_.observer.Remark("configuration and topology are saved in " + folder);
  return absl::OkStatus();
}

void RunLoop::TakeExport(const ExportEnded& ended) {
  Saving& saving = savings_[ended.provider];
  saving.ended = true;
  const absl::Status kept = Keep(ended);
  if (!kept.ok()) {
    saving.status = absl::UnavailableError(
        "configuration and topology could not be saved first (D20), so the central store was not "
        "written to: " +
        std::string(kept.message()));
  }
  for (const effect::RecordIntent& effect : saving.waiting) {
    if (!state_.awaited.contains(effect.ticket)) continue;  // given up meanwhile
    if (kept.ok()) {
      Record(effect);
    } else {
      answers_.push_back(event::RecordFailed{effect.ticket, saving.status});
    }
  }
  saving.waiting.clear();
}

}  // namespace poolshift
