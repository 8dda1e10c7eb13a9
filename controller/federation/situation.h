// Situation: what is going on with each protocol: nothing, a failover, a planned move or a
// failback. It follows from what is declared and what outside vantages see, and is never guessed
// (D3).
#pragma once

#include <string>
#include <vector>

#include "controller/federation/left_out.h"
#include "controller/federation/view.h"
#include "controller/model/plan.h"

namespace poolshift {

struct Move {
  enum class Kind { kUnknown, kSteady, kFailover, kPlanned, kFailback, kHostOut };
  Protocol protocol = Protocol::kSip;
  // kUnknown: refused, nothing may be concluded. kHostOut: refused, the declared host itself is
  // declared out of service, so that there is nowhere to move to.
  Kind kind = Kind::kSteady;
  const EdgePool* from = nullptr;  // null when steady; borrowed from the organisation
  const EdgePool* to =
      nullptr;  // the declared host; null when the protocol is not declared, or sites diverge
  std::string evidence;
  // Of a planned move: further pools in service that host it in part, and are left like `from`.
  std::vector<const EdgePool*> also_from = {};

  // `from` and the further ones.
  std::vector<const EdgePool*> Former() const;
  bool Leaves(const EdgePool& pool) const;
  bool is_move() const {
    return kind == Kind::kFailover || kind == Kind::kPlanned || kind == Kind::kFailback;
  }
  // The former host is alive: make before break, and drain it.
  bool is_planned() const { return kind == Kind::kPlanned || kind == Kind::kFailback; }
};

// Some former host accepts nothing that it cannot deliver, so it may serve until caches have
// forgotten it (D8).
bool ServesToTheEnd(const Move& move);

struct Judgement {
  std::vector<Move> moves;        // one per protocol, in the order of kProtocols
  std::vector<Refusal> refusals;  // not empty: nothing may be planned
  // Protocols of which too little was seen to conclude anything.
  std::vector<Undecided> undecided;
};

Judgement Judge(const View& view);

// For the plan.
Situation ToSituation(const Move& move);

}  // namespace poolshift
