#include "controller/report/drift_words.h"

#include <algorithm>

#include "controller/report/change.h"

namespace poolshift {
namespace {

constexpr std::size_t kCommitDigits = 12;
constexpr std::size_t kNameDigits = 12;

std::string DeclaredText(const DriftReport& report, const DriftEntry& entry) {
  std::string place = ToString(entry.origin);
  if (!place.empty() && !report.commit.empty())
    place += ", commit " + report.commit.substr(0, kCommitDigits);
  return DisplayText(entry.declared) + (place.empty() ? "" : " (" + place + ')');
}

std::string ObservedText(const DriftEntry& entry) {
  if (!entry.looked) return "not known: nobody could look";
  return entry.observed.is_null() ? "absent" : DisplayText(entry.observed);
}

std::string SinceText(const DriftReport& report, const DriftEntry& entry) {
  if (entry.first_seen == absl::InfinitePast()) return "now";
  std::string text = TimeText(entry.first_seen);
  if (entry.first_seen < report.looked_at)
    text += " (for " + DurationText(report.looked_at - entry.first_seen) + ')';
  text += ", last in sync " + TimeText(entry.last_in_sync);
  return text;
}

std::string SightText(const DriftReport& report, const DriftSight& sight) {
  std::string text = sight.provider.empty() ? "" : "by " + sight.provider;
  if (!sight.vantage.empty()) text += (text.empty() ? "from " : " from ") + sight.vantage;
  if (sight.at != absl::InfinitePast()) {
    const absl::Duration age = std::max(report.looked_at - sight.at, absl::ZeroDuration());
    text += (text.empty() ? "" : ", ") + DurationText(age) + " ago";
  }
  if (sight.presence == Presence::kUnreachable)
    text += (text.empty() ? "could not look" : ", could not look");
  else if (sight.presence == Presence::kAbsent)
    text += text.empty() ? "absent" : ", absent";
  if (!sight.reason.empty()) text += ": " + sight.reason;
  return text;
}

std::string StepText(const DriftSuggestion::Step& step) {
  std::string text(1, step.human ? '!' : Symbol(step.verb));
  text += ' ' + step.title;
  if (step.human)
    text += " (by hand)";
  else if (!step.provider.empty())
    text += " (by " + step.provider + ')';
  if (step.needs_approval) text += ", only with --approve";
  return text;
}

void AddSuggestion(const DriftSuggestion& suggestion, DriftFacts& facts) {
  for (const DriftSuggestion::Step& step : suggestion.actions)
    facts.emplace_back("mend", StepText(step));
  if (suggestion.first > 0)
    facts.emplace_back("",
                       "after " + Count(suggestion.first, "other action") + " of `poolshift plan`");
  if (suggestion.actions.empty() && !suggestion.none.empty())
    facts.emplace_back("no mend", suggestion.none);
  if (suggestion.designation)
    facts.emplace_back("note",
                       "it decides who hosts: nothing heals it without a person; `poolshift "
                       "adopt` prints the line that lets it stand (D13)");
}

}  // namespace

std::size_t CountImpact(const DriftReport& report, std::string_view start) {
  return static_cast<std::size_t>(
      std::count_if(report.entries.begin(), report.entries.end(), [start](const DriftEntry& entry) {
        return entry.impact.starts_with(start);
      }));
}

std::string DriftCount(const DriftReport& report) {
  std::string text = report.entries.empty() ? "nothing differs as far as could be looked"
                                            : Count(report.entries.size(), "difference");
  const std::size_t traffic = CountImpact(report, "traffic");
  if (traffic > 0) text += ", traffic is affected by " + std::to_string(traffic);
  const std::size_t acknowledged = report.acknowledged();
  if (acknowledged > 0) text += ", " + std::to_string(acknowledged) + " acknowledged";
  if (!report.not_looked.empty())
    text += ", " + std::to_string(report.not_looked.size()) + " from before not looked at again";
  return text;
}

std::string DriftSubject(const DriftEntry& entry) {
  std::string text = ToString(entry.resource);
  if (!entry.property.empty()) text += ' ' + entry.property;
  if (!entry.vantage.empty()) text += " seen from " + entry.vantage;
  return text;
}

std::string DriftSentence(const DriftEntry& entry) {
  if (!entry.text.empty()) return entry.text;
  return DriftSubject(entry) + ": declared " + DisplayText(entry.declared) + ", observed " +
         ObservedText(entry);
}

std::string DriftName(const DriftEntry& entry) { return entry.fingerprint.substr(0, kNameDigits); }

DriftFacts FactsOf(const DriftReport& report, const DriftEntry& entry) {
  DriftFacts facts = {{"resource", DriftSubject(entry)},
                      {"declared", DeclaredText(report, entry)},
                      {"observed", ObservedText(entry)},
                      {"since", SinceText(report, entry)}};
  for (const DriftSight& sight : entry.sights)
    facts.emplace_back("seen", SightText(report, sight));
  AddSuggestion(entry.suggestion, facts);
  if (entry.acknowledged.has_value()) {
    facts.emplace_back("known",
                       "until " + TimeText(entry.acknowledged->until) + ", says " +
                           entry.acknowledged->who + ": " + entry.acknowledged->reason);
  }
  if (!entry.rule.empty()) facts.emplace_back("rule", entry.rule);
  facts.emplace_back("name", DriftName(entry));
  return facts;
}

std::vector<DriftGroup> GroupsOf(const DriftReport& report) {
  std::vector<DriftGroup> groups = {{"Traffic is affected", "traffic is affected", {}},
                                    {"Redundancy is lost", "redundancy is lost", {}},
                                    {"Cosmetic", "cosmetic", {}},
                                    {"Unknown: nobody could look", "unknown", {}},
                                    {"Acknowledged", "acknowledged", {}},
                                    {"Not looked at again", "not looked", {}}};
  constexpr std::size_t kAcknowledged = 4;
  constexpr std::size_t kNotLooked = 5;
  for (const DriftEntry& entry : report.entries) {
    if (entry.acknowledged.has_value()) {
      groups[kAcknowledged].entries.push_back(&entry);
      continue;
    }
    for (DriftGroup& group : groups) {
      if (group.impact == entry.impact) group.entries.push_back(&entry);
    }
  }
  for (const DriftEntry& entry : report.not_looked)
    groups[kNotLooked].entries.push_back(&entry);
  std::erase_if(groups, [](const DriftGroup& group) { return group.entries.empty(); });
  return groups;
}

}  // namespace poolshift
