#include "controller/engine/exporting.h"

#include <algorithm>
#include <set>

#include "controller/model/digest.h"
#include "controller/model/try.h"

namespace poolshift {

Exporters ExportersOf(const Organization& organization,
                      const std::map<std::string, ProviderDescription>& descriptions) {
  Exporters exporters;
  for (const auto& [name, declared] : organization.providers) {
    for (const std::string& candidate : {name, declared.observe_with}) {
      const auto description = descriptions.find(candidate);
      if (description == descriptions.end() || !description->second.exports) continue;
      exporters.emplace(name, candidate);
    }
  }
  return exporters;
}

bool IsCentralStoreWrite(const Action& action) {
  return std::find(action.locks.begin(), action.locks.end(), "cms") != action.locks.end();
}

void TellExport(const Exporters& exporters, Plan& plan) {
  std::set<std::string> who;
  for (const Action& action : plan.actions) {
    if (!IsCentralStoreWrite(action)) continue;
    const auto exporter = exporters.find(action.provider);
    if (exporter == exporters.end()) return;
    who.insert(exporter->second);
  }
  if (who.empty()) return;
  std::string names;
  for (const std::string& name : who)
    names += (names.empty() ? "" : " and ") + name;
  for (Note& note : plan.notes) {
    if (note.document != "D20" || note.treatment != Note::Treatment::kBefore) continue;
    note.treatment = Note::Treatment::kDone;
    note.text = "`apply` has " + names +
                " save configuration and topology into a private folder before the first write to "
                "the central store, and writes nothing there unless that worked. By hand, in the "
                "Management Shell on a Front End server";
  }
}

absl::StatusOr<std::string> KeepExport(Files& files,
                                       const std::string& folder,
                                       const std::vector<ExportedFile>& exported) {
  POOLSHIFT_TRY(files.MakePrivateDirectory(folder));
  std::string lines;
  for (const ExportedFile& file : exported) {
    POOLSHIFT_TRY(files.Replace(folder + '/' + file.name, file.content, 0600));
    lines += "file " + file.name + ' ' + Digest(file.content) + '\n';
  }
  return lines;
}

}  // namespace poolshift
