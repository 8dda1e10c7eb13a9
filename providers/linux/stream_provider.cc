#include "providers/linux/stream_provider.h"

#include <algorithm>

#include "absl/time/clock.h"

#include "controller/federation/kinds.h"
#include "controller/model/try.h"
#include "providers/linux/service_change.h"

namespace poolshift::linux_host {
namespace {

// After this many closings streams that stay are streams that come back.
constexpr int kClosings = 3;
constexpr absl::Duration kPatience = absl::Seconds(3);  // for one closing to be seen
constexpr absl::Duration kPause = absl::Milliseconds(200);

std::string NotKnown(const ResourceId& id) {
  return ToString(id) + ": the provider's `servers` do not say how to look there";
}

Observation Counted(std::int64_t count) {
  return Present(Value::Map{{"state", count > 0 ? "open" : "closed"}, {"count", count}});
}

}  // namespace

absl::StatusOr<std::vector<std::string>> PeerStreams::Domains(absl::Time deadline) {
  (void)deadline;
  return absl::UnimplementedError("it has no list of domains");
}

void StreamProvider::AddStreams(const Server& server,
                                const std::string& protocol,
                                const std::string& role,
                                std::unique_ptr<PeerStreams> streams) {
  sources_[server.machine.name() + '/' + protocol] = {role, std::move(streams)};
}

std::vector<KindSchema> StreamProvider::OwnKinds() const {
  if (sources_.empty()) return {};
  return {*kinds::FindKindSchema(kinds::kStreams)};
}

const StreamProvider::Source* StreamProvider::Find(const ResourceId& id) const {
  const Server* server = inventory().Find(ServerOf(id));
  if (server == nullptr) return nullptr;
  const auto found = sources_.find(server->machine.name() + '/' + LastPartOf(id));
  return found == sources_.end() ? nullptr : &found->second;
}

absl::StatusOr<std::vector<std::string>> StreamProvider::DomainsOf(const Server& server,
                                                                   absl::Time deadline) {
  const auto source = sources_.find(server.machine.name() + "/xmpp");
  if (source == sources_.end()) return absl::UnimplementedError("it carries no XMPP");
  const std::string& own_unit = server.services.at(source->second.role).unit;
  POOLSHIFT_ASSIGN(const Unit unit, server.systemd->Show(own_unit, deadline));
  // Nor is anybody asked who cannot answer: ejabberdctl takes its time to say so.
  if (!unit.exists() || StateOf(unit) != "running")
    return absl::UnavailableError(own_unit + " does not run on " + server.machine.name());
  return source->second.streams->Domains(deadline);
}

Observation StreamProvider::ObserveOwn(const ResourceId& id, Look* look, absl::Time deadline) {
  const Source* source = Find(id);
  if (source == nullptr || look == nullptr) return Unreachable(NotKnown(id));
  const auto service = look->server().services.find(source->role);
  if (service != look->server().services.end()) {
    const auto unit = look->server().systemd->Show(service->second.unit, deadline);
    if (!unit.ok()) return Unreachable(std::string(unit.status().message()));
    if (!unit->exists())
      return Absent(look->server().machine.name() + " has no unit " + service->second.unit);
    if (StateOf(*unit) == "stopped") return Counted(0);
  }
  const absl::StatusOr<std::int64_t> count = source->streams->Count(deadline);
  if (!count.ok()) return Unreachable(std::string(count.status().message()));
  return Counted(*count);
}

std::vector<std::string> StreamProvider::PreviewOwn(const Action& action) {
  const Source* source = Find(action.target);
  if (source == nullptr) return {"# " + NotKnown(action.target)};
  return source->streams->CloseCommands();
}

absl::Status StreamProvider::CloseAll(PeerStreams& streams, sdk::Call& call, bool& begun) const {
  std::int64_t left = 0;
  for (int closing = 0; closing < kClosings; ++closing) {
    if (call.cancelled()) return absl::CancelledError("cancelled between two closings");
    begun = true;
    POOLSHIFT_TRY(streams.Close(call.deadline()));
    const absl::Time until = std::min(call.deadline(), absl::Now() + kPatience);
    do {
      POOLSHIFT_ASSIGN(left, streams.Count(call.deadline()));
      if (left == 0) return absl::OkStatus();
      absl::SleepFor(kPause);
    } while (absl::Now() < until);
    call.Progress(std::to_string(left) + " streams are there again, or still");
  }
  return absl::InternalError("they were closed " + std::to_string(kClosings) + " times, and " +
                             std::to_string(left) +
                             " are there: partners are still led here; move the records first, or "
                             "stop the service");
}

sdk::Result StreamProvider::ApplyOwn(const Action& action, sdk::Call& call) {
  const Source* source = Find(action.target);
  const bool closes = action.after.StringOr("state", "") == "closed";
  if (source == nullptr || !closes) {
    sdk::Result refused;
    refused.outcome = source == nullptr ? sdk::Outcome::kFailed : sdk::Outcome::kUnsupported;
    refused.message = source == nullptr ? NotKnown(action.target)
                                        : "streams can be closed; who opens them is the partner";
    return refused;
  }
  bool begun = false;
  const absl::Status done = CloseAll(*source->streams, call, begun);
  // A refusal left them open. Who was told to close them and then gave no answer may do it yet.
  const bool goes_on = begun && (absl::IsUnavailable(done) || absl::IsCancelled(done));
  if (!done.ok()) return Failed(done, !goes_on);
  sdk::Result result;
  result.outcome = sdk::Outcome::kDone;
  result.observation = Counted(0);
  return result;
}

}  // namespace poolshift::linux_host
