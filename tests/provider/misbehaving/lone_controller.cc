// A controller for one test: starts the provider DIRECTORY/poolshift-provider-TYPE, prints its
// process number and waits to be killed.
#include <iostream>

#include "controller/provider/plugin_process.h"
#include "controller/provider/plugin_program.h"
#include <unistd.h>

int main(int, char** argv) {
  poolshift::RealProcesses processes;
  const auto program = poolshift::OpenPluginProgram(argv[1], argv[2]);
  if (!program.ok()) return 1;
  poolshift::PluginLaunch launch;
  launch.name = "lone";
  const auto process = poolshift::PluginProcess::Start(processes, *program, launch);
  if (!process.ok() || !(*process)->Greet().ok()) return 1;
  std::cout << (*process)->pid() << std::endl;
  for (;;)
    ::pause();
}
