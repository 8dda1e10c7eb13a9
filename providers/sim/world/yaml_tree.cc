#include "providers/sim/world/yaml_tree.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "controller/yaml/plain_reader.h"
#include <yaml.h>

namespace poolshift::sim {
namespace {

constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxBytes = 64u << 20;

std::string_view TextOf(const yaml_char_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

Value PlainScalar(std::string_view text) {
  if (text.empty() || text == "~" || text == "null") return {};
  if (text == "true") return true;
  if (text == "false") return false;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::size_t digits = text.front() == '-' ? 1 : 0;
  const bool leading_zero = text.size() > digits + 1 && text[digits] == '0';
  if (error == std::errc() && end == text.data() + text.size() && !leading_zero) return number;
  return text;
}

// Walks libyaml's events; the first fault ends the walk.
class Reader {
 public:
  Reader(std::string_view text, std::string_view file, std::map<std::string, Origin>* positions)
      : file_(file), positions_(positions) {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(
        &parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() {
    yaml_event_delete(&event_);
    yaml_parser_delete(&parser_);
  }

  Value Document(Diagnostics& out) {
    Value root;
    if (Next() && Next() && event_.type == YAML_DOCUMENT_START_EVENT && Next()) {
      root = Node(0);
      if (!failed() && Next() && event_.type == YAML_DOCUMENT_START_EVENT) {
        Fail("more than one document", "a world file holds one document; remove `---`");
      }
    }
    if (!failed()) return root;
    out.Add(fault_);
    return {};
  }

 private:
  bool Next() {
    yaml_event_delete(&event_);
    if (yaml_parser_parse(&parser_, &event_) == 0) {
      ParserFault();
      return false;
    }
    return true;
  }

  void ParserFault() {
    const bool reader = parser_.error == YAML_READER_ERROR;
    const yaml_mark_t mark = reader ? parser_.mark : parser_.problem_mark;
    fault_ = {
        Diagnostic::Severity::kError,
        {std::string(file_), static_cast<int>(mark.line) + 1, static_cast<int>(mark.column) + 1},
        std::string("not readable as YAML: ") + (parser_.problem ? parser_.problem : "unknown"),
        reader ? "the file must be UTF-8 text without control characters" : ""};
    event_ = {};
  }

  Origin Here() const {
    return {std::string(file_),
            static_cast<int>(event_.start_mark.line) + 1,
            static_cast<int>(event_.start_mark.column) + 1};
  }

  void Fail(std::string message, std::string hint = "") {
    if (!fault_.message.empty()) return;
    fault_ = {Diagnostic::Severity::kError, Here(), std::move(message), std::move(hint)};
  }

  bool failed() const { return !fault_.message.empty(); }

  // Reads the node whose first event is current, and leaves the event after it current.
  Value Node(int depth) {
    if (failed()) return {};
    if (positions_ != nullptr) positions_->emplace(path_, Here());
    if (depth > kMaxDepth) Fail("nested more than 32 deep");
    switch (event_.type) {
      case YAML_SCALAR_EVENT:
        return Scalar();
      case YAML_SEQUENCE_START_EVENT:
        return Sequence(depth);
      case YAML_MAPPING_START_EVENT:
        return Mapping(depth);
      case YAML_ALIAS_EVENT:
        Fail("aliases are not part of world files", "write the value out");
        return {};
      default:
        Fail("unexpected structure");
        return {};
    }
  }

  void RefuseAnchor(const yaml_char_t* anchor, const yaml_char_t* tag) {
    if (anchor != nullptr) Fail("anchors are not part of world files", "write the value out");
    if (tag != nullptr) Fail("tags are not part of world files", "quote the value if it is text");
  }

  Value Scalar() {
    const auto& scalar = event_.data.scalar;
    RefuseAnchor(scalar.anchor, scalar.tag);
    const std::string_view text = TextOf(scalar.value, scalar.length);
    const bool plain = scalar.style == YAML_PLAIN_SCALAR_STYLE;
    Value value = plain ? PlainScalar(text) : Value(text);
    if (!failed()) Next();
    return value;
  }

  Value Sequence(int depth) {
    RefuseAnchor(event_.data.sequence_start.anchor, event_.data.sequence_start.tag);
    Value::List items;
    if (failed() || !Next()) return {};
    const std::size_t path_size = path_.size();
    while (!failed() && event_.type != YAML_SEQUENCE_END_EVENT) {
      Descend(std::to_string(items.size()));
      items.push_back(Node(depth + 1));
      path_.resize(path_size);
    }
    if (!failed()) Next();
    return items;
  }

  Value Mapping(int depth) {
    RefuseAnchor(event_.data.mapping_start.anchor, event_.data.mapping_start.tag);
    Value::Map members;
    if (failed() || !Next()) return {};
    const std::size_t path_size = path_.size();
    while (!failed() && event_.type != YAML_MAPPING_END_EVENT) {
      if (event_.type != YAML_SCALAR_EVENT) {
        Fail("a key must be plain text");
        break;
      }
      RefuseAnchor(event_.data.scalar.anchor, event_.data.scalar.tag);
      std::string key(TextOf(event_.data.scalar.value, event_.data.scalar.length));
      if (members.contains(key)) Fail("duplicate key `" + key + "`", "remove one of the two");
      if (failed() || !Next()) break;
      Descend(key);
      members.emplace(std::move(key), Node(depth + 1));
      path_.resize(path_size);
    }
    if (!failed()) Next();
    return members;
  }

  void Descend(std::string_view step) {
    if (positions_ == nullptr) return;
    if (!path_.empty()) path_ += '/';
    path_ += step;
  }

  yaml_parser_t parser_{};
  yaml_event_t event_{};
  std::string_view file_;
  std::map<std::string, Origin>* positions_;
  std::string path_;
  Diagnostic fault_;
};

// The same Value that Reader makes of a text without faults.
Value ToValue(yaml::Node node) {
  if (node.is_scalar()) return node.plain() ? PlainScalar(node.text()) : Value(node.text());
  if (node.is_list()) {
    Value::List items;
    for (yaml::Node item = node.first(); item; item = item.next())
      items.push_back(ToValue(item));
    return items;
  }
  Value::Map members;
  for (yaml::Node key = node.first(); key; key = key.next().next())
    members.emplace(key.text(), ToValue(key.next()));
  return members;
}

// ---- text ----

bool IsPlain(std::string_view text) {
  if (text.empty() || text.size() > 200 || !PlainScalar(text).is_string()) return false;
  const auto word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return word(text.front()) && word(text.back()) && std::ranges::all_of(text, [&](char c) {
           return word(c) || c == '.' || c == '-' || c == '/' || c == ' ';
         });
}

std::string ScalarText(const Value& value) {
  if (value.is_null()) return "null";
  if (value.is_string() && IsPlain(value.string())) return value.string();
  return CanonicalText(value);
}

std::string KeyText(std::string_view key) {
  std::string quoted;
  if (IsPlain(key)) return std::string(key);
  AppendJsonString(key, quoted);
  return quoted;
}

std::string FlowText(const Value& value) {
  std::string out;
  if (value.is_list()) {
    for (const Value& item : value.list())
      out += (out.empty() ? "" : ", ") + FlowText(item);
    return "[" + out + "]";
  }
  if (value.is_map()) {
    for (const auto& [key, member] : value.map()) {
      out += (out.empty() ? "" : ", ") + KeyText(key) + ": " + FlowText(member);
    }
    return "{" + out + "}";
  }
  return ScalarText(value);
}

bool IsFlat(const Value& value) {
  const auto scalar = [](const Value& item) { return !item.is_list() && !item.is_map(); };
  if (value.is_list()) return std::ranges::all_of(value.list(), scalar);
  if (!value.is_map()) return true;
  return std::ranges::all_of(value.map(),
                             [&](const auto& member) { return scalar(member.second); });
}

void AppendBlock(const Value& value, std::size_t indent, std::string& out);

void AppendMember(const Value& value, std::size_t indent, std::string& out) {
  if (IsFlat(value) || (value.is_map() && value.map().empty())) {
    std::string flow = FlowText(value);
    if (flow.size() + indent < 110 || !(value.is_list() || value.is_map())) {
      out += ' ' + flow + '\n';
      return;
    }
  }
  out += '\n';
  AppendBlock(value, indent + 2, out);
}

void AppendBlock(const Value& value, std::size_t indent, std::string& out) {
  const std::string margin(indent, ' ');
  if (value.is_list()) {
    for (const Value& item : value.list()) {
      out += margin + '-';
      AppendMember(item, indent, out);
    }
  } else if (value.is_map()) {
    for (const auto& [key, member] : value.map()) {
      out += margin + KeyText(key) + ':';
      AppendMember(member, indent, out);
    }
  } else {
    out += margin + ScalarText(value) + '\n';
  }
}

}  // namespace

Value ParseYaml(std::string_view text, std::string_view file, Diagnostics& out) {
  if (text.size() > kMaxBytes) {
    out.Error({std::string(file), 0, 0}, "larger than 64 MiB", "split the organisation");
    return {};
  }
  if (const std::optional<yaml::Tree> plain = yaml::ReadPlainYaml(text)) {
    const std::vector<yaml::Node> documents = plain->Documents();
    if (documents.size() == 1) return ToValue(documents.front());
  }
  return Reader(text, file, nullptr).Document(out);
}

std::map<std::string, Origin> NodePositions(std::string_view text, std::string_view file) {
  std::map<std::string, Origin> positions;
  Diagnostics ignored;
  Reader(text, file, &positions).Document(ignored);
  return positions;
}

std::string YamlText(const Value& value) {
  std::string out;
  if (value.is_map() && value.map().empty()) return "{}\n";
  AppendBlock(value, 0, out);
  return out;
}

}  // namespace poolshift::sim
