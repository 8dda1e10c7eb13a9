#include "controller/federation/notes.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_join.h"

#include "controller/federation/allow_lists.h"
#include "controller/federation/kinds.h"
#include "controller/federation/pages.h"

namespace poolshift {
namespace {

using Treatment = Note::Treatment;
using Kind = Move::Kind;

class Accountant {
 public:
  explicit Accountant(const std::vector<Action>& actions) : actions_(actions) {}

  void Account(SourcePage page) {
    for (const PageStep& step : StepsOf(page))
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
    const bool repeated = note.actions.size() > 1 && !step.repeated.empty();
    note.text = std::string(repeated ? step.repeated : answered ? step.answered : step.unanswered);
    if (is_remark) AddGates("Replica", note);
    notes_.push_back(std::move(note));
  }

  void AddGates(std::string_view kind, Note& note) const {
    for (const Action& action : actions_) {
      if (action.verb != Verb::kGate || action.target.kind != kind) continue;
      // A gate with a part of its own ("contoso/conferencing") is no wait of these pages; nor is
      // that of one server.
      const bool of_all =
          action.target.name.find('/') == std::string::npos && action.gate->expectations.size() > 1;
      if (of_all || action.target.name.ends_with("/published")) note.actions.push_back(action.id);
    }
  }

  const std::vector<Action>& actions_;
  std::vector<Note> notes_;
};

// The pages know only Lync: a move outside any topology is none of theirs.
bool Is(const std::vector<Move>& moves, Protocol protocol, std::initializer_list<Kind> wanted) {
  const Move& move = moves[static_cast<std::size_t>(protocol)];
  if (move.to == nullptr || !move.to->in_topology()) return false;
  return std::find(wanted.begin(), wanted.end(), move.kind) != wanted.end();
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

bool Changes(const std::vector<Action>& actions, std::string_view kind) {
  return std::any_of(actions.begin(), actions.end(), [&](const Action& action) {
    return action.verb != Verb::kGate && action.target.kind == kind;
  });
}

// D20: what is written to the central store can be put back from an export only. Poolshift does not
// run it, and says so.
void AddExport(const std::vector<Action>& actions, std::vector<Note>& notes) {
  const bool fails_over = Changes(actions, kinds::kCentralStore);
  const bool writes = Changes(actions, kinds::kTopology) || Changes(actions, kinds::kSiteRoute) ||
                      Changes(actions, kinds::kEdgeAssociation) ||
                      Changes(actions, kinds::kPoolFailover);
  if (!writes && !fails_over) return;
  // A dead store answers nobody; the local copies of the servers do.
  const std::string local = fails_over ? " -LocalStore" : "";
  Note note;
  note.document = "D20";
  note.step = "export first";
  note.treatment = Treatment::kBefore;
  note.text = std::string(
                  "export the central store before its first write; this plan does not do "
                  "it for you. On a Front End server, in the Management Shell") +
              (fails_over ? "; the store is dead, so its local copy is taken" : "");
  note.commands = {
      "$folder = (New-Item -ItemType Directory -Path "
      "\"$env:ProgramData\\Poolshift\\export-$(Get-Date "
      "-Format yyyyMMdd-HHmmss)\").FullName",
      "icacls $folder /inheritance:r /grant:r \"$($env:USERNAME):(OI)(CI)F\"  # only you may read "
      "it",
      "Export-CsConfiguration -FileName \"$folder\\configuration.zip\"" + local,
      "(Get-CsTopology -AsXml" + local +
          ").ToString() | Set-Content -Path \"$folder\\topology.xml\" -Encoding UTF8"};
  notes.push_back(std::move(note));
}

Note OutsideTopology(const EdgePool& pool, const std::string& servers) {
  std::string names;
  for (const Product product : pool.products)
    names += (names.empty() ? "" : " ") + std::string(Name(product));
  return {"D12",
          "prevent return",
          Treatment::kFollowUp,
          "",
          "the services of " + pool.name +
              " start by themselves when it is repaired, and partners that remember its records "
              "would reach them. Before it gets its network back, keep them from starting, on " +
              servers + "; when it is to serve again, commit `condition: inService`",
          {},
          {"systemctl mask " + names}};
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
    if (!pool->in_topology()) {
      notes.push_back(OutsideTopology(*pool, servers));
      continue;
    }
    notes.push_back(
        {"D12",
         "prevent return",
         Treatment::kFollowUp,
         "F13",
         "the replica of " + pool->name +
             " still claims federation: when it is repaired, commit `condition: inService` and "
             "let the failback plan start REPLICA first. Before it gets its network back, keep "
             "its other services from starting, on " +
             servers,
         {},
         {"Get-CsWindowsService | Where-Object Name -ne REPLICA | ForEach-Object { Set-Service "
          "$_.Name -StartupType Disabled }"}});
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
      if (Speaks(partner, move.protocol) && move.is_move())
        where += (where.empty() ? "" : "; ") + WhereNow(partner, move);
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
         {},
         {}});
  }
}

