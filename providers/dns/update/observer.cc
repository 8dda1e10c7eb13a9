#include "providers/dns/update/observer.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "absl/time/clock.h"

#include "controller/federation/kinds.h"
#include "fmt/format.h"
#include "providers/dns/update/reader.h"

namespace poolshift::dns {
namespace {

constexpr std::size_t kMostThreads = 16;

using SetName = std::pair<std::string, std::string>;  // owner name, type

// What one server says of one zone.
struct ServerView {
  const Zone* zone = nullptr;
  const Endpoint* server = nullptr;
  std::string problem;  // why nothing was learned from it
  std::int64_t serial = 0;
  Guard guard;
  bool guard_known = false;
  std::map<SetName, Reading> sets;
};

// Servers that were not heard, so that each is waited for only once.
class Silence {
 public:
  std::string Of(const Endpoint& server) {
    const std::scoped_lock lock(mutex_);
    const auto found = problems_.find(server);
    return found == problems_.end() ? "" : found->second;
  }
  void Note(const Endpoint& server, const std::string& problem) {
    const std::scoped_lock lock(mutex_);
    problems_[server] = problem;
  }

 private:
  std::mutex mutex_;
  std::map<Endpoint, std::string> problems_;
};

class Look {
 public:
  Look(DnsTransport& transport, const Settings& settings, absl::Time deadline)
      : transport_(transport), settings_(settings), deadline_(deadline) {}

  void Fill(ServerView& view) {
    view.problem = silence_.Of(*view.server);
    if (!view.problem.empty()) return;
    const Reading soa = Read(view, {view.zone->name, "SOA"});
    if (!soa.answered) {
      view.problem = soa.problem;
      return;
    }
    view.serial = Serial(soa);
    if (view.zone->owned) {
      const Reading guard = Read(view, {GuardName(view.zone->name), "TXT"});
      view.guard_known = guard.answered;
      if (guard.set) view.guard = ReadGuard(guard.set->records);
    }
    for (auto& [name, reading] : view.sets)
      reading = Read(view, name);
  }

 private:
  static std::int64_t Serial(const Reading& soa) {
    std::int64_t serial = 0;
    if (!soa.set || soa.set->records[0].empty()) return serial;
    const std::string& text = soa.set->records[0][0];
    std::from_chars(text.data(), text.data() + text.size(), serial);
    return serial;
  }

  Reading Read(const ServerView& view, const SetName& name) {
    Reading reading;
    reading.problem = silence_.Of(*view.server);
    if (!reading.problem.empty()) return reading;
    reading = ReadSet(transport_,
                      {*view.zone, *view.server, name.first, name.second},
                      std::min(deadline_, absl::Now() + settings_.query_timeout));
    if (reading.silent) silence_.Note(*view.server, reading.problem);
    return reading;
  }

  DnsTransport& transport_;
  const Settings& settings_;
  const absl::Time deadline_;
  Silence silence_;
};

using Views = std::vector<ServerView>;

void FillAll(Look& look, Views& views) {
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < views.size(); i = next++)
      look.Fill(views[i]);
  };
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < std::min(views.size(), kMostThreads); ++i)
    threads.emplace_back(work);
  work();
}

// One server's answer about one record set, or null when it gave none; then `problem` says why.
const Reading* AnswerOf(const ServerView& view, const SetName& name, std::string& problem) {
  problem = view.problem;
  if (!problem.empty()) return nullptr;
  const Reading& reading = view.sets.at(name);
  problem = reading.problem;
  return reading.answered ? &reading : nullptr;
}

bool SameAnswer(std::string_view type, const Reading& a, const Reading& b) {
  if (a.alias != b.alias) return false;
  if (!a.set || !b.set) return a.set.has_value() == b.set.has_value();
  return SameSet(type, *a.set, *b.set);
}

// What the servers of a zone say of one record set, taken together.
struct Verdict {
  const ServerView* view = nullptr;  // the first that answered; null = none did
  const Reading* reading = nullptr;
  std::string problems;     // of those that did not
  std::string differences;  // between those that did
};

void Append(std::string& list, const std::string& item) {
  list += (list.empty() ? "" : "; ") + item;
}

Verdict Compare(const std::vector<const ServerView*>& views, const SetName& name) {
  Verdict verdict;
  std::string answers;
  bool differ = false;
  for (const ServerView* view : views) {
    std::string problem;
    const Reading* reading = AnswerOf(*view, name, problem);
    if (reading == nullptr) {
      Append(verdict.problems, problem);
      continue;
    }
    if (verdict.view == nullptr) {
      verdict.view = view;
      verdict.reading = reading;
    }
    differ = differ || !SameAnswer(name.second, *verdict.reading, *reading);
    Append(answers,
           fmt::format("{} has {} at serial {}",
                       ToString(*view->server),
                       reading->alias.empty() ? Describe(name.second, reading->set)
                                              : "an alias (CNAME) of " + reading->alias,
                       view->serial));
  }
  if (differ) verdict.differences = answers;
  return verdict;
}

