#include "providers/dns/grant_command.h"

#include <iostream>
#include <map>

#include "fmt/format.h"
#include "providers/dns/update/grant.h"
#include "providers/dns/update/record_set.h"

namespace poolshift::dns {
namespace {

constexpr std::string_view kUsage =
    "usage: poolshift-provider-dns grant --server bind|knot --key NAME --zone ZONE\n"
    "                                    [--ownership txt|none] NAME/TYPE...\n"
    "example: poolshift-provider-dns grant --server bind --key poolshift-key --zone contoso.com "
    "\\\n"
    "           xmpp.contoso.com/A _xmpp-server._tcp.contoso.com/SRV\n";

struct CommandLine {
  std::map<std::string, std::string> options;  // "--server" -> "bind"
  std::vector<std::string> sets;
  std::vector<std::string> problems;
};

CommandLine Read(const std::vector<std::string>& arguments) {
  CommandLine line;
  line.options = {{"--server", ""}, {"--key", ""}, {"--zone", ""}, {"--ownership", "txt"}};
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i].substr(0, 2) != "--") {
      line.sets.push_back(arguments[i]);
    } else if (!line.options.contains(arguments[i]) || i + 1 == arguments.size()) {
      line.problems.push_back(
          fmt::format("`{}` is no option, or its value is missing", arguments[i]));
    } else {
      line.options[arguments[i]] = arguments[i + 1];
      ++i;
    }
  }
  return line;
}

GrantRequest ToRequest(CommandLine& line) {
  GrantRequest request{.key = NormalName(line.options["--key"]),
                       .zone = NormalName(line.options["--zone"]),
                       .sets = {},
                       .owned = line.options["--ownership"] == "txt"};
  if (!IsOwnerName(request.key)) line.problems.emplace_back("--key must name the TSIG key");
  if (!IsOwnerName(request.zone)) line.problems.emplace_back("--zone must name the zone");
  const std::string& server = line.options["--server"];
  if (server != "bind" && server != "knot") {
    line.problems.emplace_back("--server must be bind or knot");
  }
  if (!request.owned && line.options["--ownership"] != "none") {
    line.problems.emplace_back("--ownership must be txt or none");
  }
  if (line.sets.empty()) line.problems.emplace_back("name at least one record set");
  for (const std::string& text : line.sets) {
    auto set = ParseSetName(text);
    if (!set.ok()) {
      line.problems.emplace_back(set.status().message());
    } else if (!IsInZone(set->first, request.zone)) {
      line.problems.push_back(fmt::format("{} is not in zone {}", set->first, request.zone));
    } else {
      request.sets.push_back(*std::move(set));
    }
  }
  return request;
}

}  // namespace

int PrintGrant(const std::vector<std::string>& arguments) {
  CommandLine line = Read(arguments);
  const GrantRequest request = ToRequest(line);
  if (!line.problems.empty()) {
    for (const std::string& problem : line.problems)
      std::cerr << "error: " << problem << '\n';
    std::cerr << kUsage;
    return 2;
  }
  const bool bind = line.options["--server"] == "bind";
  for (const std::string& text : bind ? BindGrant(request) : KnotGrant(request)) {
    std::cout << text << '\n';
  }
  return 0;
}

}  // namespace poolshift::dns
