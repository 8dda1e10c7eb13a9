#include "controller/gitops/announcements.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "controller/engine/run.h"
#include "controller/gitops/kept_json.h"
#include "controller/model/digest.h"
#include "controller/report/change.h"

namespace poolshift {
namespace {

using notify::Event;

constexpr std::size_t kShortId = 12;
constexpr std::size_t kListed = 20;  // differences that one event lists

std::string Short(const std::string& id) { return id.substr(0, kShortId); }

// The same events have the same key, whenever and however often they are told.
std::string KeyOf(const std::string& name, const std::vector<std::string>& of) {
  std::string text;
  for (const std::string& each : of)
    text += each + '\n';
  constexpr std::size_t kDigits = 32;
  return name + ':' + Digest(text).substr(0, kDigits);
}

class Announcer {
 public:
  Announcer(const Snapshot& now, absl::Time at, Announced& told) : now_(now), told_(told) {
    base_.organization = now.organization == nullptr ? "" : now.organization->name;
    base_.at = at;
    base_.commit = now.commit;
  }

  std::vector<Event> Take() {
    Commits();
    if (now_.drift != nullptr && now_.error.empty()) Drift();
    if (now_.plan != nullptr) Plan();
    Runs();
    Readiness();
    CommitStatus();
    return std::move(events_);
  }

 private:
  // The same may come again later, and is then another event; told twice after a crash it is not.
  std::string NextKey(const std::string& name, std::vector<std::string> of) {
    of.push_back(std::to_string(++told_.events));
    return KeyOf(name, of);
  }

  Event& Add(std::string name, const std::vector<std::string>& of) {
    Event event = base_;
    event.key = NextKey(name, of);
    event.name = std::move(name);
    return events_.emplace_back(std::move(event));
  }

  std::string LastRun() const {
    return now_.runs.empty() ? "0" : std::to_string(now_.runs.front().run);
  }

  std::string Actions() const {
    return now_.plan == nullptr ? ""
                                : Count(static_cast<std::size_t>(now_.plan->mutations()), "action");
  }

  void Commits() {
    const std::string why = !now_.refused.empty() ? now_.refused : now_.faults;
    if (why == told_.refused) return;
    told_.refused = why;
    if (why.empty()) return;
    Event& event = Add("commit-refused", {now_.refused_commit, why});
    if (!now_.refused_commit.empty()) event.commit = now_.refused_commit;
    event.summary = (now_.refused_commit.empty() ? std::string("a newer declaration")
                                                 : "commit " + Short(now_.refused_commit)) +
                    " is not followed";
    event.details = why;
  }

  static std::string IdOf(const DriftEntry& entry) {
    return entry.fingerprint + '@' + std::to_string(absl::ToUnixSeconds(entry.first_seen));
  }

  void Drift() {
    std::vector<const DriftEntry*> found;
    std::set<std::string> standing;  // told or not, seen or not: it has not gone
    for (const DriftEntry& entry : now_.drift->entries) {
      const std::string id = IdOf(entry);
      standing.insert(id);
      if (!entry.acknowledged && !told_.drift.contains(id)) found.push_back(&entry);
    }
    for (const DriftEntry& entry : now_.drift->not_looked)
      standing.insert(IdOf(entry));
    std::vector<std::pair<std::string, std::string>> gone;
    for (const auto& [id, text] : told_.drift) {
      if (!standing.contains(id)) gone.emplace_back(id, text);
    }
    if (!gone.empty()) Cleared(gone);
    if (!found.empty()) Found(found);
  }

  static std::string List(const std::vector<std::string>& lines) {
    std::string text;
    for (std::size_t i = 0; i < std::min(lines.size(), kListed); ++i)
      text += (text.empty() ? "" : "\n") + lines[i];
    if (lines.size() > kListed)
      text += "\nand " + std::to_string(lines.size() - kListed) + " more: `poolshift drift`";
    return text;
  }

