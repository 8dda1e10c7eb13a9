#include "controller/gitops/keyring.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"

#include "controller/gitops/git_objects.h"
#include "controller/model/try.h"
#include "controller/report/safe_text.h"
#include "controller/world/system_error.h"

namespace poolshift {
namespace {

namespace fs = std::filesystem;
using State = SignatureFinding::State;

constexpr std::string_view kGpgStatus = "[GNUPG:] ";
// Looks nothing up, starts nothing, asks nobody; that a key is in the keyring is what makes it
// ours.
constexpr std::string_view kGpgConfiguration =
    "batch\nno-tty\nno-autostart\ndisable-dirmngr\nno-auto-key-retrieve\nno-auto-key-locate\n"
    "trust-model always\nno-random-seed-file\nno-greeting\n";

std::vector<std::string> Words(std::string_view line) {
  std::vector<std::string> words;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find(' '), line.size());
    if (end > 0) words.emplace_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return words;
}

// The lines that gpg writes for programs: keyword first.
std::vector<std::vector<std::string>> StatusLines(std::string_view text) {
  std::vector<std::vector<std::string>> lines;
  for (const std::string& line : LinesOf(text)) {
    if (!line.starts_with(kGpgStatus)) continue;
    std::vector<std::string> words = Words(std::string_view(line).substr(kGpgStatus.size()));
    if (!words.empty()) lines.push_back(std::move(words));
  }
  return lines;
}

// The word after "key" in what ssh-keygen says: "SHA256:…".
std::string SshFingerprint(const std::string& line) {
  const std::size_t at = line.rfind(" key SHA256:");
  return at == std::string::npos ? "" : SafeText(line.substr(at + 5));
}

}  // namespace

bool IsExpired(const CommitSigner& signer, absl::Time now) {
  absl::CivilDay last;
  if (signer.until.empty()) return false;
  return !absl::ParseCivilTime(signer.until, &last) ||
         now >= absl::FromCivil(last + 1, absl::UTCTimeZone());
}

absl::StatusOr<Keyring> Keyring::Make(const GitProgram& git, std::vector<CommitSigner> signers) {
  std::string folder = git.scratch() + "/keyring-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) return SystemError("cannot make " + folder, errno);
  Keyring keyring(git, std::move(signers), std::move(folder));
  POOLSHIFT_TRY(keyring.WriteSshKeys());
  POOLSHIFT_TRY(keyring.ImportOpenPgpKeys());
  return keyring;
}

Keyring::Keyring(Keyring&& other) noexcept
    : git_(other.git_),
      signers_(std::move(other.signers_)),
      openpgp_(std::move(other.openpgp_)),
      folder_(std::exchange(other.folder_, "")) {}

Keyring::~Keyring() {
  std::error_code none;
  if (!folder_.empty()) fs::remove_all(folder_, none);
}

absl::Status Keyring::WriteSshKeys() const {
  std::string text;
  for (std::size_t i = 0; i < signers_.size(); ++i) {
    if (signers_[i].ssh.empty()) continue;
    text += "signer-" + std::to_string(i) + " namespaces=\"git\" " + signers_[i].ssh + '\n';
  }
  return git_->world().files->Replace(folder_ + "/allowed_signers", text, 0600);
}

absl::Status Keyring::ImportOpenPgpKeys() {
  Files& files = *git_->world().files;
  POOLSHIFT_TRY(files.MakePrivateDirectory(gnupg()));
  POOLSHIFT_TRY(files.Replace(gnupg() + "/gpg.conf", kGpgConfiguration, 0600));
  for (std::size_t i = 0; i < signers_.size(); ++i) {
    if (!signers_[i].openpgp.empty()) POOLSHIFT_TRY(ImportOpenPgpKey(i));
  }
  return absl::OkStatus();
}

