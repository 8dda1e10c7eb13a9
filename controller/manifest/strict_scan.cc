#include "controller/manifest/strict_scan.h"

#include <string>

#include <yaml.h>

namespace poolshift::manifest {
namespace {

class EventStream {
 public:
  explicit EventStream(std::string_view text) {
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

  // Whether all of the text is YAML.
  bool ReadAll() {
    if (!ready_) return false;
    for (;;) {
      yaml_event_t event;
      if (yaml_parser_parse(&parser_, &event) == 0) return false;
      const bool last = event.type == YAML_STREAM_END_EVENT;
      yaml_event_delete(&event);
      if (last) return true;
    }
  }

  // After ReadAll returned false.
  Diagnostic Fault(std::string_view file) const {
    std::string what = "not YAML";
    if (ready_ && parser_.context != nullptr) what += std::string(": ") + parser_.context;
    if (ready_ && parser_.problem != nullptr) what += std::string(": ") + parser_.problem;
    const bool in_context = parser_.context != nullptr;
    const yaml_mark_t& mark = in_context ? parser_.context_mark : parser_.problem_mark;
    return {Diagnostic::Severity::kError,
            {std::string(file), static_cast<int>(mark.line) + 1, static_cast<int>(mark.column) + 1},
            what,
            ""};
  }

 private:
  yaml_parser_t parser_{};
  bool ready_ = false;
};

}  // namespace

bool ScanStrictly(std::string_view file, std::string_view text, Diagnostics& diagnostics) {
  EventStream events(text);
  if (events.ReadAll()) return true;
  diagnostics.Add(events.Fault(file));
  return false;
}

}  // namespace poolshift::manifest
