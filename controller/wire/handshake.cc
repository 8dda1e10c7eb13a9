#include "controller/wire/handshake.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace poolshift::wire {
namespace {

constexpr std::string_view kMagic = "POOLSHIFT-PROVIDER";

std::vector<std::string_view> Words(std::string_view line) {
  std::vector<std::string_view> words;
  for (;;) {
    const std::size_t space = line.find(' ');
    words.push_back(line.substr(0, space));
    if (space == std::string_view::npos) return words;
    line.remove_prefix(space + 1);
  }
}

bool ParseNumber(std::string_view word, int& number) {
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  return error == std::errc() && end == word.data() + word.size() && number > 0;
}

bool IsName(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') ||
           std::string_view("-_.+~").find(letter) != std::string_view::npos;
  });
}

}  // namespace

std::string EncodeHandshake(const Handshake& handshake) {
  return std::string(kMagic) + ' ' + std::to_string(handshake.lowest) + ' ' +
         std::to_string(handshake.highest) + ' ' + handshake.type + ' ' +
         handshake.program_version + '\n';
}

absl::StatusOr<Handshake> DecodeHandshake(std::string_view line) {
  const std::vector<std::string_view> words = Words(line);
  Handshake handshake;
  if (words.size() != 5 || words[0] != kMagic || !ParseNumber(words[1], handshake.lowest) ||
      !ParseNumber(words[2], handshake.highest) || handshake.lowest > handshake.highest ||
      !IsName(words[3]) || !IsName(words[4])) {
    return absl::InvalidArgumentError("this is no handshake");
  }
  handshake.type = words[3];
  handshake.program_version = words[4];
  return handshake;
}

}  // namespace poolshift::wire