absl::Status Keyring::ImportOpenPgpKey(std::size_t index) {
  const CommitSigner& signer = signers_[index];
  Call call;
  call.program = git_->gpg();
  call.arguments = {"--homedir", gnupg(), "--quiet", "--status-fd", "1", "--import"};
  call.environment = {"PATH=/usr/bin:/bin", "LC_ALL=C", "HOME=" + folder_};
  call.input = signer.openpgp;
  POOLSHIFT_ASSIGN(const Answer answer, CallProgram(git_->world(), call));
  bool found = false;
  for (const std::vector<std::string>& line : StatusLines(answer.output)) {
    if (line[0] != "IMPORT_OK" || line.size() < 3) continue;
    found = true;
    if (openpgp_.try_emplace(line[2], index).first->second == index) continue;
    return absl::InvalidArgumentError("the signers `" + SafeText(signer.name) + "` and `" +
                                      SafeText(signers_[openpgp_[line[2]]].name) +
                                      "` have one OpenPGP key; remove one");
  }
  if (found) return absl::OkStatus();
  return absl::InvalidArgumentError("the OpenPGP key of the signer `" + SafeText(signer.name) +
                                    "` cannot be read: gpg " + answer.ending);
}

absl::StatusOr<SignatureFinding> Keyring::Check(const std::string& commit, absl::Time now) const {
  POOLSHIFT_ASSIGN(
      const Answer answer,
      git_->Run({.arguments = {"-c",
                               "gpg.ssh.allowedSignersFile=" + folder_ + "/allowed_signers",
                               "verify-commit",
                               "--raw",
                               commit},
                 .environment = {"GNUPGHOME=" + gnupg()}}));
  SignatureFinding finding;
  if (answer.ExitedWith(1) && answer.errors.empty()) {
    finding.state = State::kUnsigned;
  } else if (answer.errors.starts_with(kGpgStatus)) {
    finding = ReadOpenPgp(answer);
  } else {
    finding = ReadSsh(answer);
  }
  if (finding.state != State::kGood) return finding;
  if (finding.signer == nullptr)
    finding.state = State::kUnknownKey;
  else if (finding.signer->revoked)
    finding.state = State::kRevoked;
  else if (IsExpired(*finding.signer, now))
    finding.state = State::kExpired;
  return finding;
}

SignatureFinding Keyring::ReadSsh(const Answer& answer) const {
  constexpr std::string_view kGood = "Good \"git\" signature for signer-";
  constexpr std::string_view kStranger = "Good \"git\" signature with ";
  const std::vector<std::string> lines = LinesOf(answer.errors);
  SignatureFinding finding;
  const std::string first = lines.empty() ? "" : lines.front();
  if (answer.ExitedWith(0) && first.starts_with(kGood)) {
    const std::size_t index = std::strtoul(first.c_str() + kGood.size(), nullptr, 10);
    const std::string whole = std::string(kGood) + std::to_string(index) + " with ";
    if (!first.starts_with(whole) || index >= signers_.size()) return finding;
    return {State::kGood, &signers_[index], SshFingerprint(first)};
  }
  if (answer.errors.find("namespace does not match") != std::string::npos) {
    finding.state = State::kOtherPurpose;
  } else if (first.starts_with(kStranger)) {
    finding = {State::kUnknownKey, nullptr, SshFingerprint(first)};
  }
  return finding;
}

SignatureFinding Keyring::ReadOpenPgp(const Answer& answer) const {
  SignatureFinding finding;
  int good = 0, valid = 0, other = 0;
  for (const std::vector<std::string>& line : StatusLines(answer.errors)) {
    const std::string& keyword = line[0];
    if (keyword == "GOODSIG") ++good;
    if (keyword == "BADSIG") ++other;
    if (keyword == "VALIDSIG") {
      ++valid;
      const auto owner = openpgp_.find(line.back());  // of the primary key
      if (owner != openpgp_.end()) finding.signer = &signers_[owner->second];
      if (line.size() > 1) finding.key = SafeText(line[1]);
    }
    const bool stranger = keyword == "ERRSIG" || keyword == "NO_PUBKEY";
    const bool expired = keyword == "EXPSIG" || keyword == "EXPKEYSIG";
    if (!stranger && !expired && keyword != "REVKEYSIG") continue;
    if (line.size() > 1) finding.key = SafeText(line[1]);
    finding.state = stranger ? State::kUnknownKey : expired ? State::kExpired : State::kRevoked;
    if (++other > 1 && keyword != "NO_PUBKEY") finding.state = State::kBad;
  }
  if (answer.ExitedWith(0) && good == 1 && valid == 1 && other == 0) finding.state = State::kGood;
  return finding;
}

}  // namespace poolshift
