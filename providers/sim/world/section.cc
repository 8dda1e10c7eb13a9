#include "providers/sim/world/section.h"

#include <algorithm>

#include "controller/model/diagnostics.h"

namespace poolshift::sim {

Section::Section(const Value* value, std::string path, Complaints& out)
    : value_(value), path_(std::move(path)), out_(&out) {
  if (value_ == nullptr || value_->is_null()) {
    value_ = nullptr;
  } else if (!value_->is_map()) {
    out_->push_back({path_, "must be a map of `key: value`", ""});
    value_ = nullptr;
  }
}

Section::~Section() {
  if (value_ == nullptr || asked_all_) return;
  for (const auto& [key, member] : value_->map()) {
    if (std::ranges::find(asked_, key) != asked_.end()) continue;
    const std::string closest = ClosestName(key, asked_);
    Complain(key,
             "unknown key `" + key + "`",
             closest.empty() ? "docs/sim.md lists the keys" : "did you mean `" + closest + "`?");
  }
}

bool Section::Has(std::string_view key) const {
  const Value* member = value_ == nullptr ? nullptr : value_->Find(key);
  return member != nullptr && !member->is_null();
}

const Value* Section::Take(std::string_view key) {
  asked_.emplace_back(key);
  return Has(key) ? value_->Find(key) : nullptr;
}

std::string Section::Text(std::string_view key, std::string_view fallback) {
  const Value* member = Take(key);
  if (member == nullptr) return std::string(fallback);
  if (member->is_string()) return member->string();
  Complain(key, "`" + std::string(key) + "` must be text", "put it in quotes");
  return std::string(fallback);
}

bool Section::Flag(std::string_view key, bool fallback) {
  const Value* member = Take(key);
  if (member == nullptr) return fallback;
  if (member->is_bool()) return member->boolean();
  Complain(key, "`" + std::string(key) + "` must be true or false");
  return fallback;
}

std::int64_t Section::Integer(std::string_view key, std::int64_t fallback, std::int64_t least) {
  const Value* member = Take(key);
  if (member == nullptr) return fallback;
  if (member->is_integer() && member->integer() >= least) return member->integer();
  Complain(
      key,
      "`" + std::string(key) + "` must be a whole number of at least " + std::to_string(least));
  return fallback;
}

absl::Duration Section::Duration(std::string_view key, absl::Duration fallback) {
  if (Has(key) && *value_->Find(key) == Value(0)) {
    Take(key);
    return absl::ZeroDuration();
  }
  const std::string text = Text(key, "");
  absl::Duration duration;
  if (text.empty()) return fallback;
  if (absl::ParseDuration(text, &duration) && duration >= absl::ZeroDuration()) return duration;
  Complain(key, "`" + text + "` is no duration", "write 200ms, 5s or 2m");
  return fallback;
}

absl::Time Section::Moment(std::string_view key, absl::Time fallback) {
  if (!Has(key)) {
    Take(key);
    return fallback;
  }
  const std::int64_t milliseconds = Integer(key, 0, -1);
  if (milliseconds == 0) return absl::InfinitePast();
  if (milliseconds == -1) return absl::InfiniteFuture();
  return absl::FromUnixMillis(milliseconds);
}

std::vector<std::string> Section::Texts(std::string_view key) {
  const Value* member = Take(key);
  std::vector<std::string> texts;
  if (member == nullptr) return texts;
  if (member->is_string()) return {member->string()};
  const bool list = member->is_list();
  if (!list || !std::ranges::all_of(member->list(), [](const Value& v) { return v.is_string(); })) {
    Complain(key, "`" + std::string(key) + "` must be a list of texts");
    return texts;
  }
  for (const Value& item : member->list())
    texts.push_back(item.string());
  return texts;
}

bool Section::Power(std::string_view key, bool fallback) {
  const std::string text = Text(key, fallback ? "on" : "off");
  if (text != "on" && text != "off") Complain(key, "`" + text + "` is neither on nor off");
  return text == "on";
}

void Section::ForEach(std::string_view key, const Each& each) {
  const Value* map = key.empty() ? value_ : Take(key);
  if (key.empty()) asked_all_ = true;
  if (map == nullptr) return;
  if (!map->is_map()) {
    Complain(key, "`" + std::string(key) + "` must be a map of `name: ...`");
    return;
  }
  const std::string path = key.empty() ? path_ : PathOf(key);
  for (const auto& [name, member] : map->map()) {
    each(name, member, path.empty() ? name : path + '/' + name);
  }
}

std::string Section::PathOf(std::string_view key) const {
  if (path_.empty()) return std::string(key);
  return path_ + '/' + std::string(key);
}

void Section::Complain(std::string_view key, std::string message, std::string hint) {
  out_->push_back({key.empty() ? path_ : PathOf(key), std::move(message), std::move(hint)});
}

void CheckHostName(std::string_view name, const std::string& path, Complaints& out) {
  const bool good = !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
  if (!good) {
    out.push_back({path,
                   "`" + std::string(name) + "` is no host name",
                   "lower-case letters, digits, `-`, `_` and dots"});
  }
}

}  // namespace poolshift::sim
