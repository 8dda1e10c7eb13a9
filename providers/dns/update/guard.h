// Guard: what Poolshift keeps in a zone about itself, in the TXT record set `_poolshift.<zone>`:
// one fence for each organisation and one mark for each record set that it changed. Each record is
// one list of strings:
//
//   "poolshift1" "fence" <organisation> <greatest fencing token seen> [<lease that raised it>]
//   "poolshift1" "marks" <organisation> <slot> ( "owns" | "deleted" <owner name> <type> <last
//   action> )...
//
// A mark's slot, 0 to 31, follows from its name and type: BIND takes no more than 100 records of
// one type at a name, and an update rewrites one slot only. <last action> is the start of the
// digest of the idempotency key that was applied last (ActionMark). Every update has the whole old
// guard as a prerequisite and changes it in the same message, so that writers are in one order and
// a smaller token finds a fence that it does not match. A mark "deleted" owns nothing: it only
// answers what became of an action. Strings of others at that name are kept.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "controller/model/fence_claim.h"
#include "providers/dns/update/dns_transport.h"

namespace poolshift::dns {

struct Mark {
  std::string organization, name, type, action;
  bool owns = false;
};

struct Guard {
  std::vector<Fields> records;  // exactly as the server holds them
  std::vector<Mark> marks;
  std::string fault;  // records that bear our name and cannot be understood; empty = none

  // Token 0 when the organisation has no fence yet.
  StandingFence FenceOf(std::string_view organization) const;
  // The organisation that owns the record set, or "".
  std::string OwnerOf(std::string_view name, std::string_view type) const;
  // The last action of the organisation on the record set, or "".
  std::string ActionOn(const Mark& mark) const;
};

Guard ReadGuard(std::vector<Fields> records);

// "_poolshift.contoso.com"
std::string GuardName(std::string_view zone);

// 32 hexadecimal digits that stand for an idempotency key.
std::string ActionMark(std::string_view key);

// Appends what makes `guard` say that the fence of `organization` stands so: prerequisite and
// changes.
void AdvanceFence(const Guard& guard,
                  const std::string& organization,
                  const StandingFence& fence,
                  UpdateMessage& update);

// Appends what makes `guard` say that `mark` happened under `token`: prerequisite and changes.
void Advance(const Guard& guard, const Mark& mark, std::int64_t token, UpdateMessage& update);

}  // namespace poolshift::dns
