// TsigKey: the shared secret that signs questions and updates (RFC 8945), and how it is read.
//
// The secret is base64 text in memory of its own that is overwritten when the key goes away; it has
// no text form, and no message of this file repeats any of it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace poolshift::dns {

class TsigKey {
 public:
  // `algorithm` is hmac-sha256 or hmac-sha512; `secret` base64 of at least 16 bytes.
  static absl::StatusOr<std::shared_ptr<const TsigKey>> Make(std::string name,
                                                             std::string algorithm,
                                                             std::string_view secret);
  ~TsigKey();
  TsigKey(const TsigKey&) = delete;
  TsigKey& operator=(const TsigKey&) = delete;

  const std::string& name() const { return name_; }            // lower case, no trailing dot
  const std::string& algorithm() const { return algorithm_; }  // "hmac-sha256"
  // For the signing library only.
  const std::string& secret() const { return secret_; }

 private:
  TsigKey(std::string name, std::string algorithm, std::string_view secret)
      : name_(std::move(name)), algorithm_(std::move(algorithm)), secret_(secret) {}
  std::string name_, algorithm_, secret_;
};

// What a key file or variable may hold: the base64 secret alone, or a BIND key statement
//   key "name" { algorithm hmac-sha256; secret "…"; };
// Views into the text given.
struct KeyText {
  bool statement = false;
  std::string_view name, algorithm;  // of a statement
  std::string_view secret;
};
absl::StatusOr<KeyText> ParseKeyText(std::string_view text);

}  // namespace poolshift::dns
