#include "controller/engine/workspace.h"

#include <algorithm>
#include <filesystem>
#include <future>
#include <optional>

#include "absl/status/status.h"

#include "controller/engine/planning.h"
#include "controller/federation/allow_lists.h"
#include "controller/federation/observing.h"
#include "controller/model/try.h"
#include "controller/provider/lock_file.h"
#include "controller/provider/manual.h"
#include "controller/provider/plugin.h"
#include "controller/world/commit.h"

namespace poolshift {
namespace {

constexpr absl::Duration kObserveDeadline = absl::Seconds(60);
constexpr absl::Duration kPreviewDeadline = absl::Seconds(30);

// A provider that is away is a reason; anything else that it does wrong is an error.
bool IsAway(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status);
}

std::string FirstLine(std::string text) { return text.substr(0, text.find('\n')); }

}  // namespace

struct Workspace::Running {
  std::vector<std::unique_ptr<Provider>> plugins;  // ended after those that look through them
  std::vector<std::unique_ptr<Provider>> people;
  std::unique_ptr<Provider> eyes;  // for what stands in the declaration alone
  std::vector<LockFile> locks;     // all of them hold
  Clock* clock = nullptr;

  ~Running() { people.clear(); }
};

Workspace::Workspace() : running_(std::make_unique<Running>()) {}
Workspace::~Workspace() = default;

bool Workspace::is_pinned() const { return !running_->locks.empty(); }

absl::StatusOr<std::unique_ptr<Workspace>> Workspace::Open(const World& world,
                                                           const Options& options,
                                                           Diagnostics& diagnostics) {
  ManifestTexts manifests;
  if (options.texts.has_value()) {
    manifests = *options.texts;
  } else {
    POOLSHIFT_ASSIGN(manifests, ReadManifests(*world.files, options.paths));
  }
  LoadedOrganization loaded = ParseManifests(manifests);
  diagnostics.Append(std::move(loaded.diagnostics));
  if (diagnostics.has_errors()) return absl::InvalidArgumentError("the manifests have faults");
  std::unique_ptr<Workspace> workspace(new Workspace());
  workspace->organization_ = std::move(loaded.organization);
  workspace->manifests_ = std::move(manifests);
  workspace->state_directory_ = options.state_directory;
  workspace->base_directory_ = options.texts.has_value()
                                   ? options.base_directory
                                   : BaseDirectory(*world.files, options.paths);
  workspace->commit_ = options.texts.has_value()
                           ? options.commit
                           : CommitOf(*world.files, workspace->base_directory_);
  workspace->running_->clock = world.clock;
  POOLSHIFT_TRY(workspace->StartProviders(world, options, diagnostics));
  return workspace;
}

// What was committed is judged by what was committed with it; a lock file of this machine can only
// narrow that.
absl::Status Workspace::ReadLocks(const World& world,
                                  const Options& options,
                                  Diagnostics& diagnostics) {
  if (options.lock.has_value()) {
    absl::StatusOr<LockFile> lock = LockFile::Parse(options.lock->second, options.lock->first);
    if (!lock.ok()) {
      // A fault of the declaration, as one in a manifest would be.
      diagnostics.Error({}, std::string(lock.status().message()));
      return absl::InvalidArgumentError("the manifests have faults");
    }
    running_->locks.push_back(*std::move(lock));
  }
  if (options.texts.has_value() && !options.base_pins) return absl::OkStatus();
  POOLSHIFT_ASSIGN(std::optional<LockFile> lock, LockFile::Load(*world.files, base_directory_));
  if (lock.has_value()) running_->locks.push_back(*std::move(lock));
  return absl::OkStatus();
}

absl::Status Workspace::StartProviders(const World& world,
                                       const Options& options,
                                       Diagnostics& diagnostics) {
  POOLSHIFT_TRY(world.files->MakePrivateDirectory(state_directory_));
  POOLSHIFT_TRY(ReadLocks(world, options, diagnostics));
  if (organization_.providers.empty()) {
    diagnostics.Error(organization_.origin,
                      "no Provider is declared, so nothing can be observed",
                      "declare one, for instance `type: sim`");
    return absl::InvalidArgumentError("the manifests have faults");
  }
  POOLSHIFT_TRY(StartPlugins(world, options));
  StartPeople(world, options);
  for (const auto& [name, provider] : providers_) {
    POOLSHIFT_ASSIGN(descriptions_[name], provider->Describe());
  }
  OpenEyes(world, options);
  assignment_ = std::make_unique<Assignment>(organization_, offered());
  return absl::OkStatus();
}

