// Pages: the steps of the published procedures that Poolshift replaces, with their faults
// (docs/source-pages.md). Notes account for each step of the pages that fit a plan.
#pragma once

#include <span>
#include <string_view>

#include "controller/model/plan.h"

namespace poolshift {

// One step of a page. `source` is what actions carry; the first treatment holds when actions answer
// it.
struct PageStep {
  std::string_view document, step, source;
  Note::Treatment when_answered;
  std::string_view fault;          // of the page, "" when it is right
  std::string_view answered;       // text when actions answer it
  std::string_view unanswered;     // text when none does: why it is not needed
  std::string_view repeated = {};  // text when several do; "" = as when one does
};

// A part of a page that is accounted for as a whole.
enum class SourcePage {
  kXmppFailover,   // 004
  kSipFailover,    // P1
  kFailbackStart,  // 000 steps 1 to 5, in parts
  kSipFailback,
  kXmppFailback,
  kFailbackEnd,
  kEdgeDead,          // 001
  kAssociation,       // P5: another Edge pool for conferencing
  kFrontEndFailover,  // P6
};

std::span<const PageStep> StepsOf(SourcePage page);

}  // namespace poolshift
