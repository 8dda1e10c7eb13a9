// Secrets stay where they are kept.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/conformance/kit/check.h"

namespace poolshift::conformance {
namespace {

std::string ContentOf(const std::filesystem::path& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

// The secret itself is not printed by a failure either.
void ExpectNoSecret(const Scene& scene, const std::string& text, const std::string& where) {
  for (const std::string& secret : scene.fixture().secrets)
    EXPECT_EQ(text.find(secret), std::string::npos) << "a secret is in " << where;
}

void ExpectNoSecret(const Scene& scene, const ApplyResult& result, const std::string& where) {
  ExpectNoSecret(scene,
                 std::string(result.status.message()) + result.observation.reason +
                     DisplayText(result.observation.properties),
                 where);
}

// Everything that can be asked, with and without success.
void AskEverything(Scene& scene) {
  const absl::Duration patience = scene.fixture().patience;
  Provider& provider = scene.provider();
  const auto description = provider.Describe();
  ASSERT_TRUE(description.ok()) << description.status();
  for (const std::string& remark : description->remarks)
    ExpectNoSecret(scene, remark, "a remark");
  std::vector<ObservationKey> keys = scene.fixture().keys;
  if (scene.fixture().unreachable.has_value()) keys.push_back(*scene.fixture().unreachable);
  for (const Observation& seen : scene.LookAtAll(keys))
    ExpectNoSecret(scene, seen.reason + DisplayText(seen.properties), "an observation");
  ExpectNoSecret(scene, provider.List(patience).status().ToString(), "List");
  const auto files = provider.Export(patience);
  ExpectNoSecret(scene, files.status().ToString(), "Export");
  if (!files.ok()) return;
  for (const ExportedFile& file : *files)
    ExpectNoSecret(scene, file.content, "an exported file");
}

void NoSecretInAnyAnswer(Scene& scene) {
  scene.Write();
  AskEverything(scene);
  if (scene.fixture().target.kind.empty()) return;
  const Observation seen = scene.Look();
  ApplyRequest request = scene.Request(seen, "k", 1);
  const auto shown = scene.provider().Preview({request.action}, scene.fixture().patience);
  std::string lines = shown.status().ToString();
  if (shown.ok()) {
    for (const std::string& line : shown->front())
      lines += line + '\n';
  }
  ExpectNoSecret(scene, lines, "Preview");
  request.action.precondition_revision = Scene::Stale();
  ExpectNoSecret(scene, scene.Apply(request), "a conflict");
  std::string progress;
  const ApplyResult done = scene.provider().Apply(scene.Request(seen, "k", 1),
                                                  [&](std::string_view line) { progress += line; });
  ExpectNoSecret(scene, progress, "progress");
  ExpectNoSecret(scene, done, "a result");
  const auto found = scene.provider().Lookup("k", scene.fixture().patience);
  if (found.ok()) ExpectNoSecret(scene, *found, "Lookup");
}

void NoSecretInTheLog(Scene& scene) {
  scene.Write();
  AskEverything(scene);
  if (!scene.fixture().target.kind.empty()) scene.Apply(scene.Look(), "k", 1);
  scene.Leave();
  ASSERT_TRUE(scene.fixture().log) << "a fixture with secrets keeps the log";
  ExpectNoSecret(scene, scene.fixture().log(), "the log");
}

void NoSecretInTheState(Scene& scene) {
  scene.Write();
  AskEverything(scene);
  if (!scene.fixture().target.kind.empty()) scene.Apply(scene.Look(), "k", 1);
  scene.Leave();
  for (const auto& entry : std::filesystem::recursive_directory_iterator(scene.state_directory())) {
    ExpectNoSecret(scene, entry.path().string(), "the name of a file of the state directory");
    if (entry.is_regular_file()) ExpectNoSecret(scene, ContentOf(entry.path()), entry.path());
  }
}

std::string FileOf(const SecretRef& secret) {
  const std::string reference = secret.Reference();
  return reference.rfind("file:", 0) == 0 ? reference.substr(5) : "";
}

// Starts with each secret in another file.
absl::Status StartWith(Scene& scene, const std::function<std::string(const std::string&)>& move) {
  const auto started = scene.Try({true, [&](PluginConfiguration& configuration) {
                                    for (auto& [name, secret] : configuration.secrets) {
                                      const std::string file = FileOf(secret);
                                      if (!file.empty())
                                        secret = *SecretRef::Parse("file:" + move(file));
                                    }
                                  }});
  if (!started.ok()) return started.status();
  // It may open them when it needs them; then it cannot look.
  const auto seen = (*started)->Observe(scene.fixture().keys, scene.fixture().patience);
  if (!seen.ok()) return seen.status();
  for (const Observation& observation : *seen) {
    if (observation.presence == Presence::kUnreachable)
      return absl::UnavailableError(observation.reason);
  }
  return absl::OkStatus();
}

void MissingSecretIsNamed(Scene& scene) {
  const absl::Status status =
      StartWith(scene, [](const std::string& file) { return file + "-missing"; });
  EXPECT_FALSE(status.ok()) << "it works without its secret";
  EXPECT_NE(status.message().find("-missing"), std::string::npos)
      << "it does not name the place: " << status;
}

void SecretThatOthersCanReadIsRefused(Scene& scene) {
  std::vector<std::string> copies;
  const absl::Status status = StartWith(scene, [&](const std::string& file) {
    const std::string copy = scene.mark() + "-readable-" + std::to_string(copies.size());
    copies.push_back(copy);
    std::filesystem::copy_file(file, copy, std::filesystem::copy_options::overwrite_existing);
    std::filesystem::permissions(copy,
                                 std::filesystem::perms::owner_read |
                                     std::filesystem::perms::group_read |
                                     std::filesystem::perms::others_read);
    return copy;
  });
  EXPECT_FALSE(copies.empty()) << "no secret is in a file";
  for (const std::string& copy : copies)
    std::filesystem::remove(copy);
  EXPECT_FALSE(status.ok()) << "it took a secret that everybody can read";
  EXPECT_NE(status.message().find("-readable-"), std::string::npos)
      << "it does not name the place: " << status;
  ExpectNoSecret(scene, std::string(status.message()), "the refusal");
}

}  // namespace

std::vector<Check> SecretChecks() {
  const char* topic = "secrets";
  const char* ten = "provider-protocol 10";
  const char* reference = "provider.proto SecretReference";
  return {
      {topic,
       "no-secret-in-any-answer",
       "No answer holds a secret, of a success or of a refusal.",
       ten,
       {Need::kSecret},
       &NoSecretInAnyAnswer},
      {topic,
       "no-secret-in-the-log",
       "No line of the log holds a secret.",
       ten,
       {Need::kSecret},
       &NoSecretInTheLog},
      {topic,
       "no-secret-in-the-state",
       "No file of the state directory holds a secret.",
       ten,
       {Need::kSecret},
       &NoSecretInTheState},
      {topic,
       "missing-secret-is-named",
       "A secret that is not there is missed by its place.",
       reference,
       {Need::kSecret},
       &MissingSecretIsNamed},
      {topic,
       "secret-that-others-can-read-is-refused",
       "A secret file that is not its owner's alone is refused, without its content.",
       reference,
       {Need::kSecret},
       &SecretThatOthersCanReadIsRefused},
  };
}

}  // namespace poolshift::conformance
