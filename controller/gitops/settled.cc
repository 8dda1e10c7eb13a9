#include "controller/gitops/settled.h"

#include <algorithm>

#include "controller/diff/difference.h"
#include "controller/gitops/kept_json.h"

namespace poolshift {
namespace {

constexpr std::size_t kLargest = std::size_t{512} << 20;

constexpr std::string_view kSettled = "/settled.json";
constexpr std::string_view kInForce = "/in-force.json";

std::optional<std::pair<std::string, std::string>> NamedText(const nlohmann::json& item) {
  if (!item.is_array() || item.size() != 2 || !item[0].is_string() || !item[1].is_string())
    return std::nullopt;
  return std::pair(item[0].get<std::string>(), item[1].get<std::string>());
}

absl::StatusOr<std::optional<Settled>> ReadFrom(Files& files, const std::string& path) {
  const absl::StatusOr<std::string> text = files.Read(path, kLargest);
  if (absl::IsNotFound(text.status())) return std::nullopt;
  if (!text.ok()) return text.status();
  const nlohmann::json json = nlohmann::json::parse(*text, nullptr, /*allow_exceptions=*/false);
  const absl::Status broken = absl::DataLossError(
      path +
      ": no record of a declaration; remove it, and it is written anew at the next look that finds "
      "what it records");
  if (!json.is_object() || !json.contains("texts") || !json["texts"].is_array()) return broken;
  Settled settled;
  settled.commit = TextIn(json, "commit");
  settled.goal = TextIn(json, "goal");
  settled.source = TextIn(json, "source");
  const auto at = json.find("at");
  if (at != json.end() && at->is_number_integer())
    settled.at = absl::FromUnixSeconds(at->get<std::int64_t>());
  for (const nlohmann::json& item : json["texts"]) {
    std::optional<std::pair<std::string, std::string>> named = NamedText(item);
    if (!named.has_value()) return broken;
    settled.texts.push_back(*std::move(named));
  }
  if (json.contains("lock")) {
    settled.lock = NamedText(json["lock"]);
    if (!settled.lock.has_value()) return broken;
  }
  return settled;
}

absl::Status WriteTo(Files& files, const std::string& path, const Settled& settled) {
  nlohmann::json json = {{"commit", settled.commit},
                         {"goal", settled.goal},
                         {"source", settled.source},
                         {"at", absl::ToUnixSeconds(settled.at)},
                         {"texts", nlohmann::json::array()}};
  for (const auto& [name, text] : settled.texts)
    json["texts"].push_back({name, text});
  if (settled.lock.has_value()) json["lock"] = {settled.lock->first, settled.lock->second};
  return WriteKept(files, path, json);
}

}  // namespace

absl::StatusOr<std::optional<Settled>> ReadSettled(Files& files,
                                                   const std::string& state_directory) {
  return ReadFrom(files, state_directory + std::string(kSettled));
}

absl::Status WriteSettled(Files& files,
                          const std::string& state_directory,
                          const Settled& settled) {
  return WriteTo(files, state_directory + std::string(kSettled), settled);
}

absl::StatusOr<std::optional<Settled>> ReadInForce(Files& files,
                                                   const std::string& state_directory) {
  return ReadFrom(files, state_directory + std::string(kInForce));
}

absl::Status WriteInForce(Files& files,
                          const std::string& state_directory,
                          const Settled& settled) {
  return WriteTo(files, state_directory + std::string(kInForce), settled);
}

Cause CauseOf(const Organization* settled, const DriftReport& now, const ObservedState& observed) {
  Cause cause;
  std::set<std::string> before;
  if (settled != nullptr) {
    for (const Difference& difference : Differences(*settled, observed))
      before.insert(difference.Fingerprint());
  }
  for (const DriftEntry& entry : now.entries) {
    if (settled == nullptr || before.contains(entry.fingerprint))
      cause.drifted.insert(entry.resource);
  }
  cause.drift_only = std::ranges::all_of(
      now.entries, [&](const DriftEntry& entry) { return cause.drifted.contains(entry.resource); });
  return cause;
}

}  // namespace poolshift
