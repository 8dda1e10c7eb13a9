#include "providers/lync/winrm/settings.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"

#include "providers/sdk/named_secret.h"
#include <unistd.h>

namespace poolshift::lync::winrm {
namespace {

constexpr std::size_t kSha256 = 32;
constexpr absl::string_view kPinBegin = "sha256//";

// A name or an address: it stands in a URL, a certificate and a ticket.
bool IsPlace(std::string_view text, std::string_view marks) {
  return !text.empty() && text.front() != '-' && text.front() != '.' &&
         std::ranges::all_of(text, [&](char letter) {
           return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                  (letter >= '0' && letter <= '9') || marks.find(letter) != std::string_view::npos;
         });
}

bool IsPin(const std::string& text) {
  std::string digest;
  return absl::StartsWith(text, kPinBegin) &&
         absl::Base64Unescape(absl::string_view(text).substr(kPinBegin.size()), &digest) &&
         digest.size() == kSha256;
}

}  // namespace

TargetReader::TargetReader(const sdk::Configuration& configuration, sdk::Section common)
    : configuration_(configuration) {
  common_ = ReadWords(common, {});
  common.RefuseOthers();
}

TargetReader::Words TargetReader::ReadWords(sdk::Section& section, const Words& defaults) {
  Words words;
  words.address = section.Text("address", defaults.address);
  words.port = section.Port("port", defaults.port);
  words.auth = section.Text("auth", defaults.auth);
  words.user = section.Text("user", defaults.user);
  words.password = section.Text("password", defaults.password);
  words.certificate = section.Text("certificate", defaults.certificate);
  words.key = section.Text("key", defaults.key);
  words.delegate = section.Flag("delegate", defaults.delegate);
  words.connect_timeout = section.Time("connectTimeout", defaults.connect_timeout);
  words.ca = section.Text("ca", "");
  words.pin = section.Text("pin", "");
  if (!words.ca.empty() && words.ca.front() != '/')
    words.ca = configuration_.base_directory + '/' + words.ca;
  // What is said nearer takes the place of both.
  if (words.ca.empty() && words.pin.empty()) {
    words.ca = defaults.ca;
    words.pin = defaults.pin;
  }
  return words;
}

Target TargetReader::Read(const std::string& name, sdk::Section own) {
  Words defaults = common_;
  if (defaults.address.empty()) defaults.address = name;
  const Words words = ReadWords(own, defaults);
  Target target;
  target.name = name;
  target.address = words.address;
  target.port = words.port;
  target.connect_timeout = words.connect_timeout;
  target.ca_file = words.ca;
  target.pin = words.pin;
  CheckPlace(own, target);
  CheckTrust(own, target);
  ReadLogin(own, words, target);
  own.RefuseOthers();
  return target;
}

void TargetReader::CheckPlace(sdk::Section& section, const Target& target) const {
  if (!IsPlace(target.name, ".-_"))
    section.Fault("", "is of `" + target.name + "`, which is no host name");
  if (!IsPlace(target.address, ".-_:"))
    section.Fault("address", "is `" + target.address + "`: write a host name or an address");
}

void TargetReader::CheckTrust(sdk::Section& section, const Target& target) const {
  if (target.ca_file.empty() && target.pin.empty()) {
    section.Fault("pin",
                  "is missing: declare the SHA-256 of the machine's public key, or `ca`, the file "
                  "of who vouches for its certificate");
  }
  if (!target.pin.empty() && !IsPin(target.pin))
    section.Fault("pin", "is no SHA-256 of a public key: write `sha256//` and its base64");
  if (!target.ca_file.empty() && ::access(target.ca_file.c_str(), R_OK) != 0)
    section.Fault("ca", "is " + target.ca_file + ", which cannot be read");
}

void TargetReader::ReadLogin(sdk::Section& section, const Words& words, Target& target) {
  const bool basic = words.auth == "basic", certificate = words.auth == "certificate";
  if (!basic && !certificate && words.auth != "negotiate")
    section.Fault("auth", "is none of `negotiate`, `basic` and `certificate`");
  // What stands beside the wrong `auth` would be forgotten without a word.
  const std::pair<const char*, bool> fitting[] = {{"user", basic},
                                                  {"password", basic},
                                                  {"certificate", certificate},
                                                  {"key", certificate},
                                                  {"delegate", !basic && !certificate}};
  for (const auto& [member, fits] : fitting) {
    if (section.Has(member) && !fits)
      section.Fault(member, "is not used with `auth: " + words.auth + "`");
  }
  target.login = basic ? Login::kBasic : certificate ? Login::kCertificate : Login::kNegotiate;
  target.delegate = words.delegate;
  if (basic) {
    target.user = words.user;
    if (words.user.empty()) section.Fault("user", "is missing: name the account on the machine");
    if (absl::StrContains(words.user, ":"))
      section.Fault("user", "holds a colon, which Basic cannot send");
    target.password = Open(section, "password", words.password);
  }
  if (certificate) {
    target.certificate = Open(section, "certificate", words.certificate);
    target.key = Open(section, "key", words.key);
  }
}

SharedSecret TargetReader::Open(sdk::Section& section,
                                const char* member,
                                const std::string& secret) {
  if (secret.empty()) {
    section.Fault(member, "is missing: name one of `spec.secrets`");
    return nullptr;
  }
  const auto known = opened_.find(secret);
  if (known != opened_.end()) return known->second;
  SharedSecret& opened = opened_[secret];
  auto resolved = sdk::NamedSecret(configuration_, section, member, secret);
  if (!resolved) return nullptr;
  if (resolved->Reveal().find('\0') != std::string_view::npos) {
    section.Fault(member, "holds a byte that is zero");
    return nullptr;
  }
  opened = std::make_shared<const sdk::Secret>(*std::move(resolved));
  return opened;
}

}  // namespace poolshift::lync::winrm
