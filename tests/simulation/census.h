// Census: what many simulated histories have met, and what they should have and have not.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "tests/simulation/fault.h"

namespace poolshift::simulation {

struct Census {
  Coverage met;
  std::int64_t seeds = 0, events = 0, writes = 0;
  double seconds = 0;  // of the processor

  void Add(const Census& other);
};

// As lines, and back.
void Write(const Census& census, std::ostream& out);
Census ReadCensus(std::istream& in);

// Every record at every moment of a crash, every fault of every call.
std::vector<std::pair<std::string, std::string>> Expected();
// Those of Expected() that were never met, as words.
std::vector<std::string> Missing(const Census& census);
// The same of a sweep in which controllers die at every moment and nothing else goes wrong.
std::vector<std::string> MissingCrashes(const Census& census);

}  // namespace poolshift::simulation
