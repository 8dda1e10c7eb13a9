#include "tests/conformance/kit/scene.h"

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

#include "controller/model/covers.h"
#include "tests/conformance/kit/programs.h"
#include <unistd.h>

namespace poolshift::conformance {
namespace {

Value WritableOf(const Scene& scene, const Observation& seen) {
  if (seen.presence != Presence::kPresent) return {};
  return WritablePart(scene.SchemaOf(scene.fixture().target.kind), seen.properties);
}

}  // namespace

Scene::Scene(const Fixture& fixture)
    : fixture_(fixture),
      mark_(
          (std::filesystem::temp_directory_path() / ("poolshift-mark-" + std::to_string(getpid())))
              .string()) {
  std::filesystem::remove(mark_);
  fixture_.reset();
}

bool Scene::IsMarked() const { return std::filesystem::remove(mark_); }

absl::StatusOr<std::unique_ptr<Provider>> Scene::Try(const Start& start) const {
  Start noted = start;
  noted.adjust = [&](PluginConfiguration& configuration) {
    state_directory_ = configuration.state_directory;
    if (start.adjust) start.adjust(configuration);
  };
  return fixture_.start(noted);
}

std::unique_ptr<Provider> Scene::Beside(bool read_only, const Start& start) const {
  Start mode = start;
  mode.read_only = read_only;
  auto started = Try(mode);
  if (!started.ok()) throw std::runtime_error("it does not start: " + started.status().ToString());
  return *std::move(started);
}

Provider& Scene::Write(const Start& start) {
  provider_.reset();  // the former process is gone before the next one begins
  provider_ = Beside(false, start);
  return *provider_;
}

Provider& Scene::Read(const Start& start) {
  provider_.reset();
  provider_ = Beside(true, start);
  return *provider_;
}

void Scene::Kill() const {
  if (fixture_.kill) {
    fixture_.kill();
  } else {
    KillPrograms();
  }
}

Observation Scene::LookAt(Provider& provider, const ObservationKey& key) const {
  auto seen = provider.Observe({key}, fixture_.patience);
  if (!seen.ok()) throw std::runtime_error("it cannot look: " + seen.status().ToString());
  return std::move(seen->front());
}

std::vector<Observation> Scene::LookAtAll(const std::vector<ObservationKey>& keys) const {
  auto seen = provider().Observe(keys, fixture_.patience);
  if (!seen.ok()) throw std::runtime_error("it cannot look: " + seen.status().ToString());
  if (seen->size() != keys.size()) throw std::runtime_error("it answered for more or fewer keys");
  return *std::move(seen);
}

void Scene::ExpectUntouched(const Standing& before) const {
  ExpectSame(before.seen, Look());
  EXPECT_EQ(before.witness, Witness()) << "as it is seen past the provider";
}

void Scene::ExpectChanged() const {
  const Observation seen = Look();
  EXPECT_TRUE(Shows(seen, fixture_.after))
      << "the change is not there: " << DisplayText(seen.properties) << ' ' << seen.reason;
}

void Scene::ExpectTruth(const Standing& before, const ApplyResult& result) const {
  if (result.status.ok()) return ExpectChanged();
  if (!result.effect_unknown) ExpectUntouched(before);
}

void Scene::ExpectRefused(const ApplyResult& result) {
  EXPECT_FALSE(result.status.ok()) << "it says that it is done";
  EXPECT_FALSE(result.effect_unknown) << result.status;
  EXPECT_FALSE(!result.status.ok() && result.status.message().empty()) << "say why";
}

ApplyRequest Scene::Request(const Observation& seen, std::string key, std::int64_t token) const {
  ApplyRequest request = RequestFrom(fixture_, seen, std::move(key), token);
  request.deadline = fixture_.patience;
  return request;
}

ApplyRequest Scene::WayBack(const Observation& first, std::string key, std::int64_t token) const {
  Fixture back = fixture_;
  back.after = WritableOf(*this, first);
  ApplyRequest request = RequestFrom(back, Look(), std::move(key), token);
  request.deadline = fixture_.patience;
  return request;
}

void Scene::ExpectSettles(const Standing& before, const ApplyRequest& request) const {
  auto found = provider().Lookup(request.key, fixture_.patience);
  while (found.ok() && found->effect_unknown && found->retryable) {  // it still runs
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    found = provider().Lookup(request.key, fixture_.patience);
  }
  if (absl::IsNotFound(found.status())) {
    ExpectUntouched(before);
  } else if (found.ok()) {
    ExpectTruth(before, *found);
  } else {
    ADD_FAILURE() << "Lookup does not answer: " << found.status();
  }
  const ApplyResult repeated = Apply(request);
  ExpectTruth(before, repeated);
  if (Shows(Look(), fixture_.after)) return;
  const ApplyResult anew = Apply(Look(), request.key + "-anew", request.token);
  EXPECT_TRUE(anew.status.ok()) << "it stays where the interruption left it: " << anew.status;
}

KindSchema Scene::SchemaOf(const std::string& kind) const {
  const auto description = provider().Describe();
  if (!description.ok()) throw std::runtime_error(description.status().ToString());
  for (const KindSchema& schema : description->kinds) {
    if (schema.kind == kind) return schema;
  }
  throw std::runtime_error("kind " + kind + " is not served");
}

void ExpectSame(const Observation& before, const Observation& now) {
  EXPECT_EQ(before.presence, now.presence) << now.reason;
  EXPECT_EQ(before.revision, now.revision)
      << DisplayText(before.properties) << "\n  now " << DisplayText(now.properties);
}

}  // namespace poolshift::conformance
