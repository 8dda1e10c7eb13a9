#include "providers/probe/wire/xml_stream.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace poolshift::probe {
namespace {

constexpr std::size_t kMostBytes = 65536;
constexpr std::size_t kDeepest = 16;
constexpr std::size_t kMostAttributes = 64;
constexpr std::size_t kMostElements = 1000;
constexpr std::string_view kSpace = " \t\r\n";

bool IsName(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9') || name[0] == '-' || name[0] == '.')
    return false;
  return std::all_of(name.begin(), name.end(), [](const char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '-' || byte == '_' || byte == '.' ||
           byte == ':' || byte >= 0x80;
  });
}

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(kSpace) == std::string_view::npos;
}

// `text` without its entities; nothing when one is unknown.
std::optional<std::string> Unescaped(std::string_view text) {
  constexpr std::pair<std::string_view, char> kEntities[] = {
      {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
  std::string plain;
  while (!text.empty()) {
    if (text[0] != '&') {
      const std::size_t next = std::min(text.find('&'), text.size());
      plain += text.substr(0, next);
      text.remove_prefix(next);
      continue;
    }
    const auto found =
        std::find_if(std::begin(kEntities), std::end(kEntities), [&](const auto& entity) {
          return text.substr(0, entity.first.size()) == entity.first;
        });
    if (found == std::end(kEntities)) return std::nullopt;
    plain += found->second;
    text.remove_prefix(found->first.size());
  }
  return plain;
}

}  // namespace

const Element* Element::Child(std::string_view space_, std::string_view name_) const {
  const auto found = std::find_if(children.begin(), children.end(), [&](const Element& child) {
    return child.space == space_ && child.name == name_;
  });
  return found == children.end() ? nullptr : &*found;
}

void XmlStream::Feed(std::string_view bytes) {
  fed_ += bytes.size();
  if (fed_ <= kMostBytes) buffer_ += bytes;
}

XmlStream::Next XmlStream::Fault(std::string_view why) {
  fault_ = std::string(why);
  return Next::kFault;
}

XmlStream::Next XmlStream::Read() {
  while (fault_.empty()) {
    if (ended_) return Next::kEnd;
    if (fed_ > kMostBytes) return Fault("it sends more than 64 KiB");
    if (at_ == buffer_.size() || buffer_[at_] != '<') {
      scanned_ = std::min(buffer_.find('<', std::max(at_, scanned_)), buffer_.size());
      // Inside an element text may go on; outside only blanks may be, and those are kept nowhere.
      const bool whole = scanned_ < buffer_.size() || open_.size() < 2;
      if (!whole) return Next::kMore;
      if (!AddText(std::string_view(buffer_).substr(at_, scanned_ - at_)))
        return Fault("text where none may be, or an unknown entity");
      at_ = scanned_;
      if (at_ == buffer_.size()) return Next::kMore;
    }
    const std::size_t markup = at_;
    const Next next = ReadMarkup();
    if (next != Next::kMore) return next;
    if (at_ == markup) return Next::kMore;  // the markup is not complete
  }
  return Next::kFault;
}

bool XmlStream::AddText(std::string_view text) {
  if (open_.size() < 2) return IsBlank(text);
  std::optional<std::string> plain = Unescaped(text);
  if (plain) open_.back().element.text += *plain;
  return plain.has_value();
}

// The '>' that ends the tag at `at_`, outside of quotes; npos while it is not there.
std::size_t XmlStream::EndOfTag() {
  for (scanned_ = std::max(scanned_, at_); scanned_ < buffer_.size(); ++scanned_) {
    const char letter = buffer_[scanned_];
    if (quote_ != 0) {
      if (letter == quote_) quote_ = 0;
    } else if (letter == '"' || letter == '\'') {
      quote_ = letter;
    } else if (letter == '>') {
      return scanned_;
    }
  }
  return std::string::npos;
}

// At a '<'. Moves on when the markup is complete; kMore when there is nothing to tell of it.
XmlStream::Next XmlStream::ReadMarkup() {
  const std::string_view rest = std::string_view(buffer_).substr(at_);
  if (rest.size() < 2) return Next::kMore;
  if (rest[1] == '!') return Fault("a comment, document type or CDATA, which XMPP forbids");
  if (rest[1] == '?') {
    if (begun_) return Fault("a processing instruction, which XMPP forbids");
    const std::size_t end = rest.find("?>");
    if (end == std::string_view::npos) return Next::kMore;
    begun_ = true;
    at_ += end + 2;
    return Next::kMore;
  }
  begun_ = true;
  const std::size_t end = EndOfTag();
  if (end == std::string::npos) return Next::kMore;
  const std::string tag = buffer_.substr(at_ + 1, end - at_ - 1);
  at_ = end + 1;
  return tag[0] == '/' ? CloseElement(std::string_view(tag).substr(1)) : ReadTag(tag);
}

XmlStream::Next XmlStream::ReadTag(std::string_view tag) {
  const bool closed = !tag.empty() && tag.back() == '/';
  if (closed) tag.remove_suffix(1);
  const std::size_t name_end = std::min(tag.find_first_of(kSpace), tag.size());
  Open opened;
  opened.written = tag.substr(0, name_end);
  if (!IsName(opened.written)) return Fault("a tag without a name");
  if (open_.size() >= kDeepest || ++elements_ > kMostElements)
    return Fault("deeper than 16 levels, or more than 1000 elements");
  if (!ReadAttributes(tag.substr(name_end), opened.element)) return Fault("a malformed tag");
  if (!open_.empty()) opened.spaces = open_.back().spaces;
  for (const auto& [key, value] : opened.element.attributes) {
    if (key == "xmlns") opened.spaces[""] = value;
    if (key.rfind("xmlns:", 0) == 0) opened.spaces[key.substr(6)] = value;
  }
  const std::size_t colon = opened.written.find(':');
  const std::string prefix = colon == std::string::npos ? "" : opened.written.substr(0, colon);
  const auto space = opened.spaces.find(prefix);
  if (space == opened.spaces.end() && !prefix.empty()) return Fault("an undeclared prefix");
  if (space != opened.spaces.end()) opened.element.space = space->second;
  opened.element.name = opened.written.substr(colon == std::string::npos ? 0 : colon + 1);
  if (open_.empty()) {
    element_ = opened.element;
    ended_ = closed;
    open_.push_back(std::move(opened));
    return Next::kHeader;
  }
  if (closed) return Finish(std::move(opened.element));
  open_.push_back(std::move(opened));
  return Next::kMore;
}

XmlStream::Next XmlStream::CloseElement(std::string_view written) {
  written = written.substr(0, written.find_last_not_of(kSpace) + 1);
  if (open_.empty() || open_.back().written != written)
    return Fault("a closing tag that fits none");
  Element element = std::move(open_.back().element);
  open_.pop_back();
  if (!open_.empty()) return Finish(std::move(element));
  ended_ = true;
  return Next::kEnd;
}

XmlStream::Next XmlStream::Finish(Element element) {
  if (open_.size() == 1) {
    element_ = std::move(element);
    return Next::kElement;
  }
  open_.back().element.children.push_back(std::move(element));
  return Next::kMore;
}

bool XmlStream::ReadAttributes(std::string_view text, Element& element) {
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
    if (text.empty()) return true;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || element.attributes.size() >= kMostAttributes)
      return false;
    std::string_view key = text.substr(0, equals);
    key = key.substr(0, key.find_last_not_of(kSpace) + 1);
    text.remove_prefix(equals + 1);
    text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
    if (!IsName(key) || text.empty() || (text[0] != '"' && text[0] != '\'')) return false;
    const std::size_t end = text.find(text[0], 1);
    if (end == std::string_view::npos) return false;
    const std::string_view raw = text.substr(1, end - 1);
    std::optional<std::string> value = Unescaped(raw);
    if (!value || raw.find('<') != std::string_view::npos) return false;
    if (!element.attributes.emplace(key, *std::move(value)).second) return false;
    text.remove_prefix(end + 1);
  }
}

}  // namespace poolshift::probe
