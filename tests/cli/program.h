// Runs `poolshift` as a child process, the way a person or a script does.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace poolshift {

struct ProgramRun {
  std::string out, err;
  int status = -1;  // exit status, or 128 + signal
};

struct ProgramCall {
  std::vector<std::string> words;
  std::string directory;                 // where it runs
  std::string input;                     // on stdin
  std::vector<std::string> environment;  // "NAME=value", and nothing else
  // Called once it runs, with its process id and the file that its stderr goes to. Optional.
  std::function<void(int pid, const std::string& err)> started = nullptr;
};

ProgramRun RunProgram(const ProgramCall& call);

}  // namespace poolshift
