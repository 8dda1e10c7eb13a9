// The provider programs that this process runs.
#pragma once

namespace poolshift::conformance {

// Ends every plugin that this process started (SIGKILL), and nothing else.
void KillPrograms();

}  // namespace poolshift::conformance
