#include "controller/federation/provenance.h"
#include "controller/report/action_text.h"
#include "controller/report/change.h"
#include "controller/report/explanation.h"
#include "controller/report/explanation_lead.h"
#include "controller/report/page.h"
#include "controller/report/timetable.h"

namespace poolshift {
namespace {

std::string Lead(std::string_view label) { return ExplanationLead(label); }

std::string InShort(const Plan& plan) {
  return Count(static_cast<std::size_t>(plan.mutations()), "action") + ", " +
         Count(static_cast<std::size_t>(plan.gates()), "gate") + ", about " +
         DurationText(TimetableOf(plan).total);
}

void AddRefusal(const Refusal& refusal, Page& page) {
  page.Add(Lead("with it"),
           "refused: " + refusal.text + " (" + SourceText(refusal.rule, refusal.source) + ')');
  for (const Demand& demand : refusal.demands) {
    const std::string place = ToString(demand.origin);
    page.Add(Lead(""), demand.rule.text + (place.empty() ? "" : ", " + place));
  }
  if (!refusal.hint.empty()) page.Add(Lead("do"), refusal.hint);
}

}  // namespace

std::string ExplainOtherHost(const Explained& from, const OtherHost& other, const Style& style) {
  Page page(style);
  const std::string what = other.sip && other.xmpp ? "SIP and XMPP" : other.sip ? "SIP" : "XMPP";
  page.Add("Why not " + other.pool + "  ", "as host of " + what, Ink::kBold, Ink::kBold);
  page.Add(Lead("because"), "a host is declared, never chosen (D13):");
  for (const DeclaredLine& line : LinesBehind(from.organization, from.plan)) {
    const bool speaks = line.text.starts_with("`hosts`: federation") ? other.sip
                        : line.text.starts_with("`hosts`: xmpp")     ? other.xmpp
                                                                     : false;
    const std::string place = ToString(line.origin);
    if (speaks) page.Add(Lead("declared"), line.text + (place.empty() ? "" : ", " + place));
  }
  for (const Refusal& refusal : other.plan.refusals)
    AddRefusal(refusal, page);
  if (other.plan.refusals.empty())
    page.Add(Lead("with it"), "a plan would exist: " + InShort(other.plan));
  for (const LeftOut& left : other.plan.left_out)
    page.Add(Lead(""), "it would leave out " + left.part + ": " + left.because.text);
  for (const Diagnostic& warning : other.plan.warnings.items())
    page.Add(Lead("to know"), warning.message);
  page.Add(Lead("as it is"),
           from.plan.refusals.empty() ? InShort(from.plan)
                                      : "refused: " + from.plan.refusals.front().text);
  return page.text();
}

}  // namespace poolshift
