#include "controller/manifest/strict_scan.h"

#include <algorithm>
#include <string>

#include "controller/manifest/text_check.h"
#include <yaml.h>

namespace poolshift::manifest {
namespace {

class EventStream {
 public:
  explicit EventStream(std::string_view text) : text_(text) {
    ready_ = yaml_parser_initialize(&parser_) == 1;
    if (!ready_) return;
    yaml_parser_set_input_string(
        &parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  ~EventStream() {
    if (ready_) yaml_parser_delete(&parser_);
  }
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  // Whether all of the text is YAML of a bearable depth.
  bool ReadAll() {
    if (!ready_) return false;
    for (;;) {
      yaml_event_t event;
      if (yaml_parser_parse(&parser_, &event) == 0) return false;
      Count(event);
      const bool last = event.type == YAML_STREAM_END_EVENT;
      yaml_event_delete(&event);
      if (last || deep_at_) return !deep_at_;
    }
  }
  std::size_t nodes() const { return nodes_; }

  // After ReadAll returned false.
  Diagnostic Fault(std::string_view file) const {
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

 private:
  Diagnostic Error(std::string_view file, const yaml_mark_t& mark, std::string message) const {
    const int line = static_cast<int>(mark.line) + 1;
    const Origin origin{std::string(file), line, static_cast<int>(ByteColumn(mark)) + 1};
    return {Diagnostic::Severity::kError, origin, std::move(message), ""};
  }

  // The text from the start of the mark's line.
  std::string_view FromLine(const yaml_mark_t& mark) const {
    std::string_view rest = text_.substr(text_.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0);
    for (std::size_t line = 0; line < mark.line; ++line) {
      rest.remove_prefix(std::min(rest.find('\n') + 1, rest.size()));
    }
    return rest;
  }

  // libyaml counts characters; origins count bytes.
  std::size_t ByteColumn(const yaml_mark_t& mark) const {
    const std::string_view line = FromLine(mark);
    std::size_t bytes = 0;
    for (std::size_t column = 0; column < mark.column && bytes < line.size(); ++column) {
      bytes += std::max<std::size_t>(1, FirstCharacter(line.substr(bytes)).size);
    }
    return bytes;
  }

  bool AtEnd(const yaml_mark_t& mark) const { return ByteColumn(mark) >= FromLine(mark).size(); }

  void Count(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_SEQUENCE_START_EVENT:
      case YAML_MAPPING_START_EVENT:
        ++nodes_;
        if (++depth_ > kMaxDepth) deep_at_ = event.start_mark;
        break;
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        --depth_;
        break;
      case YAML_SCALAR_EVENT:
      case YAML_ALIAS_EVENT:
        ++nodes_;
        break;
      default:
        break;
    }
  }

  std::string_view text_;
  std::size_t nodes_ = 0;
  int depth_ = 0;
  std::optional<yaml_mark_t> deep_at_;
  yaml_parser_t parser_{};
  bool ready_ = false;
};

}  // namespace

std::optional<std::size_t> ScanStrictly(std::string_view file,
                                        std::string_view text,
                                        Diagnostics& diagnostics) {
  EventStream events(text);
  if (events.ReadAll()) return events.nodes();
  diagnostics.Add(events.Fault(file));
  return std::nullopt;
}

}  // namespace poolshift::manifest
