// Child: `poolshift` (or another program of build/bin) that runs beside the test, as for a person
// at a terminal that is none.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <sys/types.h>

namespace poolshift::e2e {

// No test waits longer for anything; a machine under load needs a small part of it.
inline constexpr std::chrono::seconds kPatience{120};

class Child {
 public:
  // Starts `words[0]` of build/bin in `folder`, which keeps its output and is its HOME.
  Child(const std::string& folder, std::vector<std::string> words);
  // Ends it when it still runs.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Waits for its end: exit status, or 128 + signal. Fails the test when it takes too long.
  int Wait();
  // Ends it at once, as a power cut would.
  void Kill();
  void Signal(int number);
  bool Running();

  // What it has printed so far.
  std::string out() const;
  std::string err() const;
  // Both, for messages of tests.
  std::string said() const { return out() + err(); }

  // Waits until `text` is in its output. Fails the test, and returns false, when it ends or takes
  // too long before.
  bool WaitFor(const std::string& text);

  // Processes that it started and whose program is called `name`.
  std::vector<pid_t> Children(const std::string& name) const;

 private:
  const std::string streams_;  // path of its output files without ending
  pid_t process_ = -1;
  int status_ = -1;
};

}  // namespace poolshift::e2e
