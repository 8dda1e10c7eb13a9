// A whole failover of both federations and the way back, by `poolshift plan` and `apply`: the
// emulator is the control plane, and what its machines do is mirrored into a simulated world, which
// answers for DNS, partners and what is seen from outside.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "gmock/gmock.h"

#include "tests/lync/emulated_organisation.h"

namespace poolshift::lync::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

std::string ReadFile(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class LyncMove : public ::testing::TestWithParam<Transport> {
 protected:
  LyncMove() : organisation_(0.1, GetParam()) {
    const auto& folder = organisation_.folder();
    std::filesystem::copy(POOLSHIFT_SOURCE_DIR "/tests/lync/mirror-into-sim",
                          folder.Path("mirror"));
    folder.Write(
        "sim-place",
        "SIM=" POOLSHIFT_BIN_DIR "/poolshift-provider-sim\nSIM_STATE=" + folder.Path("sim") + '\n');
    folder.Write("manifests/world.sim",
                 ReadFile(POOLSHIFT_SOURCE_DIR "/manifests/both-failover/world.sim"));
    std::filesystem::create_directories(folder.Path("home"));
    Shell(POOLSHIFT_BIN_DIR "/poolshift-provider-sim world init " +
          folder.Path("manifests/world.sim") + ' ' + folder.Path("sim"));
    organisation_.Edit([&](json& world) { world["hook"] = folder.Path("mirror"); });
  }

  void Shell(const std::string& command) {
    ASSERT_EQ(std::system((command + " >" + organisation_.folder().Path("said") + " 2>&1").c_str()),
              0)
        << command << '\n'
        << organisation_.folder().Read("said");
  }

  void SetInSim(const std::string& path, const std::string& value) {
    Shell(POOLSHIFT_BIN_DIR "/poolshift-provider-sim world set " +
          organisation_.folder().Path("sim") + ' ' + path + ' ' + value);
  }

  // The manifests of `scenario`, with the provider `lync` for all that it serves beside `sim`.
  void Declare(const std::string& scenario) {
    const auto& folder = organisation_.folder();
    std::string text = ReadFile(POOLSHIFT_SOURCE_DIR "/manifests/" + scenario + "/contoso.yaml");
    const std::string config = "config: {world: world.sim}";
    ASSERT_NE(text.find(config), std::string::npos);
    text.replace(text.find(config),
                 config.size(),
                 "config: {world: world.sim, state: " + folder.Path("sim") + '}');
    text +=
        "---\napiVersion: poolshift/v1\nkind: Provider\nmetadata: {name: lync}\nspec:\n  type: "
        "lync\n  serves:\n"
        "    - kinds: [Topology, SiteRoute, Enablement, EdgeAssociation, CentralStore, "
        "AccessConfig, XmppPartner,\n"
        "              EdgeService, EdgeComponents, Replica, Certificate]\n  config: " +
        CanonicalText(organisation_.Configuration("xml")) + '\n';
    if (!organisation_.Secrets().empty()) text += "  secrets:\n";
    for (const auto& [name, file] : organisation_.Secrets())
      text += "    " + name + ": file:" + file + '\n';
    folder.Write("manifests/contoso.yaml", text);
  }

  // Exit status; what was printed is in out_.
  int Poolshift(const std::string& words) {
    const auto& folder = organisation_.folder();
    const std::string command = "env -i PATH=/usr/bin:/bin HOME=" + folder.Path("home") + ' ' +
                                POOLSHIFT_BIN_DIR + "/poolshift " + words + " >" +
                                folder.Path("out") + " 2>&1 </dev/null";
    const int status = std::system(command.c_str());
    out_ = folder.Read("out");
    return WEXITSTATUS(status);
  }

  std::string Manifests() const { return organisation_.folder().Path("manifests"); }

  EmulatedOrganisation organisation_;
  std::string out_;
};

TEST_P(LyncMove, BothFederationsThereAndBack) {
  for (const char* server : {kEdges[0], kEdges[1]}) {
    organisation_.Unplug(server);
    organisation_.Edit([&](json& world) { world["servers"][server]["power"] = false; });
  }
  Declare("both-failover");
  EXPECT_EQ(Poolshift("plan " + Manifests()), 2) << out_;
  EXPECT_THAT(out_, HasSubstr("jump.contoso.com> Set-CsSite -Identity \"Site1\""));
  EXPECT_EQ(Poolshift("apply " + Manifests() + " --auto-approve"), 0) << out_;
  json world = organisation_.World();
  for (const char* site : {"Site1", "Site2"}) {
    EXPECT_EQ(world["sites"][site]["federation"], "EdgeServer:edgepool2.contoso.com");
    EXPECT_EQ(world["sites"][site]["xmpp"], "EdgeServer:edgepool2.contoso.com");
  }
  for (const char* server : {kEdges[2], kEdges[3]}) {
    EXPECT_EQ(world["servers"][server]["services"]["EMUXMPPPROXY"]["status"], "Running");
    EXPECT_TRUE(world["servers"][server]["installed"]["federation"]);
  }
  EXPECT_EQ(world["enabled"], world["writes"].size());
  EXPECT_EQ(Poolshift("plan " + Manifests()), 0) << out_;

  // Power is back; services are stopped, and the local copies say what was true before the fire.
  organisation_.Edit([](json& edited) {
    for (const char* server : {kEdges[0], kEdges[1]}) {
      edited["servers"][server]["power"] = true;
      for (auto& [name, service] : edited["servers"][server]["services"].items())
        service["status"] = "Stopped";
    }
  });
  SetInSim("edgePools/edgepool1.contoso.com/services", "stopped");
  SetInSim("edgePools/edgepool1.contoso.com/power", "on");
  for (const char* server : {kEdges[0], kEdges[1]})
    organisation_.PlugIn(server);
  Declare("failback");
  EXPECT_EQ(Poolshift("plan " + Manifests()), 2) << out_;
  EXPECT_EQ(Poolshift("apply " + Manifests() + " --auto-approve"), 0) << out_;
  world = organisation_.World();
  for (const char* site : {"Site1", "Site2"})
    EXPECT_EQ(world["sites"][site]["federation"], "EdgeServer:edgepool1.contoso.com");
  for (const char* server : {kEdges[0], kEdges[1]}) {
    EXPECT_EQ(world["servers"][server]["services"]["RTCSRV"]["status"], "Running");
    EXPECT_TRUE(world["servers"][server]["installed"]["federation"]);
    EXPECT_EQ(world["servers"][server]["holds"], world["writes"].size());
  }
  EXPECT_FALSE(world["servers"][kEdges[2]]["installed"]["federation"]);
  EXPECT_EQ(Poolshift("plan " + Manifests()), 0) << out_;
}

// Before any plan: account, rights, second hop, cmdlets, names, local copies, clocks.
TEST_P(LyncMove, CheckProvesEveryMachine) {
  Declare("both-failover");
  EXPECT_EQ(Poolshift("provider check " + Manifests()), 0) << out_;
  static const std::map<Transport, std::vector<const char*>> ways = {
      {Transport::kSsh, {"note  jump.contoso.com: is spoken to over SSH ("}},
      {Transport::kWinrm,
       {"note  jump.contoso.com: is spoken to over WinRM (",
        ", a client certificate)",
        ", Basic as svc-poolshift)"}},
      {Transport::kManual,
       {"note  jump.contoso.com: is spoken to over a person's hands (",
        "note  edgeserver2b.contoso.com: is reached by a person"}}};
  for (const char* way : ways.at(GetParam()))
    EXPECT_THAT(out_, HasSubstr(way));
  for (const char* proved : {"ok    jump.contoso.com: may write: Set-CsSite -WhatIf",
                             "ok    jump.contoso.com: reads the central store",
                             "note  edgeserver2a.contoso.com: the XMPP proxy is EMUXMPPPROXY (U5)",
                             "ok    edgeserver2b.contoso.com: calls itself as the topology does"}) {
    EXPECT_THAT(out_, HasSubstr(proved));
  }
  EXPECT_THAT(out_, Not(HasSubstr("FAULT")));
  EXPECT_EQ(organisation_.World()["writes"].size(), 1U);
  organisation_.Edit([](json& world) {
    world["others"][kAdmin]["denied"] = {"Set-CsSite"};
    world["servers"][kEdges[0]]["administrator"] = false;
    world["servers"][kEdges[1]]["computerName"] = "edgeserver1b";
    world["clear"] = "refused";
  });
  organisation_.Unplug(kEdges[2]);
  EXPECT_EQ(Poolshift("provider check " + Manifests()), 1) << out_;
  for (const char* fault : {"FAULT jump.contoso.com: may write",
                            "FAULT edgeserver1a.contoso.com: logged on as",
                            "FAULT edgeserver1b.contoso.com: calls itself `edgeserver1b`",
                            "FAULT edgeserver2a.contoso.com: "}) {
    EXPECT_THAT(out_, HasSubstr(fault));
  }
}

INSTANTIATE_TEST_SUITE_P(Lync,
                         LyncMove,
                         ::testing::Values(Transport::kSsh, Transport::kWinrm, Transport::kManual),
                         ::testing::PrintToStringParamName());

}  // namespace
}  // namespace poolshift::lync::testing
