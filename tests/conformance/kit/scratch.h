// Scratch: a private folder for one test, removed with everything in it when the test ends.
#pragma once

#include <string>
#include <string_view>

namespace poolshift::conformance {

class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::string& path() const { return path_; }
  std::string Path(std::string_view name) const { return path_ + '/' + std::string(name); }
  // Replaces the file `name`; makes the folders on its way.
  void Write(std::string_view name, std::string_view content) const;
  // "" when there is none.
  std::string Read(std::string_view name) const;
  // Removes what is in it.
  void Empty() const;

 private:
  std::string path_;
};

}  // namespace poolshift::conformance