OfferedKinds Workspace::offered() const {
  OfferedKinds offered;
  for (const auto& [name, description] : descriptions_) {
    for (const KindSchema& schema : description.kinds)
      offered[name].push_back(schema.kind);
  }
  return offered;
}

std::map<std::string, std::string> Workspace::programs() const {
  std::map<std::string, std::string> digests;
  for (const auto& [name, digest] : programs_)
    digests[name] = digest.get();
  return digests;
}

absl::Status Workspace::StartPlugins(const World& world, const Options& options) {
  using Started = absl::StatusOr<std::unique_ptr<Provider>>;
  std::map<std::string, std::future<Started>> starting;  // side by side
  for (const auto& [name, declared] : organization_.providers) {
    if (declared.type == "manual") continue;
    PluginOptions plugin;
    plugin.name = name;
    plugin.type = declared.type;
    plugin.plugin_directory = options.plugin_directory;
    plugin.locks = running_->locks;
    plugin.read_only = options.read_only;
    plugin.log = options.log;
    PluginConfiguration configuration;
    configuration.organization = organization_.name;
    configuration.configuration = declared.configuration;
    configuration.secrets = declared.secrets;
    configuration.base_directory = base_directory_;
    configuration.vantages = organization_.policy.vantages;
    configuration.state_directory =
        state_directory_ + "/providers/" + organization_.name + '.' + name;
    POOLSHIFT_TRY(world.files->MakePrivateDirectory(configuration.state_directory));
    POOLSHIFT_ASSIGN(PluginProgram program, FindPlugin(plugin));
    programs_[name] = program.digest;
    starting[name] = std::async(std::launch::async,
                                [&world, program = std::move(program), plugin, configuration] {
                                  return StartPlugin(world, program, plugin, configuration);
                                });
  }
  for (auto& [name, plugin] : starting) {
    POOLSHIFT_ASSIGN(auto started, plugin.get());
    providers_[name] = started.get();
    running_->plugins.push_back(std::move(started));
  }
  return absl::OkStatus();
}

void Workspace::StartPeople(const World& world, const Options& options) {
  for (const auto& [name, declared] : organization_.providers) {
    if (declared.type != "manual") continue;
    ManualOptions manual;
    manual.name = name;
    manual.read_only = options.read_only;
    // Validation has made sure that the eyes are a declared provider of another type.
    auto person =
        std::make_unique<Manual>(manual, *providers_.at(declared.observe_with), *world.clock);
    providers_[name] = person.get();
    running_->people.push_back(std::move(person));
  }
}

// No declared provider, so it is described and listed nowhere.
void Workspace::OpenEyes(const World& world, const Options& options) {
  NewestTexts newest = options.newest;
  const bool read_once = std::find(options.paths.begin(), options.paths.end(), "-") !=
                         options.paths.end();  // standard input is at its end
  if (options.texts.has_value() || read_once) {
    if (!newest) newest = [this]() -> absl::StatusOr<ManifestTexts> { return manifests_; };
  } else {
    newest = [files = world.files, paths = options.paths] { return ReadManifests(*files, paths); };
  }
  running_->eyes = std::make_unique<DeclarationEyes>(std::move(newest));
  providers_[std::string(kDeclarationEyes)] = running_->eyes.get();
}

absl::StatusOr<ObservedState> Workspace::Observe() {
  ObservedState observed;
  POOLSHIFT_TRY(ObserveAs(*assignment_, DesignationsToObserve(organization_), observed));
  POOLSHIFT_TRY(ObserveAs(*assignment_, DetailsToObserve(organization_, observed), observed));
  POOLSHIFT_TRY(ObserveAs(*assignment_, AllowListsToObserve(organization_), observed));
  return observed;
}