// Of a move that does not wait for them.
void AskBehind(const Organization& organization,
               const std::vector<Move>& moves,
               const std::vector<Action>& actions,
               std::vector<Note>& notes) {
  const bool asked = std::any_of(actions.begin(), actions.end(), [](const Action& action) {
    return action.target.kind == kinds::kPartnerAcceptance;
  });
  const auto& partners = organization.partners;
  const bool has_lists = std::any_of(partners.begin(), partners.end(), [](const auto& partner) {
    return !partner.second.accepts_names.empty();
  });
  if (asked || !has_lists) return;
  const auto moves_now = [&](Protocol protocol) {
    return std::any_of(moves.begin(), moves.end(), [&](const Move& move) {
      return move.protocol == protocol && move.is_move();
    });
  };
  for (const auto& [domain, gaps] : GapsByPartner(View(organization, {}), moves_now)) {
    const Partner& partner = *gaps.front().partner;
    Note note;
    note.document = "D19.1";
    note.step = domain;
    note.treatment = Treatment::kFollowUp;
    note.text = "ask " + Addressee(partner) + " to allow " + absl::StrJoin(NamesOf(gaps), ", ") +
                ": until then " + domain + " stays cut off, and `drift` says so";
    note.commands = RequestTo(organization, gaps);
    notes.push_back(std::move(note));
  }
}

// Nobody but the partner can look at its list; only traffic shows that it lets us in. The cmdlet
// must be given the Edge pool that carries it, so it proves nothing before the move.
void AddAllowLists(const Organization& organization,
                   const std::vector<Move>& moves,
                   const std::vector<Action>& actions,
                   std::vector<Note>& notes) {
  AskBehind(organization, moves, actions, notes);
  for (const auto& [name, partner] : organization.partners) {
    if (partner.accepts_names.empty()) continue;
    for (const Move& move : moves) {
      if (!Speaks(partner, move.protocol) || !move.is_move()) continue;
      Note note;
      note.document = "D19.1";
      note.step = partner.domain;
      note.treatment = Treatment::kFollowUp;
      note.text = partner.domain +
                  " keeps an allow list that nobody here can look at: see that it " + "lets " +
                  std::string(Title(move.protocol)) + " of " + move.to->name +
                  " in, in both directions";
      if (move.protocol == Protocol::kSip && move.to->in_topology())
        note.commands = {"Test-CsFederatedPartner -TargetFqdn " + move.to->fqdn + " -Domain " +
                         partner.domain};
      notes.push_back(std::move(note));
    }
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
  if (Is(moves, Protocol::kXmpp, both)) accountant.Account(SourcePage::kXmppFailover);
  if (Is(moves, Protocol::kSip, both)) accountant.Account(SourcePage::kSipFailover);
  if (sip_back || xmpp_back) accountant.Account(SourcePage::kFailbackStart);
  if (sip_back) accountant.Account(SourcePage::kSipFailback);
  if (xmpp_back) accountant.Account(SourcePage::kXmppFailback);
  if (sip_back || xmpp_back) accountant.Account(SourcePage::kFailbackEnd);
  const bool edge_dead = std::any_of(
      organization.edge_pools.begin(), organization.edge_pools.end(), [](const auto& pool) {
        return pool.second.condition == EdgePool::Condition::kOutOfService &&
               pool.second.in_topology();
      });
  if (edge_dead && !actions.empty()) accountant.Account(SourcePage::kEdgeDead);
  const bool moves_conferencing = Changes(actions, kinds::kEdgeAssociation);
  if (moves_conferencing && !edge_dead) accountant.Account(SourcePage::kAssociation);
  if (Changes(actions, kinds::kPoolFailover) || Changes(actions, kinds::kCentralStore))
    accountant.Account(SourcePage::kFrontEndFailover);
  std::vector<Note> notes = accountant.Take();
  AddExport(actions, notes);
  AddPreventReturn(moves, actions, notes);
  AddPartners(organization, moves, notes);
  AddAllowLists(organization, moves, actions, notes);
  return notes;
}

}  // namespace poolshift
