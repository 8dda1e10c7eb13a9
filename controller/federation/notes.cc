#include "controller/federation/notes.h"

#include <algorithm>
#include <string_view>

namespace poolshift {
namespace {

using Treatment = Note::Treatment;
using Kind = Move::Kind;

// One step of a page. `source` is what actions carry; the first treatment holds when actions answer
// it.
struct PageStep {
  std::string_view document, step, source;
  Treatment when_answered;
  std::string_view fault;       // of the page, "" when it is right
  std::string_view answered;    // text when actions answer it
  std::string_view unanswered;  // text when none does: why it is not needed
};

// 004: failing over the Edge pool used for XMPP federation.
constexpr PageStep kXmppFailover[] = {
    {"004",
     "1",
     "004 step 1",
     Treatment::kNotNeeded,
     "",
     "",
     "another Edge pool is deployed and declared"},
    {"004",
     "(flag)",
     "004 step 0",
     Treatment::kCorrected,
     "F4",
     "the page forgets the pool's flag \"Enable XMPP federation (port 5269)\": it is published "
     "first",
     "the page forgets the pool's XMPP flag; it is on"},
    {"004",
     "2",
     "004 step 2",
     Treatment::kCorrected,
     "F9",
     "only the XMPP proxy stops: Stop-CsWindowsService without a name would stop remote access and "
     "A/V too",
     "nothing has to stop on the new pool; Stop-CsWindowsService without a name would cut healthy "
     "users off"},
    {"004",
     "3",
     "004 step 3",
     Treatment::kCorrected,
     "F1 F5 F26",
     "the parameter is -XmppFederationRoute, its value a pool, and every site is routed, not one",
     "every site is routed there"},
    {"004",
     "(wait)",
     "",
     Treatment::kCorrected,
     "F12",
     "",
     "replication is waited for before anything relies on it"},
    {"004",
     "4",
     "004 step 4",
     Treatment::kCorrected,
     "F6 F11",
     "the record gets the pool's public addresses, after the port answers, not before",
     "the addresses are right already"},
    {"004",
     "5",
     "004 step 5",
     Treatment::kMoved,
     "F11",
     "the SRV record is made after the port answers",
     "the SRV record exists, with port 5269"},
    {"004",
     "6",
     "004 step 6",
     Treatment::kCorrected,
     "F10",
     "the port is checked after the service started; the page checks it while everything is "
     "stopped",
     "nothing moved"},
    {"004",
     "7",
     "004 step 7",
     Treatment::kMoved,
     "F11",
     "the service starts before any record moves",
     "the proxy runs on every server already"},
};

// The page on SIP federation failover that 000 and 001 refer to (domain.md P1).
constexpr PageStep kSipFailover[] = {
    {"P1",
     "2",
     "P1 step 2",
     Treatment::kDone,
     "",
     "both flags change in one publish, then the topology is enabled",
     "the flag is on the declared pool"},
    {"P1",
     "(wait)",
     "",
     Treatment::kCorrected,
     "F12",
     "",
     "replication is waited for before the wizard runs"},
    {"P1",
     "5",
     "P1 step 5",
     Treatment::kCorrected,
     "F15",
     "the wizard runs on every server of the pool, not on one",
     "the installed roles match the topology"},
    {"P1",
     "(routes)",
     "P1 step 6",
     Treatment::kCorrected,
     "F3",
     "the page forgets the sites' federation routes: every site is routed",
     "every site is routed there"},
    {"P1",
     "(records)",
     "P1 step 8",
     Treatment::kCorrected,
     "F8",
     "SRV priorities do not fail SIP federation over: the record is rewritten, or its traffic "
     "manager switched",
     "the records lead there already"},
    {"P1",
     "(check)",
     "P1 step 9",
     Treatment::kCorrected,
     "F14",
     "5061 is probed from outside before records move",
     "nothing moved"},
};

// 000/002/003: failing back the Edge pool used for Lync Server federation or XMPP federation.
constexpr PageStep kFailbackStart[] = {
    {"000",
     "1",
     "000 step 1",
     Treatment::kCorrected,
     "F13",
     "REPLICA starts first and must be current: a stale replica still claims federation",
     "the services of the restored pool run"},
};
constexpr PageStep kSipFailback[] = {
    {"000",
     "2a-e",
     "000 step 2",
     Treatment::kDone,
     "",
     "both flags change in one publish, then the topology is enabled",
     "the flag is on the restored pool"},
    {"000",
     "2f",
     "000 step 2f",
     Treatment::kDone,
     "",
     "the wizard runs on every server whose roles differ",
     "the installed roles of the restored pool match the topology: it was never installed anew"},
    {"000",
     "2g",
     "000 step 2g",
     Treatment::kCorrected,
     "F15",
     "the pool that stood in is installed anew too",
     "the pool that stood in needs no new installation"},
    {"000",
     "(routes)",
     "000 step 2h",
     Treatment::kCorrected,
     "F3",
     "the page forgets the sites' federation routes",
     "every site is routed there"},
    {"000",
     "(records)",
     "P1 step 8",
     Treatment::kCorrected,
     "F8",
     "the page forgets the SIP records",
     "the records lead there already"},
};
constexpr PageStep kXmppFailback[] = {
    {"000",
     "3a",
     "000 step 3a",
     Treatment::kCorrected,
     "F1 F5",
     "the parameter is -XmppFederationRoute, and every site is routed, not one",
     "every site is routed there"},
    {"000",
     "3b",
     "000 step 3b",
     Treatment::kDone,
     "",
     "the SRV record is made",
     "the SRV record exists, with port 5269"},
    {"000",
     "3c",
     "000 step 3c",
     Treatment::kCorrected,
     "F2",
     "the page sends the record to EdgeServer2, from where it just came: it gets the restored "
     "pool's addresses",
     "the addresses are right already"},
    {"000",
     "3d",
     "000 step 3d",
     Treatment::kMoved,
     "F10",
     "5269 is probed from outside before the record moves",
     "nothing moved"},
};
constexpr PageStep kFailbackEnd[] = {
    {"000",
     "4",
     "000 step 4",
     Treatment::kDone,
     "",
     "conferencing goes back to the local Edge pool",
     "no Front End pool uses another site's Edge pool"},
    {"000",
     "5",
     "000 step 5",
     Treatment::kDone,
     "F18",
     "the Front End pool goes home, with a person's approval (the page prints "
     "Invoke-CsPoolFailback with an en dash)",
     "no Front End pool is to be failed back"},
};
// 001: Edge Server disaster recovery.
constexpr PageStep kEdgeDead[] = {
    {"001",
     "last section",
     "001 step 4",
     Treatment::kCorrected,
     "F17",
     "the page ends before the publish and the wait: three cmdlets write the association, "
     "replication is waited for",
     "no Front End pool has to use another Edge pool"},
    {"001",
     "Remote access",
     "",
     Treatment::kNotNeeded,
     "",
     "",
     "it recovers by itself through SRV priorities; nothing of it is changed"},
};

class Accountant {
 public:
  explicit Accountant(const std::vector<Action>& actions) : actions_(actions) {}

