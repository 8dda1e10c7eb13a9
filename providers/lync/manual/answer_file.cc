#include "providers/lync/manual/answer_file.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"

#include "controller/model/digest.h"

namespace poolshift::lync::manual {
namespace {

constexpr absl::string_view kMark = "poolshift-answer ";

// All that counts is ASCII: what is not becomes a question mark.
std::string FromUtf16(std::string_view bytes, bool big_endian) {
  std::string text;
  text.reserve(bytes.size() / 2);
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    const auto low = static_cast<unsigned char>(bytes[at + (big_endian ? 1 : 0)]);
    const auto high = static_cast<unsigned char>(bytes[at + (big_endian ? 0 : 1)]);
    text += high == 0 && low < 0x80 ? static_cast<char>(low) : '?';
  }
  return text;
}

std::string Narrow(std::string_view bytes) {
  const std::string_view mark = bytes.substr(0, 2);
  if (mark == "\xFF\xFE") return FromUtf16(bytes.substr(2), false);
  if (mark == "\xFE\xFF") return FromUtf16(bytes.substr(2), true);
  return std::string(bytes);
}

bool ReadLine(absl::string_view line, Reply& reply) {
  const std::vector<absl::string_view> words = absl::StrSplit(line, absl::MaxSplits(' ', 3));
  std::string fault;
  if (words.size() < 3 || !absl::ParseTime(absl::RFC3339_full, words[1], &reply.at, &fault))
    return false;
  reply.id = std::string(words[0]);
  reply.text = words.size() == 4 ? std::string(absl::StripAsciiWhitespace(words[3])) : "";
  reply.whole = Digest(reply.text) == words[2];
  return true;
}

}  // namespace

std::vector<Reply> ReadAnswers(std::string_view bytes) {
  std::vector<Reply> replies;
  const std::string text = Narrow(bytes);
  for (absl::string_view line : absl::StrSplit(text, absl::ByAnyChar("\r\n"))) {
    // A prompt may stand before it.
    const std::size_t at = line.find(kMark);
    Reply reply;
    if (at != absl::string_view::npos && ReadLine(line.substr(at + kMark.size()), reply))
      replies.push_back(std::move(reply));
  }
  return replies;
}

const Reply* FindReply(const std::vector<Reply>& replies, std::string_view id) {
  const Reply* found = nullptr;
  for (const Reply& reply : replies) {
    if (reply.id != id) continue;
    const bool better =
        found == nullptr || (reply.whole && (!found->whole || reply.at >= found->at));
    if (better) found = &reply;
  }
  return found;
}

}  // namespace poolshift::lync::manual
