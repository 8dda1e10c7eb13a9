#include "controller/manifest/emitter.h"

#include <algorithm>

#include "controller/manifest/schema.h"

namespace poolshift::manifest {
namespace {

bool IsWordLetter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || letter == '-' || letter == '.' || letter == '_' ||
         letter == '/';
}

bool IsSpecialWord(std::string_view text) {
  std::string lower(text);
  for (char& letter : lower) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  for (const std::string_view word :
       {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}) {
    if (lower == word) return true;
  }
  return false;
}

bool IsBare(std::string_view text) {
  if (text.empty() || IsSpecialWord(text)) return false;
  const bool letter_first =
      (text[0] >= 'a' && text[0] <= 'z') || (text[0] >= 'A' && text[0] <= 'Z');
  const bool address =
      std::count(text.begin(), text.end(), '.') > 1;  // no reader takes 1.2.3 for a number
  return (letter_first || (address && text[0] >= '0' && text[0] <= '9')) &&
         std::all_of(text.begin(), text.end(), IsWordLetter);
}

// A reason comes from outside: it must not end its comment.
std::string OneLine(std::string text) {
  std::replace_if(
      text.begin(),
      text.end(),
      [](char letter) { return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f; },
      ' ');
  return text;
}

}  // namespace

std::string Scalar(std::string_view text) {
  if (IsBare(text)) return std::string(text);
  std::string quoted;
  AppendJsonString(text, quoted);
  return quoted;
}

std::string FlowList(const std::vector<std::string>& items) {
  std::string text = "[";
  for (const std::string& item : items)
    text += (text.size() == 1 ? "" : ", ") + Scalar(item);
  return text + ']';
}

std::string Flow(const Value& value) {
  if (value.is_string()) return Scalar(value.string());
  std::string text;
  if (value.is_list()) {
    for (const Value& item : value.list())
      text += (text.empty() ? "" : ", ") + Flow(item);
    return '[' + text + ']';
  }
  if (value.is_map()) {
    for (const auto& [key, member] : value.map()) {
      text += (text.empty() ? "" : ", ") + Scalar(key) + ": " + Flow(member);
    }
    return '{' + text + '}';
  }
  return CanonicalText(value);
}

std::string FlowMap(const std::vector<std::pair<std::string_view, std::string>>& members) {
  std::string text;
  for (const auto& [key, yaml] : members) {
    if (yaml.empty()) continue;
    text += (text.empty() ? "" : ", ") + std::string(key) + ": " + yaml;
  }
  return '{' + text + '}';
}

Emitter::Emitter(const std::vector<Remark>& remarks) {
  for (const Remark& remark : remarks)
    remarks_[{remark.kind, remark.name}].push_back(remark);
}

// Comments on the document itself stand at its head.
void Emitter::Comment(std::string_view member) {
  for (const Remark& remark : pending_) {
    if (remark.member == member)
      text_ += (member.empty() ? "# " : "  # ") + OneLine(remark.text) + '\n';
  }
  std::erase_if(pending_, [member](const Remark& remark) { return remark.member == member; });
}

void Emitter::EndDocument() {
  for (const Remark& remark : pending_)
    text_ += (in_spec_ ? "  # " : "# ") + remark.member + ": " + OneLine(remark.text) + '\n';
  pending_.clear();
}

std::string Emitter::Take() {
  EndDocument();
  return std::move(text_);
}

void Emitter::Document(std::string_view kind, std::string_view name) {
  EndDocument();
  if (!text_.empty()) text_ += "---\n";
  if (const auto found = remarks_.find({std::string(kind), std::string(name)});
      found != remarks_.end())
    pending_ = found->second;
  Comment("");
  text_ += "apiVersion: " + std::string(kApiVersion) + "\nkind: " + std::string(kind) +
           "\nmetadata: {name: " + Scalar(name) + "}\n";
  in_spec_ = false;
}

void Emitter::Member(std::string_view key, std::string_view yaml) {
  if (!in_spec_) text_ += "spec:\n";
  in_spec_ = true;
  Comment(key);
  text_ += "  " + std::string(key) + (yaml.empty() ? ":\n" : ": " + std::string(yaml) + '\n');
}

void Emitter::Text(std::string_view key, std::string_view text) {
  if (!text.empty()) Member(key, Scalar(text));
}

void Emitter::List(std::string_view key, const std::vector<std::string>& items) {
  if (!items.empty()) Member(key, FlowList(items));
}

void Emitter::Entry(std::string_view yaml) { text_ += "    - " + std::string(yaml) + '\n'; }

}  // namespace poolshift::manifest
