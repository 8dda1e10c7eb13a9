#include "controller/federation/loss_window.h"

#include <algorithm>
#include <functional>
#include <map>
#include <queue>
#include <string>
#include <utility>
#include <vector>

namespace poolshift {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

class Windows {
 public:
  explicit Windows(const std::vector<Action>& actions) : actions_(actions) {
    for (std::size_t i = 0; i < actions.size(); ++i)
      places_[actions[i].id] = i;
  }

  // A host that has lost its route accepts what it cannot deliver, until its listener closes; then
  // messages bounce, until its name leads to the new one.
  void OfXmpp(const Move& move, std::int64_t former_ttl, Diagnostics& warnings) const {
    const std::size_t stop = FindStop(move);
    const std::size_t last = FindLast([](const Action& action) {
      return action.verb == Verb::kGate && action.target.kind == kinds::kDnsRecordSet &&
             action.target.name.starts_with("xmpp of ");
    });
    const std::size_t route = FindRoute("xmpp");
    const std::size_t answers = FindProbe(*move.to, Protocol::kXmpp);
    const bool routed_too_soon = route != kNone && answers != kNone && route < answers;
    const bool closes = stop != kNone && last != kNone;
    if (!closes || stop > last) {
      if (routed_too_soon) OfUnservedRoutes(route, answers, warnings);
      if (closes) OfServingToTheEnd(stop, routed_too_soon ? answers : kNone, warnings);
      return;
    }
    const std::size_t first = std::min(route, stop);
    std::string text = "expected loss window of XMPP: " + Span(first, last);
    if (first < stop) {
      text += "; until #" + std::to_string(stop + 1) +
              " the former host may accept what it cannot deliver";
    }
    if (routed_too_soon) {
      text += ", and until #" + std::to_string(answers + 1) + " routes lead to a host that " +
              "is not seen to answer";
    }
    text += "; then, until partners' resolvers forget the former records, their messages bounce";
    const bool waits = actions_[last].gate->hold > absl::ZeroDuration();
    if (former_ttl > 0 && !waits)
      text += ", for up to " + absl::FormatDuration(absl::Seconds(former_ttl)) + " after the move";
    constexpr std::int64_t kShort = 60;
    warnings.Warning({},
                     text + " (D9)",
                     former_ttl > kShort
                         ? "lower the TTL beforehand (`--phase prepare`), and move in a quiet hour"
                         : "move in a quiet hour");
  }

  // The page's order, one publish for flag and routes, or roles that must come late (D2).
  void OfUnservedRoutes(std::size_t route, std::size_t answers, Diagnostics& warnings) const {
    warnings.Warning({},
                     "expected loss window of XMPP: " + Span(route, answers) +
                         "; routes lead to a host that is not seen to answer (D2, D9)",
                     "move in a quiet hour");
  }

  // The former host serves until nobody is led there: what is lost, if anything, is under way when
  // its streams close. That nothing is was never proved. `since`: from when on, unless always.
  void OfServingToTheEnd(std::size_t first, std::size_t since, Diagnostics& warnings) const {
    const std::string when =
        since == kNone ? "before" : "from #" + std::to_string(since + 1) + " to";
    warnings.Note({},
                  "expected loss window of XMPP: none " + when + " #" + std::to_string(first + 1) +
                      " (" + actions_[first].title +
                      "), and then at most what is under way on the streams that close; no loss at "
                      "all is not proved (D9)");
  }

  // From the first route or flag that leaves the former host until the new one is seen to answer:
  // what stands in between (replicas, installations) is what outbound SIP waits for.
  void OfSip(const Move& move, Diagnostics& warnings) const {
    const std::size_t first =
        std::min(FindRoute("federation"),
                 FindFirst([&](const Action& each) { return TakesSipFlag(each, move); }));
    const std::size_t last = FindProbe(*move.to, Protocol::kSip);
    if (first == kNone || last == kNone) return;
    if (last < first) {
      warnings.Note({},
                    "expected loss window of SIP, outbound: none, the new host is seen to answer "
                    "before a route leaves the former one; no loss at all is not proved (D10)");
      return;
    }
    warnings.Warning({}, "expected loss window of SIP, outbound: " + Span(first, last) + " (D10)");
  }

 private:
  template <typename Is>
  std::size_t FindFirst(const Is& is) const {
    const auto found = std::find_if(actions_.begin(), actions_.end(), is);
    return found == actions_.end() ? kNone : static_cast<std::size_t>(found - actions_.begin());
  }

  template <typename Is>
  std::size_t FindLast(const Is& is) const {
    const auto found = std::find_if(actions_.rbegin(), actions_.rend(), is);
    return found == actions_.rend()
               ? kNone
               : actions_.size() - 1 - static_cast<std::size_t>(found - actions_.rbegin());
  }

