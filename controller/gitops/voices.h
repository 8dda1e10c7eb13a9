// What people have said, as events of the journal (controller/store/journal.h) and back. The
// journal is chained, so that nobody can add or remove an approval unseen. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "controller/policy/automation.h"
#include "controller/store/journal.h"

namespace poolshift {

// A yes or a no.
EventRow WordEvent(const Word& word);
EventRow PauseEvent(const Pause& pause);
// Ends a pause before its time. `id` is the pause's.
EventRow UnpauseEvent(std::string_view id, std::string_view who, absl::Time now);
EventRow BreakGlassEvent(const BreakGlass& opening);

// What holds at `now`, from all events of the organisation, in their order.
Voices VoicesOf(const std::vector<EventRow>& events, absl::Time now);

// The id for the next pause: "p1" when there was none.
std::string NextPauseId(const std::vector<EventRow>& events);

}  // namespace poolshift
