// Every way in which a provider program can fail or lie, and the error that each one gets.
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/provider/stage.h"

namespace poolshift {
namespace {

using absl::StatusCode;
using testing::Contains;
using testing::HasSubstr;

std::string Text(const absl::Status& status) { return std::string(status.message()); }

struct Fault {
  const char* name;  // of the program
  StatusCode code;
  std::vector<std::string> says;  // parts of the message
};

std::string TestName(const testing::TestParamInfo<Fault>& param) {
  std::string name;
  for (const char* letter = param.param.name; *letter != '\0'; ++letter) {
    if (*letter != '-') name += *letter;
  }
  return name;
}

void ExpectFault(const absl::Status& status, const Fault& fault) {
  EXPECT_EQ(status.code(), fault.code) << status;
  EXPECT_THAT(Text(status), HasSubstr(std::string("provider `p` (") + fault.name + ")"));
  for (const std::string& part : fault.says)
    EXPECT_THAT(Text(status), HasSubstr(part));
}

class StartFault : public testing::TestWithParam<Fault> {};

TEST_P(StartFault, IsNamedAtStart) {
  Stage stage;
  PluginOptions options = stage.OptionsFor(GetParam().name);
  if (std::string(GetParam().name) == "silent") options.patience = absl::Milliseconds(300);
  ExpectFault(stage.Start(options, stage.Configuration()).status(), GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Faults,
    StartFault,
    testing::Values(
        Fault{"crash-at-start", StatusCode::kUnavailable, {"signal 11", "before its handshake"}},
        Fault{"early-exit",
              StatusCode::kUnavailable,
              {"exited with status 3", "last words: licence expired"}},
        Fault{"garbage", StatusCode::kUnavailable, {"wrote `\\x1b[2JHello, world!`", "handshake"}},
        Fault{"endless-handshake", StatusCode::kUnavailable, {"wrote `xxxx", "handshake"}},
        Fault{"silent", StatusCode::kDeadlineExceeded, {"said nothing within 300ms"}},
        Fault{
            "later-version", StatusCode::kFailedPrecondition, {"versions 7 to 7", "speaks 1 to 1"}},
        Fault{"wrong-name", StatusCode::kUnavailable, {"says that it is of type `sim`"}},
        Fault{"configuration",
              StatusCode::kInvalidArgument,
              {"\n  `server` is missing\n  `port` is no number"}},
        Fault{"type-lie", StatusCode::kInternal, {"broke its promise in Describe", "type `sim`"}},
        Fault{"no-kinds", StatusCode::kInternal, {"serves no kind"}},
        Fault{"kind-twice", StatusCode::kInternal, {"describes kind `Switch` twice"}},
        Fault{"property-type", StatusCode::kInternal, {"Switch.value: property type 77"}}),
    TestName);

class ObserveFault : public testing::TestWithParam<Fault> {};

TEST_P(ObserveFault, IsNamedAndEndsTheTrust) {
  Stage stage;
  const auto provider = stage.Start(GetParam().name);
  ASSERT_TRUE(provider.ok()) << provider.status();
  const bool hangs = std::string(GetParam().name) == "hang-in-observe";
  const absl::Duration deadline = hangs ? absl::Milliseconds(300) : absl::Seconds(20);
  const std::vector<ObservationKey> keys = {{{"Switch", "hall"}, ""}, {{"Switch", "attic"}, "v"}};
  const absl::Status status = (*provider)->Observe(keys, deadline).status();
  ExpectFault(status, GetParam());
  if (GetParam().code != StatusCode::kInternal) return;
  EXPECT_EQ((*provider)->Apply(SwitchOff(), nullptr).status, status) << "a liar is not asked again";
}

INSTANTIATE_TEST_SUITE_P(
    Faults,
    ObserveFault,
    testing::Values(
        Fault{"crash-in-observe", StatusCode::kUnavailable, {"signal 6", "during Observe"}},
        Fault{"hang-in-observe", StatusCode::kDeadlineExceeded, {"did not answer Observe within"}},
        Fault{"missing", StatusCode::kInternal, {"did not answer for Switch/attic"}},
        Fault{"twice", StatusCode::kInternal, {"answered twice for Switch/hall"}},
        Fault{
            "foreign", StatusCode::kInternal, {"Switch/someone-elses, which it was not asked for"}},
        Fault{"bad-utf8", StatusCode::kInternal, {"Observation.reason is not valid UTF-8"}},
        Fault{"unknown-presence", StatusCode::kInternal, {"Switch/hall: presence 9"}},
        Fault{"oversized", StatusCode::kInternal, {"larger than the 4 MiB"}},
        Fault{"deep", StatusCode::kInternal, {"Switch/hall: a value nests deeper than 30 levels"}},
        Fault{"bottomless", StatusCode::kInternal, {"damaged or nested too deep"}},
        Fault{"wrong-revision", StatusCode::kInternal, {"revision of Switch/hall"}},
        Fault{"absent-with-content", StatusCode::kInternal, {"Switch/hall has content though"}},
        Fault{"wrong-type", StatusCode::kInternal, {"property `value` has the wrong type"}},
        Fault{"extra-property", StatusCode::kInternal, {"property `more` is not in the schema"}},
        Fault{"missing-property", StatusCode::kInternal, {"required property `value` is missing"}}),
    TestName);

class ApplyFault : public testing::TestWithParam<Fault> {};

TEST_P(ApplyFault, IsNamedAndEffectIsUnknown) {
  Stage stage;
  const auto provider = stage.Start(GetParam().name);
  ASSERT_TRUE(provider.ok()) << provider.status();
  ApplyRequest request = SwitchOff();
  if (std::string(GetParam().name) == "hang-in-apply") request.deadline = absl::Milliseconds(300);
  const ApplyResult result = (*provider)->Apply(request, nullptr);
  ExpectFault(result.status, GetParam());
  EXPECT_TRUE(result.effect_unknown) << "nobody can say that nothing happened";
}

INSTANTIATE_TEST_SUITE_P(
    Faults,
    ApplyFault,
    testing::Values(
        Fault{"crash-in-apply", StatusCode::kUnavailable, {"signal 6", "during Apply"}},
        Fault{
            "hang-in-apply", StatusCode::kDeadlineExceeded, {"did not answer Apply within 300ms"}},
        Fault{"no-result", StatusCode::kInternal, {"ended without a result"}},
        Fault{"two-results", StatusCode::kInternal, {"gave two results"}},
        Fault{"late-progress", StatusCode::kInternal, {"went on after its result"}},
        Fault{"unknown-outcome", StatusCode::kInternal, {"outcome 99"}},
        Fault{"no-observation",
              StatusCode::kInternal,
              {"reported success and showed no observation"}},
        Fault{"no-effect", StatusCode::kInternal, {"Switch/hall does not show the change"}},
        Fault{"foreign-result", StatusCode::kInternal, {"its result is of Switch/other"}},
        Fault{"result-revision", StatusCode::kInternal, {"revision of Switch/hall"}}),
    TestName);

TEST(PreviewFault, WrongCountIsNamed) {
  for (const char* fault : {"preview-too-many", "preview-too-few"}) {
    Stage stage;
    const auto provider = stage.Start(fault);
    ASSERT_TRUE(provider.ok()) << provider.status();
    const auto commands = (*provider)->Preview({SwitchOff().action}, absl::Seconds(20));
    EXPECT_THAT(Text(commands.status()), HasSubstr("answered for more or fewer")) << fault;
  }
}

class ExportFault : public testing::TestWithParam<Fault> {};

TEST_P(ExportFault, IsNamed) {
  Stage stage;
  const auto provider = stage.Start(GetParam().name);
  ASSERT_TRUE(provider.ok()) << provider.status();
  ExpectFault((*provider)->Export(absl::Seconds(20)).status(), GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Faults,
    ExportFault,
    testing::Values(
        Fault{"export-nothing", StatusCode::kInternal, {"exported nothing"}},
        Fault{"export-empty", StatusCode::kInternal, {"an empty file"}},
        Fault{"export-path", StatusCode::kInternal, {"`../../etc/passwd` is no plain file name"}},
        Fault{"export-hidden", StatusCode::kInternal, {"`.profile` is no plain file name"}},
        Fault{"export-mixed", StatusCode::kInternal, {"the parts of a.zip do not follow"}},
        Fault{"export-many", StatusCode::kInternal, {"more than 100 files"}}),
    TestName);

TEST(HonestProvider, ExportsFilesInParts) {
  Stage stage;
  const auto provider = stage.Start("honest");
  ASSERT_TRUE(provider.ok()) << provider.status();
  const auto files = (*provider)->Export(absl::Seconds(20));
  ASSERT_TRUE(files.ok()) << files.status();
  ASSERT_EQ(files->size(), 2U);
  EXPECT_EQ((*files)[0].name, "a.zip");
  EXPECT_EQ((*files)[0].content, "of a.zip;of a.zip;");
  EXPECT_EQ((*files)[1].name, "b.xml");
}

TEST(HonestProvider, EscapesWhatWouldSteerTerminals) {
  Stage stage;
  const auto provider = stage.Start("honest");
  ASSERT_TRUE(provider.ok()) << provider.status();
  std::vector<std::string> progress;
  const ApplyResult result =
      (*provider)->Apply(SwitchOff(), [&](std::string_view line) { progress.emplace_back(line); });
  EXPECT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(progress, Contains("half \\x1b[31mway"));
  const auto commands = (*provider)->Preview({SwitchOff().action}, absl::Seconds(20));
  ASSERT_TRUE(commands.ok()) << commands.status();
  EXPECT_EQ(commands->front().front(), "set \\x1b[31m");
}

TEST(OversizedRequest, IsRefusedBeforeItIsSent) {
  Stage stage;
  const auto provider = stage.Start("honest");
  ASSERT_TRUE(provider.ok()) << provider.status();
  ApplyRequest request = SwitchOff();
  request.action.after = Value::Map{{"value", std::string(5U << 20U, 'x')}};
  const ApplyResult result = (*provider)->Apply(request, nullptr);
  EXPECT_THAT(Text(result.status), HasSubstr("larger than the 4 MiB"));
  EXPECT_FALSE(result.effect_unknown) << "it never left";
}

}  // namespace
}  // namespace poolshift
