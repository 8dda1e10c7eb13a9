// Units as systemd 252 shows them, in the words of the kind.
#include "providers/linux/unit.h"

#include "gmock/gmock.h"

#include "providers/linux/systemd.h"

namespace poolshift::linux_host {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Sample {
  const char* name;
  const char* shown;
  const char* state;
  const char* mode;
  const char* described;
};

class Units : public ::testing::TestWithParam<Sample> {};
INSTANTIATE_TEST_SUITE_P(
    Samples,
    Units,
    ::testing::Values(
        Sample{"Running",
               "Result=success\nExecMainStatus=0\nMainPID=59\nNRestarts=0\nLoadState=loaded\n"
               "ActiveState=active\nSubState=running\nUnitFileState=enabled\n",
               "running",
               "automatic",
               "active (running)"},
        Sample{"Reloading",
               "LoadState=loaded\nActiveState=reloading\nUnitFileState=static\n",
               "running",
               "manual",
               "reloading ()"},
        Sample{"Failed",
               "Result=exit-code\nExecMainStatus=3\nMainPID=0\nLoadState=loaded\n"
               "ActiveState=failed\nSubState=failed\nUnitFileState=disabled\n",
               "stopped",
               "manual",
               "failed (exit-code, status 3)"},
        Sample{"CrashLoop",
               "Result=exit-code\nExecMainStatus=4\nNRestarts=7\nLoadState=loaded\n"
               "ActiveState=activating\nSubState=auto-restart\nUnitFileState=enabled-runtime\n",
               "starting",
               "automatic",
               "activating (exit-code, status 4)"},
        Sample{
            "Stuck",
            "LoadState=loaded\nActiveState=deactivating\nSubState=stop-sigterm\nResult=success\n",
            "stopping",
            "manual",
            "deactivating (stop-sigterm)"},
        Sample{"Masked",
               "LoadState=masked\nActiveState=inactive\nSubState=dead\nUnitFileState=masked\n",
               "stopped",
               "disabled",
               "inactive (dead)"},
        Sample{"MaskedWhileRunning",
               "LoadState=masked\nActiveState=active\nSubState=running\nUnitFileState=masked-"
               "runtime\n",
               "running",
               "disabled",
               "active (running)"},
        Sample{"FromASysVScript",
               "LoadState=loaded\nActiveState=inactive\nSubState=dead\nUnitFileState=generated",
               "stopped",
               "automatic",
               "inactive (dead)"}),
    [](const auto& instance) { return instance.param.name; });

TEST_P(Units, AreReadAsTheKindSays) {
  const Unit unit = UnitFrom(GetParam().shown);
  EXPECT_TRUE(unit.exists());
  EXPECT_EQ(StateOf(unit), GetParam().state);
  EXPECT_EQ(StartModeOf(unit), GetParam().mode);
  EXPECT_EQ(Described(unit), GetParam().described);
}

TEST(UnitFrom, KnowsWhatIsNotThere) {
  EXPECT_FALSE(UnitFrom("LoadState=not-found\nActiveState=inactive\nSubState=dead\n").exists());
  EXPECT_FALSE(UnitFrom("").exists());
  EXPECT_FALSE(UnitFrom("no equals sign\n\n=\n").exists());
}

TEST(ModeVerbs, LeadFromEachModeToEach) {
  EXPECT_THAT(ModeVerbs("automatic", "automatic"), IsEmpty());
  EXPECT_THAT(ModeVerbs("automatic", "manual"), ElementsAre("enable"));
  EXPECT_THAT(ModeVerbs("automatic", "disabled"), ElementsAre("unmask", "enable"));
  EXPECT_THAT(ModeVerbs("manual", "disabled"), ElementsAre("unmask", "disable"));
  EXPECT_THAT(ModeVerbs("manual", "automatic"), ElementsAre("disable"));
  EXPECT_THAT(ModeVerbs("disabled", "automatic"), ElementsAre("mask"));
}

}  // namespace
}  // namespace poolshift::linux_host