  template <std::size_t kSize>
  void Account(const PageStep (&steps)[kSize]) {
    for (const PageStep& step : steps)
      Account(step);
  }

  std::vector<Note> Take() { return std::move(notes_); }

 private:
  void Account(const PageStep& step) {
    Note note;
    note.document = std::string(step.document);
    note.step = std::string(step.step);
    for (const Action& action : actions_) {
      const auto& sources = action.sources;
      if (!step.source.empty() &&
          std::find(sources.begin(), sources.end(), step.source) != sources.end()) {
        note.actions.push_back(action.id);
      }
    }
    const bool answered = !note.actions.empty();
    const bool is_remark = step.source.empty() && !step.fault.empty();
    note.treatment = answered || is_remark ? step.when_answered : Treatment::kNotNeeded;
    note.fault = answered || is_remark ? std::string(step.fault) : "";
    note.text = std::string(answered ? step.answered : step.unanswered);
    if (is_remark) AddGates("Replica", note);
    notes_.push_back(std::move(note));
  }

  void AddGates(std::string_view kind, Note& note) const {
    for (const Action& action : actions_) {
      const bool waits = action.verb == Verb::kGate && action.target.kind == kind;
      if (waits && action.gate->expectations.size() > 1) note.actions.push_back(action.id);
    }
  }

