#include "controller/gitops/named_signers.h"

#include <filesystem>

#include "absl/status/status.h"

#include "controller/gitops/git_objects.h"
#include "controller/manifest/signer_scalar.h"
#include "controller/model/try.h"
#include "controller/report/safe_text.h"

namespace poolshift {
namespace {

absl::StatusOr<CommitSigner> ReadLine(const std::string& place, std::string_view line) {
  constexpr std::string_view kOption = "namespaces=\"git\" ";
  CommitSigner signer;
  const std::size_t end = line.find(' ');
  signer.name = std::string(line.substr(0, end));
  line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  if (line.starts_with(kOption)) line.remove_prefix(kOption.size());
  absl::StatusOr<std::string> key = manifest::ReadSshKey(line);
  if (!key.ok()) {
    return absl::InvalidArgumentError(place + ": after the name stands " +
                                      std::string(key.status().message()));
  }
  signer.ssh = *std::move(key);
  return signer;
}

}  // namespace

absl::StatusOr<std::vector<CommitSigner>> ReadNamedSigners(const std::string& file,
                                                           std::string_view text) {
  std::vector<CommitSigner> signers;
  if (text.find("-----BEGIN PGP ") != std::string_view::npos) {
    CommitSigner signer;
    signer.name = std::filesystem::path(file).filename().string();
    absl::StatusOr<std::string> key = manifest::ReadOpenPgpKey(text);
    if (!key.ok())
      return absl::InvalidArgumentError(SafeText(file) + ": " +
                                        std::string(key.status().message()));
    signer.openpgp = *std::move(key);
    signers.push_back(std::move(signer));
    return signers;
  }
  const std::vector<std::string> lines = LinesOf(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].empty() || lines[i].front() == '#') continue;
    POOLSHIFT_ASSIGN(CommitSigner signer,
                     ReadLine(SafeText(file) + ':' + std::to_string(i + 1), lines[i]));
    signers.push_back(std::move(signer));
  }
  if (signers.empty()) return absl::InvalidArgumentError(SafeText(file) + " names no signer");
  return signers;
}

}  // namespace poolshift