  // The first that takes a site's route away from where it leads; `member` says of which protocol.
  std::size_t FindRoute(std::string_view member) const {
    const auto leaves = [&](const ResourceId& target, const Value& before, const Value& after) {
      if (target.kind != kinds::kSiteRoute || before.is_null() || after.is_null()) return false;
      const std::string_view route = before.StringOr(member, "");
      return !route.empty() && after.StringOr(member, route) != route;
    };
    return FindFirst([&](const Action& action) {
      return leaves(action.target, action.before, action.after) ||
             std::any_of(action.also.begin(), action.also.end(), [&](const JointChange& change) {
               return leaves(change.target, change.before, change.after);
             });
    });
  }

  // The host is seen to answer at every address.
  std::size_t FindProbe(const EdgePool& host, Protocol protocol) const {
    const std::string name = host.fqdn + '/' + std::to_string(Port(protocol));
    return FindLast([&](const Action& action) {
      return action.verb == Verb::kGate && action.target.kind == kinds::kReachability &&
             action.target.name == name;
    });
  }

  // The former host's listener or its streams.
  std::size_t FindStop(const Move& move) const {
    const std::vector<const EdgePool*> former = move.Former();
    return FindFirst([&](const Action& action) {
      return action.verb == Verb::kStop &&
             std::any_of(former.begin(), former.end(), [&](const EdgePool* pool) {
               return std::any_of(
                   pool->servers.begin(), pool->servers.end(), [&](const EdgeServer& server) {
                     return action.target == kinds::EdgeService(server.fqdn, "xmppProxy") ||
                            action.target == kinds::Streams(server.fqdn, "xmpp");
                   });
             });
    });
  }

  static bool HasSipFlag(const Value& topology, const std::string& fqdn) {
    const Value* pools = topology.is_null() ? nullptr : topology.Find("pools");
    const Value* pool = pools == nullptr ? nullptr : pools->Find(fqdn);
    return pool != nullptr && pool->BooleanOr("federation", false);
  }

  static bool TakesSipFlag(const Action& action, const Move& move) {
    if (action.target.kind != kinds::kTopology || action.verb == Verb::kGate) return false;
    const std::vector<const EdgePool*> former = move.Former();
    return std::any_of(former.begin(), former.end(), [&](const EdgePool* pool) {
      return HasSipFlag(action.before, pool->fqdn) && !HasSipFlag(action.after, pool->fqdn);
    });
  }

  // When each action is done, by the estimates: a lock goes to whoever was ready for it first, as
  // in a run.
  std::vector<absl::Duration> Finished() const {
    std::vector<std::vector<std::size_t>> follow(actions_.size());
    std::vector<std::size_t> awaited(actions_.size());
    using Ready = std::pair<absl::Duration, std::size_t>;
    std::priority_queue<Ready, std::vector<Ready>, std::greater<>> ready;
    for (std::size_t i = 0; i < actions_.size(); ++i) {
      for (const ActionId& need : actions_[i].needs) {
        const auto place = places_.find(need);
        if (place == places_.end()) continue;
        follow[place->second].push_back(i);
        ++awaited[i];
      }
      if (awaited[i] == 0) ready.emplace(absl::ZeroDuration(), i);
    }
    std::vector<absl::Duration> finished(actions_.size(), absl::ZeroDuration());
    std::vector<absl::Duration> begin(actions_.size(), absl::ZeroDuration());
    std::map<std::string, absl::Duration> free;
    while (!ready.empty()) {
      auto [start, at] = ready.top();
      ready.pop();
      for (const std::string& lock : actions_[at].locks)
        start = std::max(start, free[lock]);
      finished[at] = start + actions_[at].duration;
      for (const std::string& lock : actions_[at].locks)
        free[lock] = finished[at];
      for (const std::size_t next : follow[at]) {
        begin[next] = std::max(begin[next], finished[at]);
        if (--awaited[next] == 0) ready.emplace(begin[next], next);
      }
    }
    return finished;
  }

  std::string Span(std::size_t first, std::size_t last) const {
    const std::vector<absl::Duration> finished = Finished();
    const absl::Duration length = std::max(
        finished[last] - (finished[first] - actions_[first].duration), absl::ZeroDuration());
    return "from #" + std::to_string(first + 1) + " (" + actions_[first].title + ") to #" +
           std::to_string(last + 1) + " (" + actions_[last].title + "), about " +
           absl::FormatDuration(absl::Ceil(length, absl::Seconds(1))) + " by the estimates";
  }

  const std::vector<Action>& actions_;
  std::map<ActionId, std::size_t> places_;
};

}  // namespace

Diagnostics LossWindows(const std::vector<Move>& moves,
                        const std::vector<Action>& actions,
                        const std::map<Protocol, std::int64_t>& former_ttl) {
  Diagnostics warnings;
  const Windows windows(actions);
  for (const Move& move : moves) {
    if (!move.is_planned()) continue;
    const auto ttl = former_ttl.find(move.protocol);
    if (move.protocol == Protocol::kSip) windows.OfSip(move, warnings);
    if (move.protocol == Protocol::kXmpp)
      windows.OfXmpp(move, ttl == former_ttl.end() ? 0 : ttl->second, warnings);
  }
  return warnings;
}

}  // namespace poolshift
