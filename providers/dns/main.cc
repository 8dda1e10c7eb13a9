// poolshift-provider-dns: started by poolshift, it serves DnsRecordSet; by hand, it prints grants.
#include "providers/dns/grant_command.h"
#include "providers/dns/update/dns_service.h"
#include "providers/sdk/service.h"

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "grant") {
    return poolshift::dns::PrintGrant({argv + 2, argv + argc});
  }
  return poolshift::sdk::Serve(
      argc, argv, [] { return std::make_unique<poolshift::dns::DnsService>(); });
}
