// Hostile SIP: whatever a server answers to OPTIONS, in whatever pieces, is read the same way, and
// never as a response that is out of range.
#include <cstdlib>
#include <string_view>

#include "providers/probe/wire/sip.h"

namespace {

using poolshift::probe::SipReader;

// The next thing that the reader tells, fed in pieces of `size`.
SipReader::Next ReadIn(std::string_view bytes, std::size_t size, SipReader& reader) {
  SipReader::Next next = reader.Read();
  while (next == SipReader::Next::kMore && !bytes.empty()) {
    reader.Feed(bytes.substr(0, size));
    bytes.remove_prefix(std::min(size, bytes.size()));
    next = reader.Read();
  }
  return next;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  SipReader whole("u"), pieces("u");
  const SipReader::Next at_once = ReadIn(bytes, size + 1, whole);
  if (ReadIn(bytes, 7, pieces) != at_once) std::abort();
  if (at_once != SipReader::Next::kResponse) return 0;
  const int status = whole.response().status;
  if (status < 100 || status > 699 || pieces.response().status != status) std::abort();
  return 0;
}