  void Found(const std::vector<const DriftEntry*>& found) {
    std::vector<std::string> ids, lines;
    for (const DriftEntry* entry : found) {
      ids.push_back(IdOf(*entry));
      lines.push_back(ToString(entry->resource) + ": " + entry->text + " (" + entry->impact + ')');
      told_.drift[ids.back()] = entry->text;
    }
    Event& event = Add("drift-found", ids);
    event.severity = found.front()->impact;  // the worst comes first
    event.summary =
        Count(found.size(), "difference") + ", " + event.severity + ": " + found.front()->text;
    event.details = List(lines);
  }

  void Cleared(const std::vector<std::pair<std::string, std::string>>& gone) {
    std::vector<std::string> ids, lines;
    for (const auto& [id, text] : gone) {
      ids.push_back(id);
      lines.push_back(text);
      told_.drift.erase(id);
    }
    Event& event = Add("drift-cleared", ids);
    event.summary =
        Count(gone.size(), "difference") + (gone.size() == 1 ? " is" : " are") + " gone, " +
        (now_.drift->entries.empty() ? "all is as declared"
                                     : std::to_string(now_.drift->entries.size()) + " stand");
    event.details = List(lines);
  }

  void Plan() {
    const bool waits = now_.ruling.kind == Ruling::Kind::kApproval;
    const std::string digest = waits ? now_.digest : "";
    if (digest == told_.waiting) return;
    told_.waiting = digest;
    if (!waits) return;
    Event& event = Add("plan-waiting", {digest});
    event.plan = digest;
    event.summary = "plan " + Short(digest) + " of " + Actions() + " waits for " +
                    (now_.ruling.approvals_missing == 1
                         ? std::string("one person")
                         : std::to_string(now_.ruling.approvals_missing) + " people") +
                    " to agree";
    std::vector<std::string> lines = now_.ruling.reasons;
    lines.push_back("poolshift approve " + Short(digest));
    event.details = List(lines);
  }

  void Runs() {
    const bool first = told_.run < 0;
    std::int64_t newest = std::max<std::int64_t>(told_.run, 0);
    // Oldest first; one that has not ended is told later, and so are those after it.
    for (auto run = now_.runs.rbegin(); run != now_.runs.rend(); ++run) {
      if (run->run <= told_.run) continue;
      if (run->ended == absl::InfiniteFuture()) break;
      newest = run->run;
      if (first) continue;
      const bool done = run->outcome == Name(RunOutcome::Code::kDone);
      Event& event = Add(done ? "applied" : "failed", {std::to_string(run->run)});
      event.run = std::to_string(run->run);
      event.plan = run->plan_digest;
      if (!run->commit.empty()) event.commit = run->commit;
      event.summary = "run " + event.run + " of plan " + Short(run->plan_digest) +
                      (done ? " is done" : " ended: " + run->outcome);
      event.details = "poolshift history show " + event.run;
    }
    told_.run = newest;
  }

  void Readiness() {
    if (now_.drill_changes == nullptr) return;
    const DrillChanges& changes = *now_.drill_changes;
    const std::int64_t looked_at = absl::ToUnixSeconds(changes.looked_at);
    if (looked_at <= told_.drill) return;
    told_.drill = looked_at;
    std::vector<std::string> names, lines;
    for (const DrillChange& change : changes.changes) {
      if (change.way != DrillChange::Way::kLost) continue;
      names.push_back("if " + change.kind + ' ' + change.name + " dies");
      for (const std::string& reason : change.appeared)
        lines.push_back(names.back() + ": " + reason);
    }
    if (names.empty()) return;
    Event& event = Add("readiness-lost", names);
    event.severity = "redundancy is lost";
    event.summary = "not ready any more " + names.front() +
                    (names.size() > 1 ? " and " + Count(names.size() - 1, "other death") : "");
    event.details = List(lines);
  }