bool IsAlias(const Reading& reading, std::string_view type) {
  return !reading.alias.empty() && (type == "A" || type == "AAAA");
}

Observation ToObservation(const Verdict& verdict, const SetName& name) {
  Observation observation;
  observation.at = absl::Now();
  if (verdict.view == nullptr) {
    observation.reason = verdict.problems;
    return observation;
  }
  std::string disagreement = verdict.differences;
  if (!verdict.problems.empty()) Append(disagreement, verdict.problems);
  const Reading& reading = *verdict.reading;
  if (!reading.set && IsAlias(reading, name.second)) {
    observation.presence = Presence::kPresent;
    observation.properties = Value::Map{{"records", Value::List{}},
                                        {"ttl", static_cast<std::int64_t>(reading.alias_ttl)},
                                        {"alias", reading.alias},
                                        {"serial", verdict.view->serial},
                                        {"disagreement", disagreement}};
    return observation;
  }
  if (!verdict.reading->set) {
    observation.presence = Presence::kAbsent;
    observation.reason = disagreement;
    return observation;
  }
  observation.presence = Presence::kPresent;
  Value::List records;
  for (std::string& text : Texts(name.second, verdict.reading->set->records)) {
    records.emplace_back(std::move(text));
  }
  Value::Map properties{{"records", std::move(records)},
                        {"ttl", static_cast<std::int64_t>(verdict.reading->set->ttl)},
                        {"serial", verdict.view->serial},
                        {"disagreement", disagreement}};
  if (verdict.view->zone->owned) {
    properties.emplace("owner", verdict.view->guard.OwnerOf(name.first, name.second));
    if (!verdict.view->guard_known) observation.unknown = {"owner"};
  }
  observation.properties = std::move(properties);
  return observation;
}

Observation Unreachable(std::string reason) {
  Observation observation;
  observation.at = absl::Now();
  observation.reason = std::move(reason);
  return observation;
}

struct Wanted {
  const Zone* zone = nullptr;
  SetName name;
  std::string problem;  // why it cannot be looked at here
};

Wanted Understand(const Settings& settings, const ObservationKey& key) {
  Wanted wanted;
  auto name = ParseSetName(key.id.name);
  if (key.id.kind != kinds::kDnsRecordSet) {
    wanted.problem = fmt::format("provider dns serves no resources of kind {}", key.id.kind);
  } else if (!key.vantage.empty()) {
    wanted.problem =
        fmt::format("provider dns has no vantage `{}`: it asks from where it runs", key.vantage);
  } else if (!name.ok()) {
    wanted.problem = std::string(name.status().message());
  } else {
    wanted.name = *std::move(name);
    wanted.zone = settings.ZoneOf(wanted.name.first);
    if (wanted.zone == nullptr) {
      wanted.problem = fmt::format("{} is in none of the declared zones", wanted.name.first);
    }
  }
  return wanted;
}

}  // namespace

std::vector<Observation> ObserveSets(DnsTransport& transport,
                                     const Settings& settings,
                                     const std::vector<ObservationKey>& keys,
                                     absl::Time deadline) {
  std::vector<Wanted> all;
  std::map<const Zone*, std::set<SetName>> by_zone;
  for (const ObservationKey& key : keys) {
    all.push_back(Understand(settings, key));
    if (all.back().problem.empty()) by_zone[all.back().zone].insert(all.back().name);
  }
  Views views;
  for (const auto& [zone, names] : by_zone) {
    for (const Endpoint& server : zone->servers) {
      views.emplace_back();
      views.back().zone = zone;
      views.back().server = &server;
      for (const SetName& name : names)
        views.back().sets[name];
    }
  }
  Look look(transport, settings, deadline);
  FillAll(look, views);
  std::map<const Zone*, std::vector<const ServerView*>> views_of;
  for (const ServerView& view : views)
    views_of[view.zone].push_back(&view);
  std::vector<Observation> observations;
  for (const Wanted& wanted : all) {
    observations.push_back(
        wanted.problem.empty()
            ? ToObservation(Compare(views_of[wanted.zone], wanted.name), wanted.name)
            : Unreachable(wanted.problem));
  }
  return observations;
}

Observation ObservePrimary(DnsTransport& transport,
                           const Settings& settings,
                           const ResourceId& id,
                           absl::Time deadline) {
  const Wanted wanted = Understand(settings, {id, ""});
  if (!wanted.problem.empty()) return Unreachable(wanted.problem);
  ServerView view;
  view.zone = wanted.zone;
  view.server = &wanted.zone->servers.front();
  view.sets[wanted.name];
  Look(transport, settings, deadline).Fill(view);
  Observation observation = ToObservation(Compare({&view}, wanted.name), wanted.name);
  if (observation.presence == Presence::kPresent) observation.unknown.push_back("disagreement");
  return observation;
}

}  // namespace poolshift::dns
