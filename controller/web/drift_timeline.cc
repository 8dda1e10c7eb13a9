#include "controller/web/drift_timeline.h"

#include <algorithm>

#include "controller/model/whole_letters.h"
#include "controller/report/change.h"
#include "controller/report/markup_text.h"
#include "controller/web/markup.h"

namespace poolshift::web {
namespace {

constexpr int kNames = 330, kWide = 760, kRow = 26, kAxis = 24, kBar = 14, kLeast = 3;
constexpr int kLabel = 84;  // the longest text of the axis
constexpr absl::Duration kLongestPast = absl::Hours(24 * 30);

// From `begin` to `end` as places in the picture.
struct Span {
  absl::Time begin, end;
  int At(absl::Time time) const {
    const double part = absl::FDivDuration(std::clamp(time, begin, end) - begin,
                                           std::max(end - begin, absl::Seconds(1)));
    return kNames + static_cast<int>(part * kWide);
  }
};

absl::Time EndOf(const DriftPast::Period& period, absl::Time now) {
  return period.gone == absl::InfiniteFuture() ? now : period.gone;
}

// All that is known, a little more than that, and not more than `kLongestPast`.
Span SpanOf(const std::vector<DriftPast>& past, absl::Time now) {
  absl::Time begin = now - absl::Hours(1);
  for (const DriftPast& each : past) {
    for (const DriftPast::Period& period : each.periods)
      begin = std::min(begin, period.first_seen);
  }
  return {std::max(begin - (now - begin) / 50, now - kLongestPast), now};
}

// Between lines of the axis: the shortest of these with which there are at most eight.
absl::Duration StepOf(const Span& span) {
  constexpr int kMostLines = 8;
  constexpr absl::Duration kSteps[] = {absl::Minutes(10),
                                       absl::Minutes(30),
                                       absl::Hours(1),
                                       absl::Hours(3),
                                       absl::Hours(6),
                                       absl::Hours(12),
                                       absl::Hours(24),
                                       absl::Hours(72)};
  for (const absl::Duration step : kSteps)
    if ((span.end - span.begin) / step <= kMostLines) return step;
  return absl::Hours(24 * 7);
}

std::string Text(int x, int y, std::string_view ink, std::string_view text) {
  return "<text x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y) +
         "\" font-size=\"12\" fill=\"var(--" + std::string(ink) + ")\">" + MarkupText(text) +
         "</text>";
}

std::string Axis(const Span& span, int height) {
  const absl::Duration step = StepOf(span);
  const bool days = step >= absl::Hours(24);
  std::string text;
  for (absl::Time time = absl::UnixEpoch() + absl::Ceil(span.begin - absl::UnixEpoch(), step);
       time <= span.end;
       time += step) {
    const int x = span.At(time);
    text += "<path d=\"M" + std::to_string(x) + ' ' + std::to_string(kAxis) + " V" +
            std::to_string(height) + "\" stroke=\"var(--line)\"/>";
    if (x + kLabel > kNames + kWide) continue;
    text += Text(x + 3,
                 kAxis - 8,
                 "soft",
                 absl::FormatTime(days ? "%b %d" : "%b %d %H:%M", time, absl::UTCTimeZone()));
  }
  return text + '\n';
}

std::string Name(const DriftPast& past) {
  constexpr std::size_t kLetters = 48;
  const std::string name = past.resource + ' ' + past.property;
  if (name.size() <= kLetters) return name;
  return name.substr(0, WholeLetters(name, kLetters - 1)) + "…";
}

std::string_view InkOf(const DriftPast& past) {
  if (past.periods.back().gone != absl::InfiniteFuture()) return "soft";
  return past.impact.starts_with("traffic") ? "bad" : "warn";
}

std::string Row(const DriftPast& past, const Span& span, int y) {
  std::string text =
      "<g><title>" + MarkupText(past.text) + "</title>" + Text(8, y + kBar, "ink", Name(past));
  for (const DriftPast::Period& period : past.periods) {
    const absl::Time end = EndOf(period, span.end);
    if (end < span.begin) continue;
    const int x = span.At(period.first_seen);
    text += "<rect x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y + 3) + "\" width=\"" +
            std::to_string(std::max(span.At(end) - x, kLeast)) + "\" height=\"" +
            std::to_string(kBar) + "\" rx=\"2\" fill=\"var(--" + std::string(InkOf(past)) + ")\"/>";
  }
  return text + "</g>\n";
}

std::string Picture(const std::vector<DriftPast>& past, absl::Time now) {
  const Span span = SpanOf(past, now);
  const int height = kAxis + static_cast<int>(past.size()) * kRow + 8;
  const int width = kNames + kWide + 16;
  std::string text =
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Time line of "
      "differences\"><svg width=\"" +
      std::to_string(width) + "\" height=\"" + std::to_string(height) +
      "\" role=\"img\" aria-label=\"When there were differences; the table below says the "
      "same\">\n" +
      Axis(span, height);
  int y = kAxis;
  for (const DriftPast& each : past) {
    text += Row(each, span, y);
    y += kRow;
  }
  return text + "</svg></div>\n";
}

std::string Periods(const DriftPast& past) {
  constexpr std::size_t kShown = 3;
  std::string text;
  const std::size_t first = past.periods.size() - std::min(past.periods.size(), kShown);
  for (std::size_t i = past.periods.size(); i-- > first;) {
    const DriftPast::Period& period = past.periods[i];
    const bool open = period.gone == absl::InfiniteFuture();
    if (!text.empty()) text += "<br>";
    text += TimeTag(period.first_seen) + (open ? " until now" : " to " + TimeTag(period.gone));
    if (!open) text += " (" + DurationText(period.gone - period.first_seen) + ')';
  }
  const std::size_t earlier = first + past.earlier;
  if (earlier > 0) text += "<br>and " + Count(earlier, "time") + " before";
  return text;
}

}  // namespace

std::string DriftTimeline(const std::vector<DriftPast>& past, absl::Time now) {
  if (past.empty()) return "<p>No difference is on record.</p>\n";
  std::string text =
      Picture(past, now) +
      "<p class=\"soft\"><code>poolshift drift --history</code> prints all of it.</p>\n"
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table of what was "
      "different\"><table><thead><tr><th scope=\"col\">Severity</th><th scope=\"col\">What</th><th "
      "scope=\"col\">When</th></tr></thead><tbody>\n";
  for (const DriftPast& each : past) {
    text += "<tr><td>" + MarkupText(each.impact) + "</td><td>" +
            MarkupText(each.text.empty() ? each.resource + ' ' + each.property : each.text) +
            "</td><td>" + Periods(each) + "</td></tr>\n";
  }
  return text + "</tbody></table></div>\n";
}

}  // namespace poolshift::web
