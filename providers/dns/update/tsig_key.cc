#include "providers/dns/update/tsig_key.h"

#include <algorithm>
#include <vector>

#include "absl/status/status.h"

#include "fmt/format.h"
#include "providers/dns/update/record.h"
#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace poolshift::dns {
namespace {

constexpr int kFewestBytes = 16;

bool IsSpace(char letter) {
  return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r';
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && IsSpace(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back()))
    text.remove_suffix(1);
  return text;
}

// How many bytes the base64 text stands for; -1 when it is none.
int DecodedSize(std::string_view text) {
  const bool alphabet = std::all_of(text.begin(), text.end(), [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '+' || letter == '/' || letter == '=';
  });
  if (!alphabet || text.empty() || text.size() % 4 != 0 || text.size() > 4096) return -1;
  std::vector<unsigned char> decoded(text.size());
  const int size = EVP_DecodeBlock(decoded.data(),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  OPENSSL_cleanse(decoded.data(), decoded.size());
  const auto padding = static_cast<int>(std::count(text.begin(), text.end(), '='));
  return size < 0 || padding > 2 ? -1 : size - padding;
}

// Words of a key statement: quoted strings lose their quotes, `{`, `}` and `;` stand alone,
// comments vanish.
std::vector<std::string_view> Words(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    if (IsSpace(rest[0])) {
      ++at;
    } else if (rest[0] == '#' || rest.substr(0, 2) == "//") {
      at += std::min(rest.find('\n'), rest.size());
    } else if (rest[0] == '"') {
      const std::size_t end = std::min(rest.find('"', 1), rest.size());
      words.push_back(rest.substr(1, end - 1));
      at += std::min(end + 1, rest.size());
    } else {
      const std::size_t end = std::min(rest.find_first_of(" \t\r\n{};\""), rest.size());
      words.push_back(rest.substr(0, std::max<std::size_t>(end, 1)));
      at += words.back().size();
    }
  }
  return words;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const TsigKey>> TsigKey::Make(std::string name,
                                                             std::string algorithm,
                                                             std::string_view secret) {
  if (algorithm != "hmac-sha256" && algorithm != "hmac-sha512") {
    return absl::InvalidArgumentError(
        fmt::format("algorithm `{}` is not supported: use hmac-sha256 or hmac-sha512", algorithm));
  }
  const int size = DecodedSize(Trimmed(secret));
  if (size < 0) {
    return absl::InvalidArgumentError(
        "the secret is not base64: give it as `tsig-keygen` prints it");
  }
  if (size < kFewestBytes) {
    return absl::InvalidArgumentError(
        fmt::format("the secret has {} bytes, fewer than {}: make one with `tsig-keygen -a {}`",
                    size,
                    kFewestBytes,
                    algorithm));
  }
  name = NormalName(name);
  if (!IsOwnerName(name)) {
    return absl::InvalidArgumentError(fmt::format("`{}` is no name of a key", name));
  }
  return std::shared_ptr<const TsigKey>(
      new TsigKey(std::move(name), std::move(algorithm), Trimmed(secret)));
}

TsigKey::~TsigKey() { OPENSSL_cleanse(secret_.data(), secret_.size()); }

absl::StatusOr<KeyText> ParseKeyText(std::string_view text) {
  text = Trimmed(text);
  const std::vector<std::string_view> words = Words(text);
  if (words.empty()) return absl::InvalidArgumentError("it is empty");
  if (words.size() == 1)
    return KeyText{.statement = false, .name = {}, .algorithm = {}, .secret = text};
  KeyText key{.statement = true, .name = {}, .algorithm = {}, .secret = {}};
  if (words[0] == "key" && words.size() > 2 && words[2] == "{") key.name = words[1];
  for (std::size_t i = 3; i + 2 < words.size(); i += 3) {
    if (words[i + 2] != ";") break;
    if (words[i] == "algorithm") key.algorithm = words[i + 1];
    if (words[i] == "secret") key.secret = words[i + 1];
  }
  if (key.name.empty() || key.algorithm.empty() || key.secret.empty()) {
    return absl::InvalidArgumentError(
        "it is neither a base64 secret nor one statement `key \"NAME\" { algorithm …; secret …; "
        "};`");
  }
  return key;
}

}  // namespace poolshift::dns
