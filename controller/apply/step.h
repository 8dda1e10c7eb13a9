// Step: the whole executor, as a function. No threads, no I/O, no clock, no randomness: the adapter
// loop (engine/run.h) carries the effects out over real providers and the store, the simulation
// over a pretended world.
//
// The rules:
//   - An action starts when all it needs is done, none of its locks is held, and its provider has a
//   place free;
//     the one with the longest expected chain behind it first, ties by place in the plan. The
//     target of an action is itself a lock.
//   - Intent recorded → provider called → result recorded → what needs it starts. Never another
//   order.
//   - What a gate saw counts for as long as it says (Gate::evidence): a call that relies on it and
//   comes later looks
//     again first, and waits as the gate does.
//   - A call is sent again only if the provider says so and nothing changed. A lost answer is
//   looked up under its
//     key; then the target decides: as wanted = done, untouched = one more call under the same key,
//     else failed.
//   - After the first failure nothing new starts, independent branches included: what was not
//   foreseen has happened,
//     and a person or a new plan must look first. What runs may finish; waits are given up.
#pragma once

#include "absl/time/time.h"

#include "controller/apply/effect.h"
#include "controller/apply/event.h"
#include "controller/apply/run_state.h"

namespace poolshift {

// `now` never goes back. After effect::Finish further events change nothing.
RunState Step(RunState state, const Event& event, absl::Time now, Effects& effects);

}  // namespace poolshift
