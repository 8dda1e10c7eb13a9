#include "controller/gitops/declaration_source.h"
#include "controller/model/digest.h"
#include "controller/world/commit.h"

namespace poolshift {
namespace {

std::string IdentityOf(const ManifestTexts& texts) {
  std::string all;
  for (const auto& [name, text] : texts)
    all += name + '\n' + Digest(text) + '\n';
  return Digest(all);
}

}  // namespace

Sighting FolderSource::Look(absl::Time now) {
  Sighting sighting;
  absl::StatusOr<ManifestTexts> texts = ReadManifests(files_, paths_);
  if (!texts.ok()) {
    sighting.unreachable = std::string(texts.status().message());
  } else if (std::string identity = IdentityOf(*texts);
             newest_ == nullptr || newest_->identity != identity) {
    auto declaration = std::make_shared<Declaration>();
    declaration->texts = *std::move(texts);
    declaration->base_directory = BaseDirectory(files_, paths_);
    declaration->commit = CommitOf(files_, declaration->base_directory);
    declaration->committed = now;
    declaration->identity = std::move(identity);
    newest_ = std::move(declaration);
  }
  sighting.declaration = newest_;
  return sighting;
}

std::string FolderSource::Description() const {
  std::string text;
  for (const std::string& path : paths_)
    text += (text.empty() ? "" : ", ") + path;
  return text;
}

}  // namespace poolshift
