#include "controller/report/lease_report.h"

#include "controller/report/change.h"
#include "controller/report/page.h"
#include "controller/report/safe_text.h"

namespace poolshift {
namespace {

std::string StandingText(const LeaseReport::Standing& standing) {
  std::string text = standing.state;
  if (!standing.who.empty()) {
    text += " by " + SafeText(standing.who) + " on " + SafeText(standing.host) + " (process " +
            std::to_string(standing.process) + "), since " + TimeText(standing.since);
  }
  if (standing.state == "left behind") text += "; that process has ended, the next run takes over";
  if (standing.state == "broken") text += "; the next run raises the fences first";
  return text;
}

}  // namespace

std::string BreakText(const LeaseReport::Break& each) {
  return TimeText(each.at) + " by " + SafeText(each.who) + " on " + SafeText(each.host) +
         (each.former.empty() ? "" : ", held by " + SafeText(each.former)) + ": " +
         SafeText(each.reason);
}

Json BreaksJson(const std::vector<LeaseReport::Break>& breaks) {
  Json list = Json::array();
  for (const LeaseReport::Break& each : breaks) {
    list.push_back({{"at", ToJson(each.at)},
                    {"who", each.who},
                    {"host", each.host},
                    {"reason", each.reason},
                    {"held_by", each.former},
                    {"token", each.token}});
  }
  return list;
}

std::string LeaseText(const LeaseReport& report, const Style& style) {
  Page page(style);
  const LeaseReport::Standing& standing = report.standing;
  page.Add("lease   ", StandingText(standing), Ink::kDim);
  page.Add(
      "token   ", standing.token == 0 ? "none yet" : std::to_string(standing.token), Ink::kDim);
  for (const LeaseReport::Break& each : report.breaks) {
    page.Add("broken  ", BreakText(each), Ink::kDim);
  }
  return page.text();
}

std::string LeaseJson(const LeaseReport& report) {
  Json json = Json::object();
  json["format_version"] = kFormatVersion;
  json["organization"] = report.organization;
  json["state"] = report.standing.state;
  json["token"] = report.standing.token;
  json["holder"] = nullptr;
  if (!report.standing.who.empty()) {
    json["holder"] = {{"who", report.standing.who},
                      {"host", report.standing.host},
                      {"process", report.standing.process},
                      {"since", ToJson(report.standing.since)}};
  }
  json["breaks"] = BreaksJson(report.breaks);
  return JsonText(json);
}

}  // namespace poolshift
