#include "providers/lync/manual/settings.h"

#include "providers/lync/manual/names.h"

namespace poolshift::lync::manual {

TargetReader::TargetReader(const sdk::Configuration& configuration, sdk::Section common)
    : configuration_(configuration) {
  common_ = ReadWords(common, {});
  common.RefuseOthers();
}

Target TargetReader::ReadWords(sdk::Section& section, const Target& defaults) const {
  Target words = defaults;
  words.folder = section.Text("folder", defaults.folder);
  words.answers_hold_for = section.Time("answersHoldFor", defaults.answers_hold_for);
  words.changes_hold_for = section.Time("changesHoldFor", defaults.changes_hold_for);
  words.look_waits = section.Time("lookWaits", defaults.look_waits);
  if (!words.folder.empty() && words.folder.front() != '/')
    words.folder = configuration_.base_directory + '/' + words.folder;
  return words;
}

Target TargetReader::Read(const std::string& name, sdk::Section own) const {
  Target target = ReadWords(own, common_);
  target.name = name;
  if (!IsPlain(name)) own.Fault("", "is of `" + name + "`, which is no host name");
  if (target.folder.empty()) {
    own.Fault("folder", "is missing: name the folder where requests lie and answers are put");
  } else if (const absl::Status fit = Folder(target.folder).Check(); !fit.ok()) {
    own.Fault("folder", "cannot be used: " + std::string(fit.message()));
  }
  own.RefuseOthers();
  return target;
}

}  // namespace poolshift::lync::manual
