// poolshift-bench-organisation --sites N [--move] DIR: writes an organisation of N sites, manifests
// and world, into DIR; with --move the one of `./dev bench plan`.
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <span>
#include <string_view>

#include "tests/bench/move.h"
#include "tests/bench/organisation.h"

namespace poolshift::bench {
namespace {

constexpr int kUsage = 2;

std::optional<int> ParseSites(std::string_view text) {
  int sites = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), sites);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  if (!is_number || sites < 2 || sites > kMostSites) return std::nullopt;
  return sites;
}

bool Write(const std::filesystem::path& folder, const TextFile& file) {
  const std::filesystem::path path = folder / file.name;
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << file.text;
  out.close();
  if (!out) std::cerr << "cannot write " << path.string() << '\n';
  return !out.fail();
}

int Run(std::span<char*> arguments) {
  const bool moves = arguments.size() == 5 && std::string_view(arguments[3]) == "--move";
  const bool is_complete =
      (arguments.size() == 4 || moves) && std::string_view(arguments[1]) == "--sites";
  const std::optional<int> sites = is_complete ? ParseSites(arguments[2]) : std::nullopt;
  if (!sites.has_value()) {
    std::cerr << "usage: poolshift-bench-organisation --sites 2.." << kMostSites
              << " [--move] DIR\n";
    return kUsage;
  }
  std::vector<TextFile> files = moves ? MoveManifests(*sites) : Manifests(*sites);
  files.push_back(moves ? MoveWorldFile(*sites) : WorldFile(*sites));
  std::size_t bytes = 0;
  for (const TextFile& file : files) {
    if (!Write(arguments.back(), file)) return 1;
    bytes += file.text.size();
  }
  std::cout << *sites << " sites: " << files.size() << " files, " << bytes << " bytes in "
            << arguments.back() << '\n';
  return 0;
}

}  // namespace
}  // namespace poolshift::bench

int main(int argc, char** argv) {
  return poolshift::bench::Run({argv, static_cast<std::size_t>(argc)});
}
