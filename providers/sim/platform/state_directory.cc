#include "providers/sim/platform/state_directory.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "controller/model/digest.h"
#include "controller/model/try.h"
#include "providers/sim/world/change.h"
#include "providers/sim/world/world_file.h"
#include "providers/sim/world/yaml_tree.h"
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace poolshift::sim {
namespace {

constexpr std::string_view kStateName = "/world.state.yaml";

absl::Status Fault(const std::string& what, const std::string& path) {
  return absl::UnavailableError(what + ' ' + path + ": " + std::strerror(errno));
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

absl::Status WriteAll(int descriptor, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Fault("cannot write", path);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status ReplaceFile(const std::string& path, std::string_view text) {
  const std::string fresh = path + ".next";
  {
    const Descriptor file(open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (file.number() < 0) return Fault("cannot create", fresh);
    POOLSHIFT_TRY(WriteAll(file.number(), text, fresh));
    if (fsync(file.number()) != 0) return Fault("cannot flush", fresh);
  }
  if (rename(fresh.c_str(), path.c_str()) != 0) return Fault("cannot replace", path);
  const std::string folder = path.substr(0, path.rfind('/'));
  const Descriptor directory(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.number() < 0 || fsync(directory.number()) != 0)
    return Fault("cannot flush", folder);
  return absl::OkStatus();
}

// Changes whenever the file is replaced; empty when there is none.
std::string IdentityOf(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return "";
  return std::to_string(status.st_ino) + '/' + std::to_string(status.st_size) + '/' +
         std::to_string(status.st_mtim.tv_sec) + '.' + std::to_string(status.st_mtim.tv_nsec);
}

// Held until it is destroyed; there is none where nothing is written.
absl::StatusOr<std::unique_ptr<Descriptor>> KeepOthersOut(const std::string& directory) {
  if (directory.empty()) return nullptr;
  const std::string path = directory + "/lock";
  auto lock = std::make_unique<Descriptor>(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock->number() < 0) return Fault("cannot open", path);
  if (flock(lock->number(), LOCK_EX) != 0) return Fault("cannot lock", path);
  return lock;
}

absl::StatusOr<World> Parse(const std::string& text, const std::string& path, absl::Time now) {
  Diagnostics diagnostics;
  std::optional<World> world = ReadWorld(text, path, now, diagnostics);
  if (world) return *std::move(world);
  std::string faults;
  for (const Diagnostic& diagnostic : diagnostics.items()) {
    faults += (faults.empty() ? "" : "\n") + ToString(diagnostic);
  }
  return absl::InvalidArgumentError(faults);
}

}  // namespace

absl::StatusOr<std::string> ReadWholeFile(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return absl::NotFoundError("no file " + path);
  if (!S_ISREG(status.st_mode)) return absl::UnavailableError(path + " is no file");
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) return Fault("cannot read", path);
  return text;
}

absl::StatusOr<std::unique_ptr<StateDirectory>> StateDirectory::Open(Options options,
                                                                     absl::Time now) {
  auto state = std::unique_ptr<StateDirectory>(new StateDirectory(std::move(options)));
  POOLSHIFT_TRY(state->LoadFirst(now));
  return state;
}

std::string StateDirectory::StatePath() const {
  return options_.directory.empty() ? "" : options_.directory + std::string(kStateName);
}

absl::Status StateDirectory::LoadFirst(absl::Time now) {
  // Of two that begin at the same time one makes the state, and the other finds it: whoever was
  // stopped in between would put the beginning in place of what has happened since.
  POOLSHIFT_ASSIGN(const std::unique_ptr<Descriptor> lock,
                   KeepOthersOut(options_.read_only ? "" : options_.directory));
  POOLSHIFT_TRY(ReloadIfChanged(now));
  const bool kept = !seen_.empty();
  if (options_.world_file.empty()) {
    if (kept) return absl::OkStatus();
    return absl::NotFoundError(
        "no world in " + options_.directory +
        ": it has no world.state.yaml. `poolshift-provider-sim world init` makes one");
  }
  absl::StatusOr<std::string> text = ReadWholeFile(options_.world_file);
  if (!text.ok() && !kept) return text.status();
  if (kept) {
    if (text.ok() && Digest(*text) != world_.made_from) {
      remark_ = options_.world_file + " has changed since the state in " + options_.directory +
                " was made from it; the state is kept. Delete " + StatePath() + " to start over";
    }
    return absl::OkStatus();
  }
  POOLSHIFT_ASSIGN(world_, Parse(*text, options_.world_file, now));
  world_.made_from = Digest(*text);
  if (options_.read_only || options_.directory.empty()) return absl::OkStatus();
  Settle(world_, now);
  return Save();
}

absl::Status StateDirectory::ReloadIfChanged(absl::Time now) {
  const std::string path = StatePath();
  const std::string identity = path.empty() ? "" : IdentityOf(path);
  if (identity.empty() || identity == seen_) return absl::OkStatus();
  POOLSHIFT_ASSIGN(const std::string text, ReadWholeFile(path));
  POOLSHIFT_ASSIGN(world_, Parse(text, path, now));
  seen_ = identity;
  return absl::OkStatus();
}

absl::Status StateDirectory::Save() {
  const std::string path = StatePath();
  if (path.empty()) return absl::OkStatus();
  seen_.clear();  // until it is written, memory is ahead of the file
  POOLSHIFT_TRY(ReplaceFile(path, YamlText(TreeOf(world_))));
  seen_ = IdentityOf(path);
  return absl::OkStatus();
}

absl::Status StateDirectory::Look(absl::Time now, const std::function<void(const World&)>& look) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_TRY(ReloadIfChanged(now));
  look(world_);
  return absl::OkStatus();
}

absl::Status StateDirectory::Change(absl::Time now, const std::function<bool(World&)>& change) {
  if (options_.read_only) return absl::FailedPreconditionError("the world was opened read-only");
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(const std::unique_ptr<Descriptor> others, KeepOthersOut(options_.directory));
  POOLSHIFT_TRY(ReloadIfChanged(now));
  if (!change(world_)) return absl::OkStatus();
  return Save();
}

std::vector<int> StateDirectory::LoadFaultCounts() const {
  std::vector<int> counts;
  std::ifstream file(options_.directory + "/fault-counts");
  for (int count = 0; file >> count;)
    counts.push_back(count);
  return counts;
}

void StateDirectory::SaveFaultCounts(const std::vector<int>& counts) const {
  if (options_.read_only || options_.directory.empty()) return;
  std::ofstream file(options_.directory + "/fault-counts", std::ios::trunc);
  for (const int count : counts)
    file << count << '\n';
}

}  // namespace poolshift::sim
