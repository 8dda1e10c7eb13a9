// List and Export: optional, whole or refused, and without a trace.
#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "controller/federation/listed_kinds.h"
#include "tests/conformance/kit/check.h"

namespace poolshift::conformance {
namespace {

std::vector<std::string> Listing(Scene& scene) {
  const auto entities = scene.provider().List(scene.fixture().patience);
  if (absl::IsUnimplemented(entities.status())) return {"cannot list"};
  EXPECT_TRUE(entities.ok()) << entities.status();
  std::vector<std::string> lines;
  if (!entities.ok()) return lines;
  for (const Listed& entity : *entities)
    lines.push_back(ToString(entity.id) + ' ' + CanonicalText(entity.properties));
  std::sort(lines.begin(), lines.end());
  return lines;
}

void ListIsWholeOrRefused(Scene& scene) {
  const auto entities = scene.Read().List(scene.fixture().patience);
  if (!entities.ok()) {
    EXPECT_TRUE(absl::IsUnimplemented(entities.status())) << entities.status();
    return;
  }
  EXPECT_FALSE(entities->empty()) << "the target is not empty";
  std::set<ResourceId> seen;
  for (const Listed& entity : *entities) {
    EXPECT_TRUE(seen.insert(entity.id).second) << ToString(entity.id) << " is there twice";
    const KindSchema* schema = listed::FindSchema(entity.id.kind);
    if (schema == nullptr) {
      ADD_FAILURE() << ToString(entity.id) << " is of no kind that can be listed";
      continue;
    }
    for (const std::string& violation : Violations(*schema, entity.properties))
      ADD_FAILURE() << ToString(entity.id) << ": " << violation;
  }
}

void ListIsStable(Scene& scene) {
  scene.Read();
  const std::vector<std::string> first = Listing(scene);
  EXPECT_EQ(first, Listing(scene));
  scene.Write();
  EXPECT_EQ(first, Listing(scene)) << "of a program that may write";
}

void ListingChangesNothing(Scene& scene) {
  scene.Write();
  const ObservationKey& key = scene.fixture().keys.front();
  const Observation before = scene.LookAt(scene.provider(), key);
  const std::string witness = scene.Witness();
  Listing(scene);
  EXPECT_EQ(witness, scene.Witness());
  ExpectSame(before, scene.LookAt(scene.provider(), key));
}

void ExportIsAsDescribed(Scene& scene) {
  const bool exports = scene.Read().Describe()->exports;
  const auto files = scene.provider().Export(scene.fixture().patience);
  if (!exports) {
    EXPECT_TRUE(absl::IsUnimplemented(files.status())) << files.status();
    return;
  }
  ASSERT_TRUE(files.ok()) << files.status();
  EXPECT_FALSE(files->empty());
  std::set<std::string> names;
  for (const ExportedFile& file : *files) {
    EXPECT_FALSE(file.content.empty()) << file.name;
    EXPECT_TRUE(names.insert(file.name).second) << file.name << " is there twice";
    EXPECT_EQ(file.name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                          "0123456789._-"),
              std::string::npos)
        << file.name;
    EXPECT_NE(file.name.front(), '.') << file.name;
  }
}

void ExportingChangesNothing(Scene& scene) {
  scene.Write();
  const ObservationKey& key = scene.fixture().keys.front();
  const Observation before = scene.LookAt(scene.provider(), key);
  const std::string witness = scene.Witness();
  scene.provider().Export(scene.fixture().patience).IgnoreError();
  EXPECT_EQ(witness, scene.Witness());
  ExpectSame(before, scene.LookAt(scene.provider(), key));
}

}  // namespace

std::vector<Check> ListingChecks() {
  const char* topic = "list-and-export";
  const char* eleven = "provider-protocol 11";
  const char* twelve = "provider-protocol 12";
  return {
      {topic,
       "list-is-whole-or-refused",
       "It lists each entity once, of kinds that can be listed, or says that it cannot.",
       eleven,
       {},
       &ListIsWholeOrRefused},
      {topic,
       "list-is-stable",
       "What did not change is listed alike again.",
       eleven,
       {},
       &ListIsStable},
      {topic,
       "listing-changes-nothing",
       "List leaves the target as it is.",
       "provider-protocol 3",
       {},
       &ListingChangesNothing},
      {topic,
       "export-is-as-described",
       "Who says that it exports gives plainly named files with content; who does not, refuses.",
       twelve,
       {},
       &ExportIsAsDescribed},
      {topic,
       "exporting-changes-nothing",
       "Export leaves the target as it is.",
       "provider-protocol 3",
       {},
       &ExportingChangesNothing},
  };
}

}  // namespace poolshift::conformance