  const std::vector<Action>& actions_;
  std::vector<Note> notes_;
};

bool Is(const std::vector<Move>& moves, Protocol protocol, std::initializer_list<Kind> wanted) {
  const Kind kind = moves[static_cast<std::size_t>(protocol)].kind;
  return std::find(wanted.begin(), wanted.end(), kind) != wanted.end();
}

// An action of the plan keeps the server from it already.
bool IsKeptAway(const EdgeServer& server, const std::vector<Action>& actions) {
  return std::any_of(actions.begin(), actions.end(), [&](const Action& action) {
    const std::string first = action.target.name.substr(0, action.target.name.find('/'));
    const auto& own = server.addresses;
    return action.verb != Verb::kGate &&
           ((action.target.kind == kinds::kEdgeService && first == server.fqdn) ||
            (action.target.kind == kinds::kFence &&
             std::find(own.begin(), own.end(), first) != own.end()));
  });
}

// D12: of servers that no action can reach, what a person must do, so that the dead pool does not
// come back by itself.
void AddPreventReturn(const std::vector<Move>& moves,
                      const std::vector<Action>& actions,
                      std::vector<Note>& notes) {
  std::vector<const EdgePool*> dead;
  for (const Move& move : moves) {
    const bool known = std::find(dead.begin(), dead.end(), move.from) != dead.end();
    if (move.kind == Kind::kFailover && !known) dead.push_back(move.from);
  }
  for (const EdgePool* pool : dead) {
    std::string servers;
    for (const EdgeServer& server : pool->servers) {
      if (IsKeptAway(server, actions)) continue;
      servers += (servers.empty() ? "" : ", ") + server.fqdn;
    }
    if (servers.empty()) continue;
    notes.push_back(
        {"D12",
         "prevent return",
         Treatment::kFollowUp,
         "F13",
         "before " + pool->name + " gets its network back, on " + servers +
             " run: Get-CsWindowsService | Where-Object Name -ne REPLICA | "
             "ForEach-Object { Set-Service $_.Name -StartupType Disabled }. The replica "
             "still claims federation. When it is repaired, commit `condition: "
             "inService` and let the failback plan start REPLICA first",
         {}});
  }
}

std::string WhereNow(const Partner& partner, const Move& move) {
  std::string text = std::string(Title(move.protocol)) + " is at ";
  if (move.protocol == Protocol::kSip) text += move.to->access_edge_fqdn + ", ";
  std::string addresses;
  for (const std::string& address : move.to->addresses())
    addresses += (addresses.empty() ? "" : ", ") + address;
  return text + addresses + " port " + std::to_string(Port(move.protocol)) +
         (partner.pinned_name.empty() ? "" : ", no longer where " + partner.pinned_name + " leads");
}

// D19: who must be called, with what to say, and whose recovery it is.
void AddPartners(const Organization& organization,
                 const std::vector<Move>& moves,
                 std::vector<Note>& notes) {
  for (const auto& [name, partner] : organization.partners) {
    if (partner.discovery == Partner::Discovery::kDns) continue;
    std::string where;
    for (const Move& move : moves) {
      const bool speaks = move.protocol == Protocol::kSip ? partner.sip : partner.xmpp;
      if (speaks && move.is_move()) where += (where.empty() ? "" : "; ") + WhereNow(partner, move);
    }
    if (where.empty()) continue;
    const bool hybrid = partner.discovery == Partner::Discovery::kHybrid;
    notes.push_back(
        {"D19",
         partner.domain,
         Treatment::kFollowUp,
         "",
         "call " + (partner.contact.empty() ? partner.domain : partner.contact) + ": " +
             partner.domain +
             (hybrid ? " shares our domain (hybrid) and has the Access Edge in its own settings"
                     : " goes by its own configuration") +
             ", which does not follow DNS. Tell them: " + where +
             ". Ours has recovered when this plan is done; theirs when they have changed it, "
             "which nobody here can promise",
         {}});
  }
}

}  // namespace

std::vector<Note> AccountForPages(const Organization& organization,
                                  const std::vector<Move>& moves,
                                  const std::vector<Action>& actions) {
  Accountant accountant(actions);
  const auto both = {Kind::kFailover, Kind::kPlanned};
  const bool sip_back = Is(moves, Protocol::kSip, {Kind::kFailback});
  const bool xmpp_back = Is(moves, Protocol::kXmpp, {Kind::kFailback});
  if (Is(moves, Protocol::kXmpp, both)) accountant.Account(kXmppFailover);
  if (Is(moves, Protocol::kSip, both)) accountant.Account(kSipFailover);
  if (sip_back || xmpp_back) accountant.Account(kFailbackStart);
  if (sip_back) accountant.Account(kSipFailback);
  if (xmpp_back) accountant.Account(kXmppFailback);
  if (sip_back || xmpp_back) accountant.Account(kFailbackEnd);
  const bool edge_dead = std::any_of(
      organization.edge_pools.begin(), organization.edge_pools.end(), [](const auto& pool) {
        return pool.second.condition == EdgePool::Condition::kOutOfService;
      });
  if (edge_dead && !actions.empty()) accountant.Account(kEdgeDead);
  std::vector<Note> notes = accountant.Take();
  AddPreventReturn(moves, actions, notes);
  AddPartners(organization, moves, notes);
  return notes;
}

}  // namespace poolshift
