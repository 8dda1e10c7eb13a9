// Hostile XMPP: whatever a server streams, in whatever pieces, yields the same elements, within the
// limits, and their meaning is read without a fault.
#include <cstdlib>
#include <string>
#include <string_view>

#include "providers/probe/wire/xmpp.h"

namespace {

using namespace poolshift::probe;

std::size_t DepthOf(const Element& element) {
  std::size_t deepest = 0;
  for (const Element& child : element.children)
    deepest = std::max(deepest, DepthOf(child));
  return deepest + 1;
}

// All that it tells, as text.
std::string Told(std::string_view bytes, std::size_t size) {
  XmlStream stream;
  std::string told;
  for (;;) {
    const XmlStream::Next next = stream.Read();
    if (next == XmlStream::Next::kHeader || next == XmlStream::Next::kElement) {
      const Element& element = stream.element();
      if (DepthOf(element) > 16) std::abort();
      const StreamFeatures features = ReadFeatures(element);
      told += element.space + ' ' + element.name + ' ' + StreamError(element) +
              (features.starttls ? " tls" : "") + (DeclaresDialback(element) ? " dialback" : "") +
              std::to_string(features.mechanisms.size()) + '\n';
      continue;
    }
    if (next != XmlStream::Next::kMore) return told + std::to_string(static_cast<int>(next));
    if (bytes.empty()) return told + "more";
    stream.Feed(bytes.substr(0, size));
    bytes.remove_prefix(std::min(size, bytes.size()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (Told(bytes, size + 1) != Told(bytes, 5)) std::abort();
  return 0;
}
