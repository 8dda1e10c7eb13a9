#include "controller/gitops/voices.h"

#include <algorithm>

namespace poolshift {
namespace {

constexpr std::string_view kWord = "word";
constexpr std::string_view kPause = "pause";
constexpr std::string_view kUnpause = "unpause";
constexpr std::string_view kBreakGlass = "break-glass";

std::string Line(std::string_view name, std::string_view value) {
  return std::string(name) + ' ' + std::string(value) + '\n';
}

std::string Nanoseconds(absl::Time time) { return std::to_string(absl::ToUnixNanos(time)); }

absl::Time UntilOf(const EventRow& event) {
  return absl::FromUnixNanos(DataNumber(event.data, "until"));
}

EventRow Event(std::string_view kind, std::string_view who, std::string_view text, absl::Time at) {
  EventRow event;
  event.kind = kind;
  event.who = who;
  event.text = text;
  event.at = at;
  return event;
}

// The value of every line with that name.
std::set<std::string> LinesOf(std::string_view data, std::string_view name) {
  std::set<std::string> values;
  while (!data.empty()) {
    const std::string_view line = data.substr(0, data.find('\n'));
    data.remove_prefix(std::min(data.size(), line.size() + 1));
    if (line.size() > name.size() && line.starts_with(name) && line[name.size()] == ' ')
      values.emplace(line.substr(name.size() + 1));
  }
  return values;
}

Word WordOf(const EventRow& event) {
  Word word;
  word.digest = DataLine(event.data, "plan");
  word.agrees = DataLine(event.data, "agrees") == "yes";
  word.also = LinesOf(event.data, "also");
  word.who = event.who;
  word.reason = event.text;
  word.at = event.at;
  return word;
}

Pause PauseOf(const EventRow& event) {
  return {DataLine(event.data, "id"),
          DataLine(event.data, "scope"),
          event.who,
          event.text,
          event.at,
          UntilOf(event)};
}

}  // namespace

EventRow WordEvent(const Word& word) {
  EventRow event = Event(kWord, word.who, word.reason, word.at);
  event.data = Line("plan", word.digest) + Line("agrees", word.agrees ? "yes" : "no");
  for (const std::string& also : word.also)
    event.data += Line("also", also);
  return event;
}

EventRow PauseEvent(const Pause& pause) {
  EventRow event = Event(kPause, pause.who, pause.reason, pause.since);
  event.data =
      Line("id", pause.id) + Line("scope", pause.scope) + Line("until", Nanoseconds(pause.until));
  return event;
}

EventRow UnpauseEvent(std::string_view id, std::string_view who, absl::Time now) {
  EventRow event = Event(kUnpause, who, "", now);
  event.data = Line("id", id);
  return event;
}

EventRow BreakGlassEvent(const BreakGlass& opening) {
  EventRow event = Event(kBreakGlass, opening.who, opening.reason, opening.since);
  event.data = Line("until", Nanoseconds(opening.until));
  return event;
}

Voices VoicesOf(const std::vector<EventRow>& events, absl::Time now) {
  Voices voices;
  for (const EventRow& event : events) {
    if (event.kind == kWord) {
      voices.words.push_back(WordOf(event));
    } else if (event.kind == kPause && now < UntilOf(event)) {
      voices.pauses.push_back(PauseOf(event));
    } else if (event.kind == kUnpause) {
      const std::string id = DataLine(event.data, "id");
      std::erase_if(voices.pauses, [&](const Pause& pause) { return pause.id == id; });
    } else if (event.kind == kBreakGlass && now < UntilOf(event)) {
      voices.openings.push_back({event.who, event.text, event.at, UntilOf(event)});
    }
  }
  return voices;
}

std::string NextPauseId(const std::vector<EventRow>& events) {
  const auto count =
      std::ranges::count_if(events, [](const EventRow& event) { return event.kind == kPause; });
  return 'p' + std::to_string(count + 1);
}

}  // namespace poolshift
