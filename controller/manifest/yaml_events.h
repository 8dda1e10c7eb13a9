// The events of YAML text, by libyaml: scalars, lists and maps with their places, one after
// another. Strict about what is cut off or nested too deep; builds nothing.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "controller/model/diagnostics.h"
#include <yaml.h>

namespace poolshift::manifest {

inline constexpr int kMaxDepth = 64;

// `text` must have passed CheckText and outlive this.
class YamlEvents {
 public:
  explicit YamlEvents(std::string_view text);
  ~YamlEvents();
  YamlEvents(const YamlEvents&) = delete;
  YamlEvents& operator=(const YamlEvents&) = delete;

  // The next event, owned by this until the next call; null at the end of the text, when libyaml
  // refuses it, and at the first level deeper than kMaxDepth, so that depth costs no time.
  const yaml_event_t* Next();
  // After Next returned null: the whole text was read.
  bool complete() const { return complete_; }
  // After Next returned null and the text is not complete.
  Diagnostic Fault(const std::string& file);

  // Counted from 1, in bytes (libyaml counts characters). Cheap when the marks ascend.
  int ColumnOf(const yaml_mark_t& mark);

 private:
  Diagnostic Error(const std::string& file, const yaml_mark_t& mark, std::string message);
  std::size_t ByteOf(std::size_t character);
  bool AtEnd(const yaml_mark_t& mark);

  std::string_view text_;  // without a byte order mark
  bool ascii_ = true;
  std::size_t character_ = 0, byte_ = 0;        // a character and the byte that it starts at
  std::size_t line_ = 0, line_start_byte_ = 0;  // of the mark that was asked for last
  int depth_ = 0;
  bool complete_ = false;
  std::optional<yaml_mark_t> deep_at_;
  yaml_parser_t parser_{};
  yaml_event_t event_{};
  bool ready_ = false;
};

}  // namespace poolshift::manifest
