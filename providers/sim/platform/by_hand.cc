#include "providers/sim/platform/by_hand.h"

#include <iostream>

#include "absl/time/clock.h"

#include "providers/sim/platform/state_directory.h"
#include "providers/sim/world/change.h"
#include "providers/sim/world/edit.h"
#include "providers/sim/world/observe.h"
#include "providers/sim/world/world_file.h"
#include "providers/sim/world/yaml_tree.h"
#include <sys/stat.h>

namespace poolshift::sim {
namespace {

using Arguments = std::vector<std::string>;

constexpr std::string_view kUsage = R"(A simulated Lync organisation, by hand.

  poolshift-provider-sim world show WORLD [PATH]
      prints the world, or the part at PATH. WORLD is a world file or a state directory.
  poolshift-provider-sim world set STATEDIR PATH VALUE
      changes the running world behind the controller's back; VALUE is YAML, null removes.
  poolshift-provider-sim world observe WORLD KIND/NAME [VANTAGE]
      prints what the provider would observe.
  poolshift-provider-sim world init WORLDFILE STATEDIR
      makes a state directory from a world file.

PATH is keys joined with slashes:
  world set state edgePools/edgepool1.contoso.com/power off
  world set state edgePools/edgepool1.contoso.com/servers/edgeserver1a.contoso.com/power on
  world set state sites/Site1/xmpp edgepool2.contoso.com
  world set state dns/records/xmpp.contoso.com/A/records '[198.51.100.21]'
docs/sim.md lists the keys.
)";

bool IsDirectory(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

absl::StatusOr<std::unique_ptr<StateDirectory>> OpenToLook(const std::string& path) {
  if (IsDirectory(path)) return StateDirectory::Open({"", path, true}, absl::Now());
  return StateDirectory::Open({path, "", true}, absl::Now());
}

int Report(const absl::Status& status, std::ostream& err) {
  if (status.ok()) return 0;
  err << "error: " << status.message() << '\n';
  return 1;
}

int Show(const Arguments& arguments, std::ostream& out, std::ostream& err) {
  auto state = OpenToLook(arguments[1]);
  if (!state.ok()) return Report(state.status(), err);
  absl::Status found;
  const absl::Status looked = (*state)->Look(absl::Now(), [&](const World& world) {
    World settled = world;
    Settle(settled, absl::Now());
    const auto node = NodeAt(TreeOf(settled), arguments.size() > 2 ? arguments[2] : "");
    if (node.ok()) out << YamlText(*node);
    found = node.status();
  });
  return Report(looked.ok() ? found : looked, err);
}

int Set(const Arguments& arguments, std::ostream& out, std::ostream& err) {
  const auto& directory = arguments[1];
  if (!IsDirectory(directory)) {
    err << "error: " << directory
        << " is no state directory. A world file is changed with an editor; "
        << "`world init` makes a state directory from it\n";
    return 1;
  }
  Diagnostics faults;
  const Value value = ParseYaml(arguments[3], "VALUE", faults);
  if (faults.has_errors())
    return Report(absl::InvalidArgumentError(ToString(faults.items().front())), err);
  auto state = StateDirectory::Open({"", directory, false}, absl::Now());
  if (!state.ok()) return Report(state.status(), err);
  absl::Status edited;
  const absl::Status changed = (*state)->Change(absl::Now(), [&](World& world) {
    absl::StatusOr<World> after = Edited(world, arguments[2], value, absl::Now());
    edited = after.status();
    if (after.ok()) world = *std::move(after);
    return edited.ok();
  });
  const int exit = Report(changed.ok() ? edited : changed, err);
  if (exit == 0) out << arguments[2] << " is now " << DisplayText(value) << '\n';
  return exit;
}

int ShowObservation(const Arguments& arguments, std::ostream& out, std::ostream& err) {
  const auto id = ParseResourceId(arguments[2]);
  if (!id.ok()) return Report(id.status(), err);
  auto state = OpenToLook(arguments[1]);
  if (!state.ok()) return Report(state.status(), err);
  const absl::Status looked = (*state)->Look(absl::Now(), [&](const World& world) {
    const Observation seen =
        Observe(world, {*id, arguments.size() > 3 ? arguments[3] : ""}, absl::Now());
    if (seen.presence == Presence::kPresent) out << YamlText(seen.properties);
    if (seen.presence == Presence::kAbsent) out << "absent: " << seen.reason << '\n';
    if (seen.presence == Presence::kUnreachable) out << "unreachable: " << seen.reason << '\n';
  });
  return Report(looked, err);
}

int Init(const Arguments& arguments, std::ostream& out, std::ostream& err) {
  const auto& directory = arguments[2];
  if (!IsDirectory(directory) && mkdir(directory.c_str(), 0700) != 0) {
    return Report(absl::UnavailableError("cannot make the directory " + directory), err);
  }
  const auto state = StateDirectory::Open({arguments[1], directory, false}, absl::Now());
  if (!state.ok()) return Report(state.status(), err);
  out << "the world is in " << directory << '\n';
  if (!(*state)->remark().empty()) out << "note: " << (*state)->remark() << '\n';
  return 0;
}

}  // namespace

int RunByHand(const Arguments& arguments, std::ostream& out, std::ostream& err) {
  const std::string verb = arguments.empty() ? "" : arguments[0];
  const std::size_t count = arguments.size();
  if (verb == "--help" || verb == "help") {
    out << kUsage;
    return 0;
  }
  if (verb == "show" && (count == 2 || count == 3)) return Show(arguments, out, err);
  if (verb == "set" && count == 4) return Set(arguments, out, err);
  if (verb == "observe" && (count == 3 || count == 4)) return ShowObservation(arguments, out, err);
  if (verb == "init" && count == 3) return Init(arguments, out, err);
  err << (verb.empty() ? "error: what about the world?" : "error: not understood: world " + verb)
      << "\n\n"
      << kUsage;
  return 2;
}

}  // namespace poolshift::sim
