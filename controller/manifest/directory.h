// Directory: every declared entity by kind and name, and every pool by its machines, so that
// references can be followed. Sources name a server where the platform wants its pool (domain.md
// F26); both are found here.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "controller/manifest/document.h"

namespace poolshift::manifest {

class Directory {
 public:
  // Registers a document; when one of the same kind and name is there, returns that one and changes
  // nothing.
  const Document* Add(const Document& document);
  // `after`, of the same kind and the same names, stands for `before` from now on.
  void Replace(const Document& before, const Document& after);

  struct Found {
    const Document* document = nullptr;  // null: there is none
    bool by_machine = false;             // `text` was the name of a machine or the pool's FQDN
  };
  // The entity of one of these kinds that `text` means.
  Found Find(const std::vector<std::string_view>& kinds, std::string_view text) const;
  const Document* FindNamed(std::string_view kind, std::string_view name) const;

  // The declared names of these kinds, for hints.
  std::vector<std::string> Names(const std::vector<std::string_view>& kinds) const;
  const std::vector<const Document*>& OfKind(std::string_view kind) const;

 private:
  std::map<std::string_view, std::map<std::string_view, const Document*>> named_;
  std::map<std::string_view, std::vector<const Document*>> by_kind_;
  std::map<std::pair<std::string_view, std::string>, const Document*> by_machine_;
};

}  // namespace poolshift::manifest
