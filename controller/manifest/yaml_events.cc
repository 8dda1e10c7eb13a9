#include "controller/manifest/yaml_events.h"

#include <algorithm>

namespace poolshift::manifest {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char letter) {
    return static_cast<unsigned char>(letter) < 0x80;
  });
}

bool ContinuesCharacter(char letter) {
  return (static_cast<unsigned char>(letter) & 0xC0U) == 0x80;
}

}  // namespace

YamlEvents::YamlEvents(std::string_view text) : text_(text), ascii_(IsAscii(text)) {
  ready_ = yaml_parser_initialize(&parser_) == 1;
  if (!ready_) return;
  yaml_parser_set_input_string(
      &parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
}

YamlEvents::~YamlEvents() {
  yaml_event_delete(&event_);
  if (ready_) yaml_parser_delete(&parser_);
}

const yaml_event_t* YamlEvents::Next() {
  if (!ready_ || complete_ || deep_at_) return nullptr;
  yaml_event_delete(&event_);
  if (yaml_parser_parse(&parser_, &event_) == 0) return nullptr;
  switch (event_.type) {
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
      if (++depth_ > kMaxDepth) deep_at_ = event_.start_mark;
      break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
      --depth_;
      break;
    case YAML_STREAM_END_EVENT:
      complete_ = true;
      break;
    default:
      break;
  }
  return complete_ || deep_at_ ? nullptr : &event_;
}

Diagnostic YamlEvents::Fault(const std::string& file) {
  if (deep_at_) {
    const std::string limit = std::to_string(kMaxDepth);
    return Error(file, *deep_at_, "nested deeper than " + limit + " levels");
  }
  std::string what = "not YAML";
  if (ready_ && parser_.context != nullptr) what += std::string(": ") + parser_.context;
  if (ready_ && parser_.problem != nullptr) what += std::string(": ") + parser_.problem;
  // What the end of the file cuts off is shown where it began; all else where it was noticed.
  const bool cut_off = parser_.context != nullptr && AtEnd(parser_.problem_mark);
  return Error(file, cut_off ? parser_.context_mark : parser_.problem_mark, what);
}

Diagnostic YamlEvents::Error(const std::string& file,
                             const yaml_mark_t& mark,
                             std::string message) {
  return {Diagnostic::Severity::kError,
          {file, static_cast<int>(mark.line) + 1, ColumnOf(mark)},
          std::move(message),
          ""};
}

// From the character that was asked for last, so that ascending marks cost one walk together.
std::size_t YamlEvents::ByteOf(std::size_t character) {
  for (; character_ < character && byte_ < text_.size(); ++character_) {
    for (++byte_; byte_ < text_.size() && ContinuesCharacter(text_[byte_]);)
      ++byte_;
  }
  for (; character_ > character && byte_ > 0; --character_) {
    for (--byte_; byte_ > 0 && ContinuesCharacter(text_[byte_]);)
      --byte_;
  }
  return byte_;
}

int YamlEvents::ColumnOf(const yaml_mark_t& mark) {
  if (ascii_) return static_cast<int>(mark.column) + 1;
  if (mark.line != line_) {
    line_start_byte_ = ByteOf(mark.index - mark.column);
    line_ = mark.line;
  }
  return static_cast<int>(ByteOf(mark.index) - line_start_byte_) + 1;
}

bool YamlEvents::AtEnd(const yaml_mark_t& mark) {
  const std::size_t at = ascii_ ? mark.index : ByteOf(mark.index);
  return at >= text_.size();
}

}  // namespace poolshift::manifest