absl::Status Workspace::ObserveMore(const std::vector<ObservationKey>& keys,
                                    ObservedState& observed) {
  std::vector<ObservationKey> missing;
  for (const ObservationKey& key : keys)
    if (!observed.observations.contains(key)) missing.push_back(key);
  return ObserveAs(*assignment_, missing, observed);
}

absl::Status Workspace::ObserveAs(const Assignment& assignment,
                                  const std::vector<ObservationKey>& keys,
                                  ObservedState& observed) {
  std::map<std::string, std::vector<ObservationKey>> by_provider;
  for (const ObservationKey& key : keys)
    by_provider[assignment.ObserverOf(key)].push_back(key);
  using Answer = absl::StatusOr<std::vector<Observation>>;
  std::map<std::string, std::future<Answer>> answers;
  // Side by side; one alone needs no thread of its own.
  const std::launch launch = by_provider.size() > 1 ? std::launch::async : std::launch::deferred;
  for (const auto& [name, asked] : by_provider) {
    if (name.empty()) continue;
    Provider* provider = providers_.at(name);
    const std::vector<ObservationKey>* question = &asked;
    answers[name] = std::async(
        launch, [provider, question] { return provider->Observe(*question, kObserveDeadline); });
  }
  absl::Status problem;
  auto place = observed.observations.end();  // of the next one: most keys are asked for in order
  for (auto& [name, asked] : by_provider) {
    Answer answer = name.empty() ? absl::UnavailableError("no provider is responsible for it")
                                 : answers[name].get();
    if (!answer.ok() && !IsAway(answer.status()) && problem.ok()) problem = answer.status();
    for (std::size_t i = 0; i < asked.size(); ++i) {
      Observation seen;
      if (answer.ok()) {
        seen = std::move((*answer)[i]);
      } else {
        seen.reason = FirstLine(std::string(answer.status().message()));
      }
      seen.provider = name;
      seen.at = running_->clock->Now();
      place = std::next(
          observed.observations.insert_or_assign(place, std::move(asked[i]), std::move(seen)));
    }
  }
  return problem;
}

absl::StatusOr<Plan> Workspace::MakePlan(const ObservedState& observed,
                                         absl::Time now,
                                         const Preparation& preparation,
                                         Objective objective) {
  POOLSHIFT_ASSIGN(
      Plan plan,
      MakePlanWithinLimits(organization_, observed, *assignment_, now, preparation, objective));
  WarnOfUnfenced(organization_, unfenced(), plan);
  TellExport(exporters(), plan);
  POOLSHIFT_TRY(AddCommands(plan));
  return plan;
}

Unfenced Workspace::unfenced() const {
  Unfenced unfenced;
  for (const auto& [name, description] : descriptions_) {
    if (description.fenced) continue;
    std::string& text = unfenced[name];
    for (const std::string_view remark : description.remarks) {
      constexpr std::string_view kWord = "unfenced";
      if (remark.find(kWord) == std::string_view::npos) continue;
      // "unfenced: content hash only" goes on from the sentence; others are one of their own.
      text += remark.starts_with(kWord) ? std::string(remark.substr(kWord.size()))
                                        : "; " + std::string(remark);
    }
  }
  return unfenced;
}

absl::Status Workspace::AddCommands(Plan& plan) {
  std::map<std::string, std::vector<std::size_t>> by_provider;
  for (std::size_t i = 0; i < plan.actions.size(); ++i) {
    if (plan.actions[i].verb != Verb::kGate) by_provider[plan.actions[i].provider].push_back(i);
  }
  for (const auto& [name, positions] : by_provider) {
    std::vector<Action> actions;  // lent, not copied: there may be many
    actions.reserve(positions.size());
    for (const std::size_t position : positions)
      actions.push_back(std::move(plan.actions[position]));
    auto commands = providers_.at(name)->Preview(actions, kPreviewDeadline);
    for (std::size_t i = 0; i < positions.size(); ++i) {
      plan.actions[positions[i]] = std::move(actions[i]);
      if (commands.ok()) plan.actions[positions[i]].commands = std::move((*commands)[i]);
    }
    POOLSHIFT_TRY(commands.status());
  }
  return absl::OkStatus();
}

}  // namespace poolshift
