// Facts: what one look at the central store, or at one server, brought: each fact by itself, or why
// it is not known.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "providers/lync/shell/answer.h"
#include "providers/lync/text/topology_document.h"

namespace poolshift::lync {

class Facts {
 public:
  // Of the answer to look-store or look-server; reads the document in it.
  explicit Facts(Answer answer);

  // Null when it is not known. Borrowed.
  const Value* Find(std::string_view fact) const;
  // Why it is not known.
  std::string Why(std::string_view fact) const;

  // Null when it is not known: Why("document"). Borrowed.
  const TopologyDocument* document() const { return document_ ? &*document_ : nullptr; }

 private:
  Answer answer_;
  std::optional<TopologyDocument> document_;
  std::string document_fault_;
};

using FactNames = std::set<std::string_view>;

Facts LookAtStore(Shell& admin,
                  const FactNames& names,
                  const std::vector<std::string>& pools,
                  absl::Time deadline);
Facts LookAtServer(Shell& server, const FactNames& names, absl::Time deadline);

// "2026-11-27T08:01:06.8529340Z" in milliseconds since 1970; nothing for anything else.
std::optional<std::int64_t> Milliseconds(std::string_view iso);

}  // namespace poolshift::lync
