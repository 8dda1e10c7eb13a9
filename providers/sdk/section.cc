#include "providers/sdk/section.h"

#include <algorithm>
#include <utility>

#include "controller/model/diagnostics.h"

namespace poolshift::sdk {

Section::Section(const Value* value, std::string path, std::vector<std::string>& problems)
    : value_(value), path_(std::move(path)), problems_(problems) {
  if (value_ != nullptr && !value_->is_map()) {
    Fault("", "is no map");
    value_ = nullptr;
  }
}

const Value* Section::Member(std::string_view key) {
  known_.emplace_back(key);
  return value_ == nullptr ? nullptr : value_->Find(key);
}

std::string Section::Text(std::string_view key, std::string_view fallback) {
  const Value* member = Member(key);
  if (member != nullptr && !member->is_string()) Fault(key, "is no text");
  return std::string(member != nullptr && member->is_string() ? member->string() : fallback);
}

bool Section::Flag(std::string_view key, bool fallback) {
  const Value* member = Member(key);
  if (member != nullptr && !member->is_bool()) Fault(key, "is neither `true` nor `false`");
  return member != nullptr && member->is_bool() ? member->boolean() : fallback;
}

std::uint16_t Section::Port(std::string_view key, std::uint16_t fallback) {
  const Value* member = Member(key);
  if (member == nullptr) return fallback;
  if (member->is_integer() && member->integer() >= 1 && member->integer() <= 65535)
    return static_cast<std::uint16_t>(member->integer());
  Fault(key, "is no port: write a number from 1 to 65535");
  return fallback;
}

absl::Duration Section::Time(std::string_view key, absl::Duration fallback) {
  const std::string text = Text(key, absl::FormatDuration(fallback));
  absl::Duration duration;
  if (absl::ParseDuration(text, &duration) && duration >= absl::Milliseconds(10) &&
      duration <= absl::Minutes(10)) {
    return duration;
  }
  Fault(key, "is `" + text + "`: write a time from 10ms to 10m, such as `3s`");
  return fallback;
}

const Value::List& Section::List(std::string_view key) {
  static const Value::List empty;
  const Value* member = Member(key);
  if (member != nullptr && !member->is_list()) Fault(key, "is no list");
  return member != nullptr && member->is_list() ? member->list() : empty;
}

std::vector<std::string> Section::Texts(std::string_view key) {
  std::vector<std::string> texts;
  for (const Value& item : List(key)) {
    if (item.is_string()) {
      texts.push_back(item.string());
    } else {
      Fault(key, "holds `" + DisplayText(item) + "`, no text");
    }
  }
  return texts;
}

const Value::Map& Section::Map(std::string_view key) {
  static const Value::Map empty;
  const Value* member = Member(key);
  if (member != nullptr && !member->is_map()) Fault(key, "is no map");
  return member != nullptr && member->is_map() ? member->map() : empty;
}

Section Section::Below(std::string_view key) { return {Member(key), Path(key), problems_}; }

std::string Section::Path(std::string_view key) const {
  if (path_.empty() || key.empty()) return path_ + std::string(key);
  return path_ + '.' + std::string(key);
}

void Section::Fault(std::string_view key, std::string_view what) {
  problems_.push_back('`' + Path(key) + "` " + std::string(what));
}

void Section::RefuseOthers() {
  if (value_ == nullptr) return;
  for (const auto& [key, member] : value_->map()) {
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    const std::string close = ClosestName(key, known_);
    Fault(key, close.empty() ? "is unknown" : "is unknown: did you mean `" + close + "`?");
  }
}

}  // namespace poolshift::sdk
