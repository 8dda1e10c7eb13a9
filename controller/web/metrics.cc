#include <algorithm>
#include <map>

#include "controller/gitops/status.h"
#include "controller/web/pages.h"

namespace poolshift {
namespace {

class Metrics {
 public:
  void Add(const std::string& name,
           const std::string& meaning,
           double value,
           const std::string& labels = "") {
    const std::string_view type = name.ends_with("_total") ? " counter\n" : " gauge\n";
    if (name != last_) {
      text_ += "# HELP " + name + ' ' + meaning + "\n# TYPE " + name;
      text_ += type;
    }
    last_ = name;
    std::string number = std::to_string(value);
    number.erase(number.find_last_not_of('0') + 1);
    if (number.ends_with('.')) number.pop_back();
    text_ += name + labels + ' ' + number + '\n';
  }
  std::string Take() { return std::move(text_); }

 private:
  std::string text_, last_;
};

double Age(absl::Time time, absl::Time now) {
  return time == absl::InfinitePast() ? -1 : absl::ToDoubleSeconds(now - time);
}

// Prometheus' exposition format: quotes, backslashes and line ends of a label's value are escaped.
std::string Label(std::string_view name, std::string_view value) {
  std::string text = "{" + std::string(name) + "=\"";
  for (const char letter : value) {
    if (letter == '\n') {
      text += "\\n";
      continue;
    }
    if (letter == '"' || letter == '\\') text += '\\';
    text += letter;
  }
  return text + "\"}";
}

void AddProviders(const Snapshot& snapshot, absl::Time now, Metrics& metrics) {
  for (const auto& [name, health] : snapshot.providers) {
    metrics.Add("poolshift_provider_answer_age_seconds",
                "Time since the provider could last look at anything; -1 = never.",
                Age(health.answered, now),
                Label("provider", name));
  }
  for (const auto& [name, health] : snapshot.providers) {
    metrics.Add("poolshift_provider_unreachable",
                "Resources that the provider could not look at in the last look.",
                static_cast<double>(health.unreachable),
                Label("provider", name));
  }
}

void AddRuns(const Snapshot& snapshot, absl::Time now, Metrics& metrics) {
  metrics.Add(
      "poolshift_gate_wait_seconds",
      "How long the gate has waited that waits longest in the run under way; 0 = none waits.",
      snapshot.running && snapshot.progress != nullptr
          ? absl::ToDoubleSeconds(snapshot.progress->waiting(now))
          : 0);
  if (snapshot.runs.empty()) return;
  const RunEntry& last = snapshot.runs.front();
  metrics.Add(
      "poolshift_last_run_ok", "1 when the last run was done.", last.outcome == "done" ? 1 : 0);
  metrics.Add("poolshift_last_run_seconds",
              "How long the last run took; until now when it has not ended.",
              absl::ToDoubleSeconds(std::min(last.ended, now) - last.started));
}

}  // namespace

std::string MetricsText(const Snapshot& snapshot, const ToldCount& told, absl::Time now) {
  const DaemonStatus status = StatusOf(snapshot);
  Metrics metrics;
  metrics.Add("poolshift_rounds", "Looks since the start.", static_cast<double>(snapshot.round));
  metrics.Add("poolshift_look_ok",
              "1 when the last look saw the world, 0 when it did not.",
              snapshot.error.empty() && snapshot.looked_at != absl::InfinitePast() ? 1 : 0);
  metrics.Add("poolshift_look_age_seconds",
              "Time since the world was last looked at; -1 = never.",
              Age(snapshot.looked_at, now));
  metrics.Add("poolshift_look_seconds",
              "How long the last look that saw the world took, with planning.",
              absl::ToDoubleSeconds(snapshot.look_took));
  metrics.Add(
      "poolshift_in_sync_age_seconds",
      "Time since the declaration that the world was last seen as came to hold; -1 = never.",
      Age(snapshot.settled_at, now));
  metrics.Add(
      "poolshift_declaration_ok",
      "1 when the newest declaration is in force, 0 when it is refused, faulty or away.",
      status.refused.empty() && status.faults.empty() && status.unreachable.empty() ? 1 : 0);
  std::map<std::string, int> drift = {
      {"traffic is affected", 0}, {"redundancy is lost", 0}, {"cosmetic", 0}, {"unknown", 0}};
  if (snapshot.drift != nullptr) {
    for (const DriftEntry& entry : snapshot.drift->entries)
      ++drift[entry.impact];
  }
  for (const auto& [impact, count] : drift) {
    metrics.Add("poolshift_drift",
                "Differences between the declaration and the world.",
                count,
                Label("severity", impact));
  }
  metrics.Add("poolshift_plan_actions", "Actions of the plan that waits.", status.actions);
  metrics.Add("poolshift_plan_age_seconds",
              "Time since this plan was first made; -1 = there is none.",
              status.actions == 0 ? -1 : Age(snapshot.planned_at, now));
  metrics.Add(
      "poolshift_approvals_missing", "People who have not agreed yet.", status.approvals_missing);
  metrics.Add("poolshift_running", "1 while a plan is being carried out.", status.running ? 1 : 0);
  metrics.Add("poolshift_pauses", "Pauses that hold.", static_cast<double>(status.pauses.size()));
  metrics.Add("poolshift_break_glass",
              "1 while windows and freezes do not hold.",
              status.openings.empty() ? 0 : 1);
  AddRuns(snapshot, now, metrics);
  AddProviders(snapshot, now, metrics);
  metrics.Add("poolshift_notifications_waiting",
              "Notifications that have not arrived yet.",
              static_cast<double>(told.waiting));
  metrics.Add("poolshift_notifications_delivered_total",
              "Notifications that have arrived.",
              static_cast<double>(told.delivered));
  metrics.Add("poolshift_notifications_failed_total",
              "Notifications that were given up.",
              static_cast<double>(told.failed));
  metrics.Add("poolshift_notifications_dropped_total",
              "Notifications that were not told, because too many waited.",
              static_cast<double>(told.dropped));
  return metrics.Take();
}

}  // namespace poolshift
