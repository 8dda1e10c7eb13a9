#include "tests/lync/carrying_person.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace poolshift::lync::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEmulator = POOLSHIFT_SOURCE_DIR "/tests/lab/cs-emulator/cs-emulator";
constexpr std::string_view kRequest = ".ps1";

std::string ReadFile(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::string MachineOf(const std::string& base) { return base.substr(0, base.find(".com") + 4); }

}  // namespace

CarryingPerson::CarryingPerson(std::string folder, std::string world)
    : folder_(std::move(folder)),
      world_(std::move(world)),
      thread_([this](const std::stop_token& stopped) { Work(stopped); }) {}

void CarryingPerson::Avoid(const std::string& machine) {
  const std::scoped_lock lock(mutex_);
  avoided_.insert(machine);
}

void CarryingPerson::Visit(const std::string& machine) {
  const std::scoped_lock lock(mutex_);
  avoided_.erase(machine);
}

bool CarryingPerson::Visits(const std::string& base) {
  const std::scoped_lock lock(mutex_);
  return !avoided_.contains(MachineOf(base));
}

void CarryingPerson::Work(const std::stop_token& stopped) {
  while (!stopped.stop_requested()) {
    std::vector<std::string> bases;
    std::error_code gone;
    for (fs::directory_iterator at(folder_, gone), end; !gone && at != end; at.increment(gone)) {
      const std::string name = at->path().filename();
      if (!name.ends_with(kRequest)) continue;
      const std::string base = name.substr(0, name.size() - kRequest.size());
      if (Visits(base) && !fs::exists(fs::path(folder_) / (base + ".answer.txt"), gone))
        bases.push_back(base);
    }
    std::vector<std::jthread> trips;  // a colleague to each machine
    for (const std::string& base : bases)
      trips.emplace_back([this, base] { Carry(base); });
    trips.clear();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

int CarryingPerson::Run(const std::string& base) const {
  const std::string carried = CarriedName(base);
  const std::string command = "env CS_EMULATOR_WORLD=" + world_ +
                              " CS_EMULATOR_HOST=" + MachineOf(base) + ' ' + kEmulator +
                              " -NoProfile -ExecutionPolicy Bypass -File " + carried + " >" +
                              carried + ".out 2>&1 </dev/null";
  return std::system(command.c_str());
}

std::string CarryingPerson::RunAgain(const std::string& part) const {
  const fs::path world(world_);
  for (const auto& entry : fs::directory_iterator(world.parent_path())) {
    const std::string name = entry.path().filename(), begin = world.filename().string() + '-';
    if (!name.starts_with(begin) || !name.ends_with(kRequest)) continue;
    if (name.find(part) == std::string::npos) continue;
    const std::string base =
        name.substr(begin.size(), name.size() - begin.size() - kRequest.size());
    (void)Run(base);
    return ReadFile(CarriedName(base) + ".out");
  }
  return "";
}

void CarryingPerson::Carry(const std::string& base) {
  const fs::path request = fs::path(folder_) / (base + std::string(kRequest));
  const std::string text = ReadFile(request);
  if (text.empty()) return;
  std::ofstream(CarriedName(base), std::ios::binary) << text;
  const fs::path there =
      fs::path(world_) / "files" / MachineOf(base) / ("C_Poolshift_" + base + ".answer.txt");
  ++trips_;
  const int status = Run(base);
  std::error_code ignored;
  // Asked otherwise meanwhile: gone for another time.
  if (status == 0 && ReadFile(request) == text) {
    const fs::path beside = fs::path(folder_) / (base + ".copying");
    fs::copy_file(there, beside, fs::copy_options::overwrite_existing, ignored);
    fs::rename(beside, fs::path(folder_) / (base + ".answer.txt"), ignored);
  }
}

}  // namespace poolshift::lync::testing
