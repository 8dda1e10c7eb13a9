#include "controller/manifest/signer_scalar.h"

#include <algorithm>
#include <array>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"

#include "controller/manifest/text_check.h"

namespace poolshift::manifest {
namespace {

constexpr std::array<std::string_view, 7> kSshKeyTypes = {"ssh-ed25519",
                                                          "sk-ssh-ed25519@openssh.com",
                                                          "ecdsa-sha2-nistp256",
                                                          "ecdsa-sha2-nistp384",
                                                          "ecdsa-sha2-nistp521",
                                                          "sk-ecdsa-sha2-nistp256@openssh.com",
                                                          "ssh-rsa"};
constexpr std::size_t kLongestSshKey = 8U << 10U;
constexpr std::size_t kLongestOpenPgpKey = 256U << 10U;
constexpr std::string_view kBlockBegins = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n";
constexpr std::string_view kBlockEnds = "-----END PGP PUBLIC KEY BLOCK-----\n";

bool IsBase64(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '+' || letter == '/' || letter == '=';
  });
}

// The next word, taken off `text`.
std::string_view TakeWord(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  return word;
}

absl::Status NotAKey(std::string_view why) {
  return absl::InvalidArgumentError("not an SSH public key: " + std::string(why));
}

absl::Status NotABlock(std::string_view why) {
  return absl::InvalidArgumentError("not an OpenPGP public key: " + std::string(why));
}

std::string_view WithoutSpaces(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
    text.remove_suffix(1);
  while (!text.empty() && (text.front() == '\n' || text.front() == ' '))
    text.remove_prefix(1);
  return text;
}

}  // namespace

absl::StatusOr<std::string> ReadSshKey(std::string_view text) {
  if (text.find("PRIVATE KEY") != std::string_view::npos)
    return NotAKey("this is a private key, which belongs in no declaration; make a new one");
  if (text.size() > kLongestSshKey) return NotAKey("it is too long");
  const std::string_view type = TakeWord(text);
  if (std::find(kSshKeyTypes.begin(), kSshKeyTypes.end(), type) == kSshKeyTypes.end())
    return NotAKey("write `TYPE BASE64` as in a .pub file, with a type such as `ssh-ed25519`");
  const std::string_view key = TakeWord(text);
  if (!IsBase64(key) || key.substr(0, 4) != "AAAA")
    return NotAKey("after the type stands the key in base64, which begins with AAAA");
  return std::string(type) + ' ' + std::string(key);
}

absl::StatusOr<std::string> ReadOpenPgpKey(std::string_view text) {
  if (text.find("PRIVATE KEY") != std::string_view::npos)
    return NotABlock("this is a private key, which belongs in no declaration; make a new one");
  if (text.size() > kLongestOpenPgpKey) return NotABlock("it is longer than 256 KiB");
  const std::string block = std::string(WithoutSpaces(text)) + '\n';
  const std::string_view begin = std::string_view(block).substr(0, kBlockBegins.size());
  const bool ends = block.size() > kBlockBegins.size() + kBlockEnds.size() &&
                    std::string_view(block).substr(block.size() - kBlockEnds.size()) == kBlockEnds;
  if (begin != kBlockBegins || !ends)
    return NotABlock("write what `gpg --export --armor KEY` prints, with its first and last line");
  for (const char letter : block) {
    if (letter != '\n' && (letter < 0x20 || letter > 0x7E)) return NotABlock("it is not ASCII");
  }
  return block;
}

absl::StatusOr<std::string> ReadDay(std::string_view text) {
  absl::CivilDay day;
  const std::string copy(text);
  if (copy.size() != 10 || !absl::ParseCivilTime(copy, &day) || absl::FormatCivilTime(day) != copy)
    return absl::InvalidArgumentError(Quoted(text) + " is no day; write it as `2027-01-31`");
  return copy;
}

absl::StatusOr<std::string> ReadPathPattern(std::string_view text) {
  const auto fault = [&](const std::string& why) {
    return absl::InvalidArgumentError(Quoted(text) + " is no pattern of paths: " + why);
  };
  if (text.empty() || text.front() == '/') return fault("begin at the top of the repository");
  if (text.back() == '/') return fault("end a folder with `/**`, which is everything in it");
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view part = rest.substr(0, rest.find('/'));
    if (part.empty() || part == "." || part == "..")
      return fault("`" + std::string(part) + "` names no file");
    if (part != "**" && part.find("**") != std::string_view::npos)
      return fault("`**` stands for whole folders, so write it between slashes");
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  }
  return std::string(text);
}

}  // namespace poolshift::manifest
