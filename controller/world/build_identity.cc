#include "controller/world/build_identity.h"

#include <cstring>
#include <map>

#include "controller/model/digest.h"
#include <elf.h>
#include <link.h>

namespace poolshift {
namespace {

struct Search {
  std::string_view part;
  std::map<std::string, std::string> found;  // file name → build id, "" = none
};

std::string_view FileName(const char* path) {
  const std::string_view whole = path == nullptr ? "" : path;
  return whole.substr(whole.rfind('/') + 1);
}

std::size_t Padded(std::size_t size) { return (size + 3) / 4 * 4; }

// The description of the note of type NT_GNU_BUILD_ID in one segment of notes, or "".
std::string BuildIdIn(std::string_view notes) {
  while (notes.size() >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) header;
    std::memcpy(&header, notes.data(), sizeof header);
    const std::size_t name = Padded(header.n_namesz), size = Padded(header.n_descsz);
    if (sizeof header + name + size > notes.size()) return "";
    if (header.n_type == NT_GNU_BUILD_ID)
      return std::string(notes.substr(sizeof header + name, header.n_descsz));
    notes.remove_prefix(sizeof header + name + size);
  }
  return "";
}

int Visit(dl_phdr_info* object, std::size_t /*size*/, void* data) {
  auto& search = *static_cast<Search*>(data);
  const std::string_view name = FileName(object->dlpi_name);
  if (!name.empty() && name.find(search.part) == std::string_view::npos) return 0;
  std::string& id = search.found[std::string(name)];
  for (int i = 0; i < object->dlpi_phnum && id.empty(); ++i) {
    const ElfW(Phdr)& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    // The loader maps the segment there; no pointer leads to it.
    const auto* notes = reinterpret_cast<const char*>(object->dlpi_addr + segment.p_vaddr);
    id = BuildIdIn({notes, segment.p_memsz});
  }
  return 0;
}

}  // namespace

std::string BuildIdentity(std::string_view part) {
  Search search{part, {}};
  dl_iterate_phdr(Visit, &search);
  search.found.erase("linux-vdso.so.1");
  std::string all;
  for (const auto& [name, id] : search.found) {
    if (id.empty()) return "";
    all += name + ' ' + id + '\n';
  }
  return Digest(all);
}

}  // namespace poolshift
