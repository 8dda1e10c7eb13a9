#include "providers/ssh/settings.h"

#include <algorithm>

#include "providers/sdk/named_secret.h"
#include <unistd.h>

namespace poolshift::ssh {
namespace {

// A name, an address or an account that ssh cannot take for an option or for anything but one word.
bool IsPlain(std::string_view text) {
  constexpr std::string_view kMarks = "._-:%\\@";
  return !text.empty() && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), [&](char letter) {
           return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                  (letter >= '0' && letter <= '9') || kMarks.find(letter) != std::string_view::npos;
         });
}

// "ssh-ed25519 AAAA…", as a .pub file and ssh-keyscan print it, without a host name.
bool IsHostKey(std::string_view text) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return false;
  const std::string_view type = text.substr(0, space), blob = text.substr(space + 1);
  const bool known =
      type == "ssh-ed25519" || type == "ssh-rsa" || type.rfind("ecdsa-sha2-", 0) == 0;
  return known && blob.size() >= 40 && blob.rfind("AAAA", 0) == 0 &&
         std::all_of(blob.begin(), blob.end(), [](char letter) {
           return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                  (letter >= '0' && letter <= '9') || letter == '+' || letter == '/' ||
                  letter == '=';
         });
}

}  // namespace

TargetReader::TargetReader(const sdk::Configuration& configuration,
                           sdk::Section common,
                           const Connections& connections)
    : configuration_(configuration), connections_(connections) {
  common_ = ReadWords(common, {});
  common.RefuseOthers();
}

TargetReader::Words TargetReader::ReadWords(sdk::Section& section, const Words& defaults) {
  Words words = defaults;
  words.address = section.Text("address", defaults.address);
  words.user = section.Text("user", defaults.user);
  words.port = section.Port("port", defaults.port);
  words.connect_timeout = section.Time("connectTimeout", defaults.connect_timeout);
  words.key = section.Text("key", defaults.key);
  const std::string host_key = section.Text("hostKey", "");
  const std::string known_hosts = section.Text("knownHosts", "");
  if (!host_key.empty() && !known_hosts.empty())
    section.Fault("knownHosts", "and `hostKey` say two things: keep one");
  // What is said nearer takes the place of either.
  if (!host_key.empty() || !known_hosts.empty()) {
    words.host_key = host_key;
    words.known_hosts = known_hosts.empty() || known_hosts.front() == '/'
                            ? known_hosts
                            : configuration_.base_directory + '/' + known_hosts;
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
  target.user = words.user;
  target.host_key = words.host_key;
  target.known_hosts = words.known_hosts;
  target.connect_timeout = words.connect_timeout;
  if (!IsPlain(words.address))
    own.Fault("address", "is `" + words.address + "`: write a host name or an address");
  if (!IsPlain(words.user))
    own.Fault("user",
              words.user.empty() ? "is missing: name the account on the host"
                                 : "is `" + words.user + "`, no account name");
  CheckKeys(own, words);
  target.key_file = KeyFile(own, words.key);
  own.RefuseOthers();
  return target;
}

void TargetReader::CheckKeys(sdk::Section& section, const Words& words) const {
  if (words.host_key.empty() && words.known_hosts.empty()) {
    section.Fault("hostKey",
                  "is missing: declare the host's public key (a line of `ssh-keyscan`, checked "
                  "by another way), or `knownHosts`");
  }
  if (!words.host_key.empty() && !IsHostKey(words.host_key))
    section.Fault("hostKey", "is no public key: write its type and the text that begins with AAAA");
  if (!words.known_hosts.empty() && ::access(words.known_hosts.c_str(), R_OK) != 0)
    section.Fault("knownHosts", "is " + words.known_hosts + ", which cannot be read");
}

std::string TargetReader::KeyFile(sdk::Section& section, const std::string& secret) {
  const auto known = key_files_.find(secret);
  if (known != key_files_.end()) return known->second;
  std::string& file = key_files_[secret];
  const auto key = sdk::NamedSecret(configuration_, section, "key", secret);
  if (!key) return file;
  const SecretRef& reference = configuration_.secrets.at(secret);
  if (reference.scheme() == SecretRef::Scheme::kFile) {
    file = reference.locator();
    return file;
  }
  const auto kept = connections_.Keep("key-" + std::to_string(key_files_.size()),
                                      std::string(key->Reveal()) + '\n');
  if (!kept.ok()) {
    section.Fault("key", "cannot be kept: " + std::string(kept.status().message()));
    return file;
  }
  file = *kept;
  return file;
}

}  // namespace poolshift::ssh
