// Inventory: what an agent may look at. It stands in the agent's own configuration, where whoever
// owns the vantage put it, and nothing that a provider sends can widen it: an agent is no port
// scanner, not even for a controller that was taken over.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "providers/probe/wire/question.h"

namespace poolshift::probe {

// "203.0.113.11", "203.0.113.0/28", "2001:db8::/64".
struct Network {
  std::array<unsigned char, 16> bytes{};  // IPv4 as ::ffff:a.b.c.d
  int bits = 128;
};
// Nothing when it is no network.
bool ReadNetwork(std::string_view text, Network& network);
bool Contains(const Network& network, std::string_view address);

class Inventory {
 public:
  // An address, network or host name, and the ports there. Returns what is wrong, "" = added.
  std::string Allow(std::string_view host, std::vector<int> ports);
  // Names at and below `zone` may be looked up.
  void AllowNames(std::string_view zone);
  bool is_empty() const { return targets_.empty() && zones_.empty(); }
  std::size_t size() const { return targets_.size() + zones_.size(); }

  // "" when the question may be answered, else why not.
  std::string Objection(const Question& question) const;

 private:
  struct Target {
    bool is_name = false;
    std::string name;
    Network network;
    std::vector<int> ports;
  };
  std::vector<Target> targets_;
  std::vector<std::string> zones_;
};

}  // namespace poolshift::probe
