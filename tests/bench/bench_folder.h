// A folder for what a benchmark makes durable, on the disk that a state directory is usually on,
// not in memory: in $POOLSHIFT_BENCH_DIR, or here.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace poolshift {

class BenchFolder {
 public:
  BenchFolder() {
    const char* const wanted = std::getenv("POOLSHIFT_BENCH_DIR");
    std::string name =
        (wanted == nullptr ? std::filesystem::current_path().string() : std::string(wanted)) +
        "/journal-bench-XXXXXX";
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~BenchFolder() { std::filesystem::remove_all(path_); }
  BenchFolder(const BenchFolder&) = delete;
  BenchFolder& operator=(const BenchFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace poolshift
