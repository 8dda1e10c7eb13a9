// poolshift-provider-lync: Lync Server 2013 and Skype for Business Server, through PowerShell.
#include "providers/lync/check_command.h"
#include "providers/lync/platform/lync_service.h"
#include "providers/sdk/service.h"

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "check")
    return poolshift::lync::RunCheck({argv + 2, argv + argc});
  return poolshift::sdk::Serve(
      argc, argv, [] { return std::make_unique<poolshift::lync::LyncService>(); });
}
