// One action of a plan as text. Part of plan_text.h, and of the report of a run that failed.
#pragma once

#include "controller/model/plan.h"
#include "controller/report/change.h"
#include "controller/report/page.h"

namespace poolshift {

// '!' for an action that a person carries out, else the verb's symbol.
char Symbol(const Action& action);

// What the symbol is painted in: deletions red, additions green, people yellow.
Ink InkOf(const Action& action);

// " 3 ~ route XMPP of Site1 to edgepool2"
void AddTitle(const Action& action, const ActionNumbers& numbers, Page& page);

// The title and everything under it. `previous` (may be null) is the action listed just before:
// what would only repeat it is left out, so that six services of one server stay readable.
void AddAction(const Action& action,
               const Action* previous,
               const ActionNumbers& numbers,
               Page& page);

// "one at a time with #8": `sharing` holds a lock that the action just added needs too.
void AddTurn(const std::vector<ActionId>& sharing, const ActionNumbers& numbers, Page& page);

// Both start (or both stop) a service of one server: they are listed without a gap.
bool SameGroup(const Action& a, const Action& b);

// It fences an address, or lets a service no longer start.
bool TurnsAway(const Action& action);
bool Disables(const Action& action);

}  // namespace poolshift
