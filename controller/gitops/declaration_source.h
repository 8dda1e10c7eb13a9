// DeclarationSource: where the declaration in force comes from: a git repository, or a folder.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "controller/engine/load.h"

namespace poolshift {

// A declaration as somebody wrote it down.
struct Declaration {
  std::string commit;  // its hash, or "" where there is no repository
  std::string title;   // the first line of the commit's message
  std::string author;  // who committed, and who signed
  absl::Time committed = absl::InfinitePast();
  ManifestTexts texts;
  std::string base_directory;    // where relative paths inside it begin
  std::optional<LockText> lock;  // that was committed with it

  // What tells this declaration from any other: the commit, or a digest of the texts.
  std::string identity;
};

struct Sighting {
  // The newest that may be trusted; null before there was one. Shared, never changed.
  std::shared_ptr<const Declaration> declaration;
  std::string refused;  // why a newer one is not taken: "commit 1f2e… is not signed"; or ""
  std::string refused_commit;  // its commit, or ""
  std::string unreachable;     // why nobody could look for a newer one; or ""
  // Plans that commits agreed to: digest of the plan, and who.
  struct Agreement {
    std::string digest, who, commit;
  };
  std::vector<Agreement> agreements;
};

class DeclarationSource {
 public:
  virtual ~DeclarationSource() = default;
  // Looks for the newest. Never fails: what is wrong is part of the answer.
  virtual Sighting Look(absl::Time now) = 0;
  // "git https://…, branch main", "/etc/poolshift/contoso": for people.
  virtual std::string Description() const = 0;
};

// Files and folders as they are, read anew each time; whoever may write them is trusted.
class FolderSource final : public DeclarationSource {
 public:
  // `files` is borrowed.
  FolderSource(Files& files, std::vector<std::string> paths)
      : files_(files), paths_(std::move(paths)) {}

  Sighting Look(absl::Time now) override;
  std::string Description() const override;

 private:
  Files& files_;
  const std::vector<std::string> paths_;
  std::shared_ptr<const Declaration> newest_;
};

}  // namespace poolshift
