// A person who carries requests from a folder to emulated machines, runs them there, and puts the
// answers back: until the object is gone.
#pragma once

#include <atomic>
#include <mutex>
#include <set>
#include <string>
#include <thread>

namespace poolshift::lync::testing {

class CarryingPerson {
 public:
  CarryingPerson(std::string folder, std::string world);

  // Machines that nobody goes to.
  void Avoid(const std::string& machine);
  void Visit(const std::string& machine);

  // Runs the last request again whose name has `part` in it; what is shown.
  std::string RunAgain(const std::string& part) const;

  // How often a request was run.
  int trips() const { return trips_; }

 private:
  void Work(const std::stop_token& stopped);
  bool Visits(const std::string& base);
  void Carry(const std::string& base);
  // 0 when it ended well.
  int Run(const std::string& base) const;
  std::string CarriedName(const std::string& base) const { return world_ + '-' + base + ".ps1"; }

  const std::string folder_, world_;
  std::mutex mutex_;
  std::set<std::string> avoided_;
  std::atomic<int> trips_ = 0;
  std::jthread thread_;
};

}  // namespace poolshift::lync::testing
