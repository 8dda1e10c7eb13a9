#include "controller/manifest/schema.h"

#include <algorithm>

namespace poolshift::manifest {

const std::vector<KindTable>& KindTables() {
  static const std::vector<KindTable> tables = [] {
    std::vector<KindTable> all;
    for (std::vector<KindTable> part :
         {TopologyKindTables(), OutsideKindTables(), ControlKindTables()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return tables;
}

const KindTable* FindKindTable(std::string_view kind) {
  const auto& tables = KindTables();
  const auto found = std::find_if(
      tables.begin(), tables.end(), [&](const KindTable& table) { return table.kind == kind; });
  return found == tables.end() ? nullptr : &*found;
}

}  // namespace poolshift::manifest
