// poolshift-provider-sim: a simulated Lync organisation. Started by the controller it is a
// provider; started by hand as `poolshift-provider-sim world ...` it shows and changes the world
// behind the controller's back.
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "providers/sdk/service.h"
#include "providers/sim/platform/by_hand.h"
#include "providers/sim/platform/sim_service.h"

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "world") {
    const std::vector<std::string> arguments(argv + 2, argv + argc);
    return poolshift::sim::RunByHand(arguments, std::cout, std::cerr);
  }
  return poolshift::sdk::Serve(
      argc, argv, [] { return std::make_unique<poolshift::sim::SimService>(); });
}
