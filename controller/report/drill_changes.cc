#include "controller/report/drill_changes.h"

#include <algorithm>
#include <utility>

#include "controller/report/change.h"
#include "controller/report/json_text.h"
#include "controller/report/page.h"

namespace poolshift {
namespace {

// One death of a drill, as far as it is compared.
struct Row {
  bool ready = false;
  std::vector<std::string> faults;
};
using Key = std::pair<std::string, std::string>;
using Rows = std::vector<std::pair<Key, Row>>;

void AddTexts(const Json& list, std::vector<std::string>& texts) {
  for (const Json& each : list)
    texts.push_back(each.value("text", ""));
}

absl::StatusOr<Rows> RowsOf(std::string_view json) {
  const Json document = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object() || !document.contains("rows") || !document["rows"].is_array())
    return absl::InvalidArgumentError("the drill on record cannot be read");
  Rows rows;
  for (const Json& each : document["rows"]) {
    if (!each.is_object()) return absl::InvalidArgumentError("the drill on record cannot be read");
    Row row;
    row.ready = each.value("ready", false);
    AddTexts(each.value("refusals", Json::array()), row.faults);
    AddTexts(each.value("not_ready", Json::array()), row.faults);
    rows.push_back({{each.value("kind", ""), each.value("name", "")}, std::move(row)});
  }
  return rows;
}

const Row* Find(const Rows& rows, const Key& key) {
  const auto found = std::find_if(
      rows.begin(), rows.end(), [&key](const auto& each) { return each.first == key; });
  return found == rows.end() ? nullptr : &found->second;
}

std::vector<std::string> Without(const std::vector<std::string>& texts,
                                 const std::vector<std::string>& others) {
  std::vector<std::string> left;
  for (const std::string& text : texts) {
    if (std::find(others.begin(), others.end(), text) == others.end()) left.push_back(text);
  }
  return left;
}

DrillChange::Way WayOf(const Row& before, const Row& now) {
  if (before.ready && !now.ready) return DrillChange::Way::kLost;
  return !before.ready && now.ready ? DrillChange::Way::kGained : DrillChange::Way::kOther;
}

std::string_view Word(DrillChange::Way way) {
  switch (way) {
    case DrillChange::Way::kLost:
      return "lost";
    case DrillChange::Way::kGained:
      return "gained";
    case DrillChange::Way::kOther:
      return "other";
    case DrillChange::Way::kCame:
      return "came";
    case DrillChange::Way::kWent:
      return "went";
  }
  return "";
}

struct Look {
  std::string_view title;
  Ink ink;
};

Look LookOf(DrillChange::Way way) {
  switch (way) {
    case DrillChange::Way::kLost:
      return {"Readiness lost", Ink::kRed};
    case DrillChange::Way::kGained:
      return {"Readiness gained", Ink::kGreen};
    case DrillChange::Way::kOther:
      return {"Not ready for other reasons", Ink::kYellow};
    case DrillChange::Way::kCame:
      return {"Not supposed before", Ink::kPlain};
    case DrillChange::Way::kWent:
      return {"Not supposed any more", Ink::kDim};
  }
  return {"", Ink::kPlain};
}

Json TextsJson(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& text : texts)
    list.push_back(text);
  return list;
}

}  // namespace

bool DrillChanges::has_lost() const {
  return std::any_of(changes.begin(), changes.end(), [](const DrillChange& change) {
    return change.way == DrillChange::Way::kLost ||
           (change.way == DrillChange::Way::kCame && !change.ready);
  });
}

absl::StatusOr<DrillChanges> CompareDrills(std::string_view before,
                                           absl::Time before_at,
                                           const DrillReport& report) {
  DrillChanges result;
  result.organization = report.organization;
  result.looked_at = report.looked_at;
  if (before.empty()) return result;
  const absl::StatusOr<Rows> was = RowsOf(before);
  if (!was.ok()) return was.status();
  const absl::StatusOr<Rows> is = RowsOf(DrillJson(report));
  if (!is.ok()) return is.status();
  result.compared_with = before_at;
  for (const auto& [key, now] : *is) {
    const Row* then = Find(*was, key);
    if (then == nullptr) {
      result.changes.push_back(
          {DrillChange::Way::kCame, key.first, key.second, now.ready, now.faults, {}});
      continue;
    }
    DrillChange change{WayOf(*then, now),
                       key.first,
                       key.second,
                       now.ready,
                       Without(now.faults, then->faults),
                       Without(then->faults, now.faults)};
    const bool same =
        change.way == DrillChange::Way::kOther && change.appeared.empty() && change.mended.empty();
    if (!same) result.changes.push_back(std::move(change));
  }
  for (const auto& [key, then] : *was) {
    if (Find(*is, key) == nullptr)
      result.changes.push_back(
          {DrillChange::Way::kWent, key.first, key.second, then.ready, {}, {}});
  }
  std::stable_sort(result.changes.begin(),
                   result.changes.end(),
                   [](const DrillChange& a, const DrillChange& b) { return a.way < b.way; });
  return result;
}

std::string DrillChangesText(const DrillChanges& changes, const Style& style) {
  Page page(style);
  page.Gap();
  if (changes.compared_with == absl::InfinitePast()) {
    page.Add("Changes: ", "there was no earlier drill; this one is on record now", Ink::kBold);
    return page.text();
  }
  const std::string since = "since " + TimeText(changes.compared_with);
  page.Add("Changes: ",
           changes.changes.empty() ? "none " + since
                                   : Count(changes.changes.size(), "death") + ' ' + since,
           Ink::kBold);
  std::string_view title;
  for (const DrillChange& change : changes.changes) {
    const Look look = LookOf(change.way);
    if (look.title != title) page.Add(look.title, "", look.ink);
    title = look.title;
    page.Add("  * ", change.kind + ' ' + change.name, look.ink);
    for (const std::string& text : change.appeared)
      page.Add("      + ", text);
    for (const std::string& text : change.mended)
      page.Add("      - ", text, Ink::kDim, Ink::kDim);
  }
  return page.text();
}

std::string DrillJson(const DrillReport& report, const DrillChanges& changes) {
  Json json = Json::object();
  json["compared_with"] = ToJson(changes.compared_with);
  json["lost"] = changes.has_lost();
  Json list = Json::array();
  for (const DrillChange& change : changes.changes) {
    Json item = Json::object();
    item["change"] = Word(change.way);
    item["kind"] = change.kind;
    item["name"] = change.name;
    item["ready"] = change.ready;
    item["appeared"] = TextsJson(change.appeared);
    item["mended"] = TextsJson(change.mended);
    list.push_back(std::move(item));
  }
  json["deaths"] = std::move(list);
  Json document = Json::parse(DrillJson(report));
  document["changes"] = std::move(json);
  return JsonText(document);
}

}  // namespace poolshift