  // "pending", "success", "failure", and why.
  std::pair<std::string, std::string> Standing() const {
    if (!now_.error.empty()) return {"error", "could not look: " + now_.error};
    if (now_.running) return {"pending", "plan " + Short(now_.digest) + " is carried out"};
    const std::string reason = now_.ruling.reasons.empty() ? "" : now_.ruling.reasons.front();
    const std::string actions = Actions();
    switch (now_.ruling.kind) {
      case Ruling::Kind::kNothing:
        return {"success", "as declared"};
      case Ruling::Kind::kReport:
        return {"success", "valid; would take " + actions + ", the policy only reports"};
      case Ruling::Kind::kRefused:
        return {"failure", "refused: " + reason};
      case Ruling::Kind::kRejected:
        return {"failure", "rejected: " + reason};
      case Ruling::Kind::kApproval:
      case Ruling::Kind::kPaused:
      case Ruling::Kind::kTime:
      case Ruling::Kind::kGo:
        break;
    }
    return {"pending",
            actions + ", " + std::string(Name(now_.ruling.kind)) +
                (reason.empty() ? "" : ": " + reason)};
  }

  void CommitStatus() {
    if (!now_.refused_commit.empty()) {
      const std::string& why = now_.refused.empty() ? now_.faults : now_.refused;
      Status(now_.refused_commit, "failure", "not followed: " + why.substr(0, why.find('\n')));
    } else if (!now_.commit.empty() && now_.plan != nullptr) {
      const auto [state, words] = Standing();
      Status(now_.commit, state, words);
    }
  }

  void Status(const std::string& commit, const std::string& state, const std::string& words) {
    Event event = base_;
    event.name = notify::kCommitStatusEvent;
    std::string standing = KeyOf(event.name, {commit, state, words, LastRun()});
    if (standing == told_.commit_status) return;
    event.key = NextKey(event.name, {standing});
    told_.commit_status = std::move(standing);
    event.commit = commit;
    event.state = state;
    event.summary = words;
    event.plan = now_.digest;
    events_.push_back(std::move(event));
  }

  const Snapshot& now_;
  Announced& told_;
  Event base_;
  std::vector<Event> events_;
};

constexpr std::size_t kLargest = std::size_t{64} << 20U;

std::string PathIn(const std::string& state_directory) {
  return state_directory + "/announced.json";
}

}  // namespace

std::vector<notify::Event> Announce(const Snapshot& now, absl::Time at, Announced& told) {
  return Announcer(now, at, told).Take();
}

absl::StatusOr<Announced> ReadAnnounced(Files& files, const std::string& state_directory) {
  const std::string path = PathIn(state_directory);
  const absl::StatusOr<std::string> text = files.Read(path, kLargest);
  if (absl::IsNotFound(text.status())) return Announced{};
  if (!text.ok()) return text.status();
  const nlohmann::json json = nlohmann::json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("drift") || !json["drift"].is_object() ||
      !json.contains("run") || !json["run"].is_number_integer()) {
    return absl::DataLossError(
        path + ": no record of what was told; remove it, and what stands now is told once more");
  }
  Announced told;
  for (const auto& [id, words] : json["drift"].items())
    told.drift[id] = words.is_string() ? words.get<std::string>() : "";
  told.waiting = TextIn(json, "waiting");
  told.refused = TextIn(json, "refused");
  told.commit_status = TextIn(json, "commit_status");
  told.run = json["run"].get<std::int64_t>();
  told.drill = NumberIn(json, "drill");
  told.events = NumberIn(json, "events");
  return told;
}

absl::Status WriteAnnounced(Files& files,
                            const std::string& state_directory,
                            const Announced& told) {
  const nlohmann::json json = {{"drift", told.drift},
                               {"waiting", told.waiting},
                               {"refused", told.refused},
                               {"commit_status", told.commit_status},
                               {"drill", told.drill},
                               {"events", told.events},
                               {"run", told.run}};
  return WriteKept(files, PathIn(state_directory), json);
}

}  // namespace poolshift
