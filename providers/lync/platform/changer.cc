#include "providers/lync/platform/changer.h"

#include <algorithm>
#include <map>

#include "absl/strings/escaping.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"

#include "controller/federation/kinds.h"
#include "controller/model/covers.h"
#include "providers/lync/platform/order.h"
#include "providers/lync/platform/show_server.h"
#include "providers/lync/text/console_text.h"
#include "providers/lync/text/json_value.h"

namespace poolshift::lync {
namespace {

constexpr absl::Duration kPause = absl::Milliseconds(500);

}  // namespace

using sdk::Outcome;
using sdk::Result;

Result Changer::Change(const Action& action, std::string_view key, sdk::Call& call) {
  if (call.cancelled())
    return Not(Outcome::kCancelled, "cancelled before it began; nothing was changed");
  const Order order{action, std::string(key), call};
  const std::string_view kind = action.target.kind;
  if (kind == kinds::kTopology) return Topology(order);
  if (kind == kinds::kSiteRoute) return SiteRoute(order);
  if (kind == kinds::kEnablement) return Enablement(order);
  if (kind == kinds::kEdgeAssociation) return Association(order);
  if (kind == kinds::kCentralStore) return CentralStore(order);
  if (kind == kinds::kEdgeService) return Service(order);
  if (kind == kinds::kEdgeComponents) return Components(order);
  if (kind == kinds::kStreams) return Streams(order);
  return Not(Outcome::kUnsupported, "kind " + std::string(kind) + " cannot be changed here");
}

Result Changer::Run(const Order& order, Shell& shell, Script script) {
  const Answer answer = RunChange(shell,
                                  {script.name,
                                   std::move(script.arguments),
                                   order.call.deadline(),
                                   order.key,
                                   &order.call,
                                   script.memo});
  return Judge(script.name, script.memo, shell, answer, &order.call);
}

Result Changer::Judge(std::string_view script,
                      const Value& memo,
                      const Shell& shell,
                      const Answer& answer,
                      sdk::Call* call) {
  if (script == "service") return JudgeService(answer);
  if (script == "bootstrapper") return JudgeBootstrapper(shell.name(), answer);
  if (script == "drain-sip") return JudgeDrain(answer, settings_.timeouts.drain);
  if (script != "enable") return JudgeWrite(memo, answer, call);
  if (answer.fault) return FailedWrite(*answer.fault);
  const absl::Status noted = books_.NoteEnabled();
  return noted.ok() ? Done() : Not(Outcome::kEffectUnknown, std::string(noted.message()));
}

std::optional<Result> Changer::Recall(std::string_view key) {
  for (const std::unique_ptr<Shell>& shell : machines_.shells) {
    const std::optional<Recalled> recalled = shell->Recall(key);
    if (!recalled) continue;
    if (absl::IsUnavailable(recalled->output.status()))
      return Not(Outcome::kEffectUnknown, std::string(recalled->output.status().message()), true);
    return Judge(
        recalled->script, recalled->memo, *shell, ReadAnswer(*shell, recalled->output), nullptr);
  }
  return std::nullopt;
}

Result Changer::WriteStore(const Order& order,
                           Shell& shell,
                           std::string_view script,
                           const Value& arguments,
                           bool enables,
                           Waiting else_waiting) {
  return Run(
      order,
      shell,
      {script, arguments, Value::Map{{"enables", enables}, {"waiting", Name(else_waiting)}}});
}

// Of {at, done, fault, before, after}: the write may have happened although something after it
// failed.
Result Changer::JudgeWrite(const Value& memo, const Answer& answer, sdk::Call* call) {
  if (answer.fault) return FailedWrite(*answer.fault);
  if (const Value* conflict = answer.value.Find("conflict")) {
    return Not(Outcome::kConflict,
               "the topology was published by somebody else after it was read (its SHA-256 is " +
                   DisplayText(*conflict) + " now); nothing was changed, plan again");
  }
  const auto at = Milliseconds(answer.value.StringOr("at", ""));
  const Value* fault = answer.value.Find("fault");
  const std::vector<std::string> done = TextsOf(answer.value.Find("done"));
  const bool failed = fault != nullptr && fault->is_map();
  if (failed && done.empty()) return FailedWrite(FaultOf(*fault));
  const bool changed = answer.value.StringOr("before", "") != answer.value.StringOr("after", "");
  const bool enabled = memo.BooleanOr("enables", false) && !failed;
  const absl::Status noted =
      books_.Note(at.value_or(1),
                  changed,
                  enabled ? Waiting::kNothing : WaitingOf(memo.StringOr("waiting", "")));
  if (!noted.ok() && call != nullptr) call->Progress(std::string(noted.message()));
  for (const std::string& step : done) {
    if (call != nullptr) call->Progress("done: " + step);
  }
  if (failed) {
    return Not(Outcome::kEffectUnknown,
               "it was begun (" + absl::StrJoin(done, ", ") +
                   ") and not finished: " + FaultOf(*fault).text);
  }
  return Done();
}

Result Changer::Topology(const Order& order) {
  const Facts store = LookAtStore(*machines_.admin, {"document"}, {}, order.call.deadline());
  const TopologyDocument* document = store.document();
  if (document == nullptr) return Not(Outcome::kFailed, store.Why("document"), true);
  TopologyChange change;
  if (auto conflict = PlanTopologyChange(order.action, *document, change))
    return *std::move(conflict);
  if (change.edits() && settings_.flags == FlagMode::kManual) {
    return Not(Outcome::kUnsupported,
               "with `flags: manual` the flags of Edge pools are set by a person in Topology "
               "Builder: give "
               "Topology to a provider of type `manual`; nothing was changed");
  }
  const absl::StatusOr<std::string> edited = document->WithFlags(change.flags);
  if (!edited.ok()) return Not(Outcome::kFailed, std::string(edited.status().message()));
  Value::List hops;
  for (const auto& [pool, hop] : change.hops)
    hops.emplace_back(Value::Map{{"edge", "EdgeServer:" + pool}, {"registrar", hop}});
  const std::string encoded = change.edits() ? absl::Base64Escape(*edited) : "";
  return WriteStore(order,
                    *machines_.admin,
                    "publish",
                    Value::Map{{"expected", document->digest()},
                               {"document", encoded},
                               {"backup", "poolshift-" + document->digest().substr(0, 16)},
                               {"hops", std::move(hops)}},
                    true,
                    Waiting::kDocument);
}

Result Changer::SiteRoute(const Order& order) {
  const Action& action = order.action;
  Value::Map arguments{{"site", action.target.name}, {"enable", HasMode(action, "closing")}};
  if (const Value* wanted = Changed(action, "federation")) {
    const Facts store = LookAtStore(*machines_.admin, {"document"}, {}, order.call.deadline());
    if (store.document() == nullptr) return Not(Outcome::kFailed, store.Why("document"), true);
    arguments["federation"] = InternalIdentity(*store.document(), wanted->string(), "EdgeServer");
  }
  if (const Value* wanted = Changed(action, "xmpp"))
    arguments["xmpp"] = wanted->string().empty() ? "" : "EdgeServer:" + wanted->string();
  return WriteStore(order,
                    *machines_.admin,
                    "set-site",
                    std::move(arguments),
                    HasMode(action, "closing"),
                    Waiting::kRoutes);
}

Result Changer::Enablement(const Order& order) {
  if (!order.action.after.BooleanOr("enabled", false))
    return Not(Outcome::kUnsupported, "what takes effect cannot be taken back by a command");
  return Run(order, *machines_.admin, {"enable", Value::Map{}});
}

Result Changer::Association(const Order& order) {
  const Action& action = order.action;
  const Facts store = LookAtStore(*machines_.admin, {"associations"}, {}, order.call.deadline());
  if (store.Find("associations") == nullptr)
    return Not(Outcome::kFailed, store.Why("associations"), true);
  Value::List services;
  for (const Value& service : ItemsOf(store.Find("associations"))) {
    if (FqdnOfIdentity(service.StringOr("identity", "")) != action.target.name) continue;
    if ((service.StringOr("role", "") == "Director") != HasMode(action, "director")) continue;
    services.emplace_back(Value::Map{{"role", service.StringOr("role", "")},
                                     {"identity", service.StringOr("identity", "")}});
  }
  if (services.empty())
    return Not(Outcome::kFailed, "no service of " + action.target.name + " can be associated");
  const std::string edge(action.after.StringOr("edgePool", ""));
  return WriteStore(order,
                    *machines_.admin,
                    "set-association",
                    Value::Map{{"services", std::move(services)},
                               {"edge", edge.empty() ? "" : "EdgeServer:" + edge},
                               {"enable", HasMode(action, "closing")}},
                    HasMode(action, "closing"),
                    Waiting::kRoutes);
}

Result Changer::CentralStore(const Order& order) {
  const std::string target(order.action.after.StringOr("activeMaster", ""));
  const bool force = HasMode(order.action, "disaster");
  const auto database = settings_.backup_databases.find(target);
  if (force && database == settings_.backup_databases.end()) {
    return Not(Outcome::kUnsupported,
               "with its master dead the store fails over to a named SQL server: add `backupSql." +
                   target + "` to the provider's configuration; nothing was changed");
  }
  // Any server of that pool that a session is declared for; its own topology says which those are.
  Shell* shell = nullptr;
  const Facts store = LookAtStore(*machines_.admin, {"document"}, {}, order.call.deadline());
  for (const auto& [name, server] : machines_.servers) {
    const bool member = store.document() != nullptr && store.document()->PoolOf(name) == target;
    if (member || (store.document() == nullptr &&
                   InPoolByOwnCopy(*server, name, target, order.call.deadline())))
      shell = server;
  }
  if (shell == nullptr) {
    return Not(Outcome::kUnsupported,
               "the store is failed over on a server of " + target +
                   ": declare one of them in `servers`; nothing was changed");
  }
  Value::Map arguments{{"force", force}};
  const BackupDatabase none;
  const BackupDatabase& how = force ? database->second : none;
  arguments["server"] = how.server;
  arguments["instance"] = how.instance;
  arguments["mirrorServer"] = how.mirror_server;
  arguments["mirrorInstance"] = how.mirror_instance;
  Result result =
      WriteStore(order, *shell, "fail-over-store", std::move(arguments), false, books_.waiting());
  if (result.outcome == Outcome::kDone) AwaitStore(order, *shell);
  return result;
}

void Changer::AwaitStore(const Order& order, const Shell& changed) {
  Shell& admin = *machines_.admin;
  if (!admin.by_hand() || &admin == &changed) return;
  admin.Outdate();
  std::string told;
  while (absl::Now() < order.call.deadline() && !order.call.cancelled()) {
    const Facts store = LookAtStore(admin, {"central"}, {}, order.call.deadline());
    if (store.Find("central") != nullptr) return;
    const std::string why = store.Why("central");
    if (why != told) order.call.Progress(why);
    told = why;
    absl::SleepFor(kPause);
  }
}

Shell* Changer::ServerShell(const std::string& server, Result& result) const {
  const auto found = machines_.servers.find(server);
  if (found != machines_.servers.end()) return found->second;
  result =
      Not(Outcome::kUnsupported, "no session is declared for " + server + "; nothing was changed");
  return nullptr;
}

Result Changer::Service(const Order& order) {
  const Action& action = order.action;
  Result result;
  Shell* shell = ServerShell(ServerOf(action.target.name), result);
  const auto key = ServiceOf(RestOf(action.target.name));
  if (shell == nullptr) return result;
  if (!key) return Not(Outcome::kUnsupported, "no such role");
  const Value* state = Changed(action, "state");
  const Value* mode = Changed(action, "startMode");
  Value::Map arguments = ServiceArguments(*key, settings_.timeouts);
  arguments["state"] = state == nullptr               ? ""
                       : state->string() == "running" ? "Running"
                       : state->string() == "stopped" ? "Stopped"
                                                      : "";
  arguments["mode"] = mode == nullptr                 ? ""
                      : mode->string() == "automatic" ? "Automatic"
                      : mode->string() == "manual"    ? "Manual"
                                                      : "Disabled";
  return Run(order, *shell, {"service", std::move(arguments)});
}

Result Changer::Components(const Order& order) {
  const std::string& server = order.action.target.name;
  Result result;
  Shell* shell = ServerShell(server, result);
  if (shell == nullptr) return result;
  const Facts store = LookAtStore(*machines_.admin, {"document"}, {}, order.call.deadline());
  if (store.document() == nullptr) return Not(Outcome::kFailed, store.Why("document"), true);
  order.call.Progress("Bootstrapper on " + server);
  return Run(
      order,
      *shell,
      {"bootstrapper", Value::Map{{"server", server}, {"expected", store.document()->digest()}}});
}

Result Changer::Streams(const Order& order) {
  const std::string server = ServerOf(order.action.target.name);
  Result result;
  Shell* shell = ServerShell(server, result);
  if (shell == nullptr) return result;
  if (RestOf(order.action.target.name) == "xmpp") {
    Value::Map arguments = ServiceArguments(*ServiceOf("xmppProxy"), settings_.timeouts);
    arguments["restart"] = true;
    order.call.Progress("restarting the XMPP proxy of " + server);
    return Run(order, *shell, {"service", std::move(arguments)});
  }
  const Facts own = LookAtServer(*shell, {"document"}, order.call.deadline());
  const auto machine = MachineOf(own, server);
  if (!machine || machine->outside.empty())
    return Not(Outcome::kFailed,
               "its own copy of the topology has no external address of " + server,
               true);
  return Run(order,
             *shell,
             {"drain-sip",
              Value::Map{{"inside", Value::List(machine->inside.begin(), machine->inside.end())},
                         {"outside", Value::List(machine->outside.begin(), machine->outside.end())},
                         {"seconds", absl::ToInt64Seconds(settings_.timeouts.drain)}}});
}

}  // namespace poolshift::lync
