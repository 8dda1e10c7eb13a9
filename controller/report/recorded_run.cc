#include "controller/report/recorded_run.h"

#include <algorithm>
#include <map>

#include "controller/report/change.h"
#include "controller/report/json_text.h"
#include "controller/report/page.h"
#include "controller/report/plan_json.h"
#include "controller/report/plan_text.h"

namespace poolshift {
namespace {

constexpr std::size_t kShownDigits = 12;

std::string ToString(const ObservationKey& key) {
  return poolshift::ToString(key.id) + (key.vantage.empty() ? "" : " seen from " + key.vantage);
}

std::string Shows(const Observation& seen) {
  switch (seen.presence) {
    case Presence::kPresent:
      return "there, revision " + seen.revision.substr(0, kShownDigits);
    case Presence::kAbsent:
      return "not there";
    case Presence::kUnreachable:
      break;
  }
  return "could not look: " + seen.reason;
}

std::string_view Word(Presence presence) {
  return presence == Presence::kPresent  ? "present"
         : presence == Presence::kAbsent ? "absent"
                                         : "unreachable";
}

void AddHead(const RunDossier& run, Page& page) {
  const RunEntry& entry = run.entry;
  const bool ended = entry.ended != absl::InfiniteFuture();
  page.Add("Run " + std::to_string(entry.run) + ' ',
           "of " + run.organization + ": " +
               (ended ? entry.outcome + " after " + DurationText(entry.ended - entry.started)
                      : "not ended: under way, or killed"),
           Ink::kBold);
  if (!run.text.empty()) page.Add("  why       ", run.text);
  page.Add("  began     ", TimeText(entry.started) + ", by " + entry.who);
  if (ended) page.Add("  ended     ", TimeText(entry.ended));
  if (!run.consent.empty()) page.Add("  agreed    ", run.consent);
  if (!entry.override_reason.empty())
    page.Add("  override  ", "outside the windows: " + entry.override_reason);
  page.Add("  plan      ", entry.plan_digest);
  page.Add("  commit    ", entry.commit.empty() ? "in no repository" : entry.commit);
  page.Add("  token     ", std::to_string(run.token));
  if (!run.program.empty()) page.Add("  run by    ", run.program);
}

void AddInputs(const RunDossier& run, Page& page) {
  page.Gap();
  page.Add("Made from", "", Ink::kBold);
  if (!run.has_inputs) return page.Add("  ", "not on record: an earlier version planned it");
  page.Add("  ", "planned " + TimeText(run.planned) + " by " + run.planner);
  for (const auto& [name, digest] : run.manifests)
    page.Add("  manifest  ", name + ", SHA-256 " + digest.substr(0, kShownDigits));
  for (const auto& [key, seen] : run.observed.observations) {
    const bool dated = seen.at != absl::InfinitePast();
    const std::string age =
        dated ? DurationText(std::max(run.planned - seen.at, absl::ZeroDuration())) + " before"
              : "at no known time";
    page.Add("  seen      ",
             ToString(key) + ": " + Shows(seen) + ", by " +
                 (seen.provider.empty() ? "nobody" : seen.provider) + ", " + age);
  }
}

std::string Sentence(const JournalEntry& entry, const std::map<ActionId, std::string>& titles) {
  std::string text = entry.kind;
  if (!entry.action.empty()) {
    const auto title = titles.find(entry.action);
    text += ' ' + entry.action + (title == titles.end() ? "" : " (" + title->second + ")");
  }
  if (!entry.outcome.empty()) text += ": " + entry.outcome;
  if (!entry.text.empty()) text += (entry.outcome.empty() ? ": " : ", ") + entry.text;
  return text;
}

void AddJournal(const RunDossier& run, Page& page) {
  std::map<ActionId, std::string> titles;
  for (const Action& action : run.plan.actions)
    titles.emplace(action.id, action.title);
  page.Gap();
  page.Add("Journal", "", Ink::kBold);
  for (const JournalEntry& entry : run.journal) {
    std::string number = std::to_string(entry.seq);
    number.insert(0, 6 - std::min<std::size_t>(6, number.size()), ' ');
    page.Add(number + "  " + TimeText(entry.at) + "  ", Sentence(entry, titles));
    for (const auto& [key, seen] : entry.seen)
      page.Add("          ",
               "saw " + ToString(key) + ": " + Shows(seen) + ", " + TimeText(seen.at));
  }
}

Json SeenJson(const ObservationKey& key, const Observation& seen) {
  Json json = Json::object();
  json["resource"] = poolshift::ToString(key.id);
  json["vantage"] = key.vantage;
  json["presence"] = Word(seen.presence);
  json["properties"] = ToJson(seen.properties);
  json["unknown"] = seen.unknown;
  json["revision"] = seen.revision;
  json["at"] = ToJson(seen.at);
  json["provider"] = seen.provider;
  json["reason"] = seen.reason;
  return json;
}

Json EntryJson(const JournalEntry& entry) {
  Json json = Json::object();
  json["record"] = entry.seq;
  json["hash"] = entry.hash;
  json["kind"] = entry.kind;
  json["at"] = ToJson(entry.at);
  json["action"] = entry.action;
  json["outcome"] = entry.outcome;
  json["text"] = entry.text;
  json["key"] = entry.key;
  json["seen"] = Json::array();
  for (const auto& [key, seen] : entry.seen)
    json["seen"].push_back(SeenJson(key, seen));
  return json;
}

Json InputsJson(const RunDossier& run) {
  if (!run.has_inputs) return nullptr;
  Json json = Json::object();
  json["planned"] = ToJson(run.planned);
  json["planner"] = run.planner;
  json["manifests"] = Json::array();
  for (const auto& [name, digest] : run.manifests)
    json["manifests"].push_back({{"name", name}, {"sha256", digest}});
  json["observations"] = Json::array();
  for (const auto& [key, seen] : run.observed.observations)
    json["observations"].push_back(SeenJson(key, seen));
  return json;
}

}  // namespace

std::string RunDossierText(const RunDossier& run, const Style& style) {
  Page page(style);
  AddHead(run, page);
  AddInputs(run, page);
  AddJournal(run, page);
  page.Gap();
  page.AddText(PlanText(run.plan, style));
  return page.text();
}

std::string RunDossierJson(const RunDossier& run) {
  Json json = Json::object();
  json["format_version"] = kFormatVersion;
  json["organization"] = run.organization;
  json["run"] = run.entry.run;
  json["started"] = ToJson(run.entry.started);
  json["ended"] =
      run.entry.ended == absl::InfiniteFuture() ? Json(nullptr) : ToJson(run.entry.ended);
  json["outcome"] = run.entry.outcome;
  json["text"] = run.text;
  json["who"] = run.entry.who;
  json["consent"] = run.consent;
  json["override_reason"] = run.entry.override_reason;
  json["plan_digest"] = run.entry.plan_digest;
  json["commit"] = run.entry.commit;
  json["token"] = run.token;
  json["program"] = run.program;
  json["inputs"] = InputsJson(run);
  json["plan"] = Json::parse(PlanJson(run.plan));
  json["journal"] = Json::array();
  for (const JournalEntry& entry : run.journal)
    json["journal"].push_back(EntryJson(entry));
  return JsonText(json);
}

}  // namespace poolshift
