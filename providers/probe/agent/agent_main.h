// The agent's program: `poolshift-probe-agent --config FILE [--stdio | --check]`.
#pragma once

namespace poolshift::probe {

int AgentMain(int argc, char** argv);

}  // namespace poolshift::probe
