// Assembly: the documents of all files put together into one organisation, which can follow small
// edits without being made anew.
//
// Borrows the documents. Thread-compatible.
#pragma once

#include <string>
#include <vector>

#include "controller/manifest/directory.h"
#include "controller/manifest/document.h"
#include "controller/manifest/manifest.h"

namespace poolshift::manifest {

// A file as one text or as the texts of its documents.
struct FileParts {
  std::string name;
  std::vector<const ParsedDocuments*> parts;
  Diagnostics diagnostics;  // of all parts, with their places in the file
};

struct AssemblyInput {
  std::vector<FileParts> files;  // ordered by name

  // No file was cut off by an error.
  bool complete() const;
};

class Assembly {
 public:
  explicit Assembly(const AssemblyInput& input);

  const LoadedOrganization& loaded() const { return loaded_; }
  LoadedOrganization TakeLoaded() { return std::move(loaded_); }

  // Whether `after` may take the place of `before` in Follow: it says the same but for
  // FieldsOfItsOwn, and nothing that is derived elsewhere names its lines.
  static bool MayReplace(const Document& before, const Document& after);
  // `after` stands for `before` from now on; the two may be one that stands in another line. The
  // organisation does not know it until Follow.
  void Replace(const Document& before, const Document& after);
  // Reads these documents anew, which were replaced, into an organisation that was without any
  // finding. False: now there is one, so all must be assembled anew to tell it; this is spoilt.
  bool Follow(const std::vector<const Document*>& documents);

 private:
  Directory directory_;
  LoadedOrganization loaded_;
};

}  // namespace poolshift::manifest
