#include "tests/conformance/kit/scratch.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace poolshift::conformance {

Scratch::Scratch() {
  std::string name = (std::filesystem::temp_directory_path() / "poolshift-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) std::abort();
  path_ = name;
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void Scratch::Write(std::string_view name, std::string_view content) const {
  const std::filesystem::path path = Path(name);
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

std::string Scratch::Read(std::string_view name) const {
  std::ostringstream content;
  content << std::ifstream(Path(name), std::ios::binary).rdbuf();
  return content.str();
}

void Scratch::Empty() const {
  for (const auto& entry : std::filesystem::directory_iterator(path_)) {
    std::filesystem::remove_all(entry.path());
  }
}

}  // namespace poolshift::conformance
