// A program that was started read-only has no way to write.
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "controller/model/covers.h"
#include "tests/conformance/kit/check.h"

namespace poolshift::conformance {
namespace {

std::map<std::string, std::string> FilesIn(const std::string& folder) {
  std::map<std::string, std::string> files;
  if (!std::filesystem::exists(folder)) return files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    std::ostringstream content;
    if (entry.is_regular_file()) content << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    files[entry.path().string()] = content.str();
  }
  return files;
}

void ReadOnlyCannotWrite(Scene& scene) {
  scene.Read();
  const Standing before = scene.Stand();
  const ApplyResult result = scene.Apply(before.seen, "k", 1);
  EXPECT_TRUE(absl::IsPermissionDenied(result.status)) << result.status;
  EXPECT_FALSE(result.effect_unknown);
  scene.ExpectUntouched(before);
}

void ReadOnlyRemembersNoRequest(Scene& scene) {
  scene.Read();
  scene.Apply(scene.Look(), "k", 5);
  EXPECT_TRUE(absl::IsNotFound(scene.provider().Lookup("k", scene.fixture().patience).status()));
  const auto seen = scene.provider().Fence({0}, scene.fixture().patience);
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_LT(seen->greatest, 5) << "a request that was refused has raised the fence";
}

void ReadOnlyCannotRaiseTheFence(Scene& scene) {
  scene.Read();
  const auto raised = scene.provider().Fence({9}, scene.fixture().patience);
  EXPECT_TRUE(absl::IsPermissionDenied(raised.status())) << raised.status();
  const auto asked = scene.provider().Fence({0}, scene.fixture().patience);
  ASSERT_TRUE(asked.ok()) << asked.status();
  EXPECT_LT(asked->greatest, 9);
}

void ReadOnlyLeavesItsStateAlone(Scene& scene) {
  scene.Write();
  scene.Look();
  scene.Leave();
  const auto before = FilesIn(scene.state_directory());
  scene.Read();
  const Observation seen = scene.Look();
  const Action action = scene.Request(seen, "k", 1).action;
  const auto shown = scene.provider().Preview({action}, scene.fixture().patience);
  scene.provider().Lookup("k", scene.fixture().patience).IgnoreError();
  scene.provider().Fence({0}, scene.fixture().patience).IgnoreError();
  scene.provider().Cancel("k");
  scene.Apply(seen, "k", 1);
  scene.Leave();
  EXPECT_EQ(before, FilesIn(scene.state_directory()));
}

void ReaderSeesWhatTheWriterSees(Scene& scene) {
  scene.Write();
  const auto& keys = scene.fixture().keys;
  const std::vector<Observation> writers = scene.LookAtAll(keys);
  const auto reader = scene.Beside(true);
  for (std::size_t i = 0; i < keys.size(); ++i)
    ExpectSame(writers[i], scene.LookAt(*reader, keys[i]));
}

void ReaderSeesTheWritersChange(Scene& scene) {
  scene.Write();
  const auto reader = scene.Beside(true);
  const ObservationKey key{scene.fixture().target, ""};
  EXPECT_FALSE(Shows(scene.LookAt(*reader, key), scene.fixture().after));
  ASSERT_TRUE(scene.Apply(scene.Look(), "k", 3).status.ok());
  EXPECT_TRUE(Shows(scene.LookAt(*reader, key), scene.fixture().after));
  const auto known = reader->Lookup("k", scene.fixture().patience);
  ASSERT_TRUE(known.ok()) << known.status();
  EXPECT_TRUE(known->status.ok()) << known->status;
  const auto token = reader->Fence({0}, scene.fixture().patience);
  ASSERT_TRUE(token.ok()) << token.status();
  EXPECT_EQ(token->greatest, 3);
}

}  // namespace

std::vector<Check> ReadOnlyChecks() {
  const char* topic = "read-only";
  const char* mode = "provider-protocol Starting";
  return {
      {topic,
       "read-only-cannot-write",
       "Started read-only it refuses every change.",
       mode,
       {Need::kTarget},
       &ReadOnlyCannotWrite},
      {topic,
       "read-only-remembers-no-request",
       "What it refused has left neither a key nor a token.",
       mode,
       {Need::kTarget},
       &ReadOnlyRemembersNoRequest},
      {topic,
       "read-only-cannot-raise-the-fence",
       "Started read-only it raises no fence.",
       mode,
       {Need::kTarget},
       &ReadOnlyCannotRaiseTheFence},
      {topic,
       "read-only-leaves-its-state-alone",
       "Whatever it is asked, no file of its state directory changes.",
       mode,
       {Need::kTarget},
       &ReadOnlyLeavesItsStateAlone},
      {topic,
       "reader-sees-what-the-writer-sees",
       "A reader beside a writer sees each resource alike.",
       "provider-protocol 1",
       {Need::kTarget},
       &ReaderSeesWhatTheWriterSees},
      {topic,
       "reader-sees-the-writers-change",
       "A reader that runs meanwhile sees the change, its key and its token.",
       "provider-protocol 1",
       {Need::kChange},
       &ReaderSeesTheWritersChange},
  };
}

}  // namespace poolshift::conformance
