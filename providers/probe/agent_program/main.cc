// poolshift-probe-agent: the vantage of provider `probe` on another machine.
#include "providers/probe/agent/agent_main.h"

int main(int argc, char** argv) { return poolshift::probe::AgentMain(argc, argv); }
