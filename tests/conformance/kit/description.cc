// What a provider says of itself, and that it says the same again.
#include <set>

#include <gtest/gtest.h>

#include "controller/federation/kinds.h"
#include "tests/conformance/kit/check.h"

namespace poolshift::conformance {
namespace {

ProviderDescription DescriptionOf(Provider& provider) {
  const auto description = provider.Describe();
  EXPECT_TRUE(description.ok()) << description.status();
  return description.ok() ? *description : ProviderDescription{};
}

std::string TextOf(const ProviderDescription& description) {
  std::string text = description.type + ' ' + description.version +
                     (description.fenced ? " fenced" : "") +
                     (description.exports ? " exports" : "") + '\n';
  for (const KindSchema& kind : description.kinds) {
    text += kind.kind + (kind.writable ? " writable " : " observed ") + kind.name_form + " | " +
            kind.meaning + '\n';
    for (const PropertySchema& property : kind.properties) {
      text += "  " + property.name + ' ' + std::to_string(static_cast<int>(property.type)) +
              (property.required ? " required" : "") + (property.computed ? " computed" : "") +
              ' ' + property.meaning + '\n';
    }
  }
  for (const std::string& remark : description.remarks)
    text += remark + '\n';
  return text;
}

void SaysWhatItIs(Scene& scene) {
  const ProviderDescription description = DescriptionOf(scene.Read());
  EXPECT_FALSE(description.type.empty());
  EXPECT_FALSE(description.version.empty());
  EXPECT_FALSE(description.kinds.empty());
}

void DescriptionIsStable(Scene& scene) {
  const std::string first = TextOf(DescriptionOf(scene.Read()));
  EXPECT_EQ(first, TextOf(DescriptionOf(scene.provider())));
  EXPECT_EQ(first, TextOf(DescriptionOf(scene.Read()))) << "after a restart";
}

void DescriptionDoesNotDependOnTheMode(Scene& scene) {
  const std::string reading = TextOf(DescriptionOf(scene.Read()));
  EXPECT_EQ(reading, TextOf(DescriptionOf(scene.Write())));
}

void KindsAreExplained(Scene& scene) {
  for (const KindSchema& kind : DescriptionOf(scene.Read()).kinds) {
    EXPECT_FALSE(kind.meaning.empty()) << kind.kind;
    EXPECT_FALSE(kind.name_form.empty()) << kind.kind;
  }
}

void KindsAreNamedOnce(Scene& scene) {
  std::set<std::string> seen;
  for (const KindSchema& kind : DescriptionOf(scene.Read()).kinds) {
    EXPECT_TRUE(seen.insert(kind.kind).second) << kind.kind;
    EXPECT_EQ(kind.kind.find_first_of("/ \n"), std::string::npos) << kind.kind;
    EXPECT_FALSE(kind.kind.empty());
  }
}

void PropertiesAreNamedOnce(Scene& scene) {
  for (const KindSchema& kind : DescriptionOf(scene.Read()).kinds) {
    std::set<std::string> seen;
    EXPECT_FALSE(kind.properties.empty()) << kind.kind;
    for (const PropertySchema& property : kind.properties) {
      EXPECT_FALSE(property.name.empty()) << kind.kind;
      EXPECT_TRUE(seen.insert(property.name).second) << kind.kind << '.' << property.name;
    }
  }
}

void WritableKindsHaveSomethingToWrite(Scene& scene) {
  for (const KindSchema& kind : DescriptionOf(scene.Read()).kinds) {
    int writable = 0;
    for (const PropertySchema& property : kind.properties)
      writable += property.computed ? 0 : 1;
    EXPECT_TRUE(!kind.writable || writable > 0) << kind.kind;
  }
}

void SharedKindsKeepTheirContract(Scene& scene) {
  for (const KindSchema& kind : DescriptionOf(scene.Read()).kinds) {
    const KindSchema* contract = kinds::FindKindSchema(kind.kind);
    if (contract == nullptr) continue;  // a kind of its own
    EXPECT_EQ(kind.name_form, contract->name_form) << kind.kind;
    EXPECT_TRUE(contract->writable || !kind.writable) << kind.kind << " is only observed";
    for (const PropertySchema& property : kind.properties) {
      const PropertySchema* same = nullptr;
      for (const PropertySchema& other : contract->properties)
        same = other.name == property.name ? &other : same;
      const std::string where = kind.kind + '.' + property.name;
      if (same == nullptr) {
        ADD_FAILURE() << where << " is not in docs/kinds.md";
        continue;
      }
      EXPECT_EQ(property.type, same->type) << where;
      EXPECT_EQ(property.computed, same->computed) << where;
      EXPECT_EQ(property.required, same->required) << where;
    }
    EXPECT_EQ(kind.properties.size(), contract->properties.size()) << kind.kind;
  }
}

void RemarksAreWordsForPeople(Scene& scene) {
  for (const std::string& remark : DescriptionOf(scene.Read()).remarks) {
    EXPECT_FALSE(remark.empty());
    EXPECT_EQ(remark.find("\\x"), std::string::npos) << "it steers terminals: " << remark;
  }
}

}  // namespace

std::vector<Check> DescriptionChecks() {
  const char* topic = "description";
  const char* describe = "provider.proto DescribeResponse";
  return {
      {topic,
       "says-what-it-is",
       "It names its type, its version and at least one kind.",
       describe,
       {},
       &SaysWhatItIs},
      {topic,
       "description-is-stable",
       "Asked again, and after a restart, it describes itself alike.",
       describe,
       {},
       &DescriptionIsStable},
      {topic,
       "description-does-not-depend-on-the-mode",
       "Started read-only it describes the same kinds as started to write.",
       describe,
       {},
       &DescriptionDoesNotDependOnTheMode},
      {topic,
       "kinds-are-explained",
       "Each kind says what it means and how its names are formed.",
       "provider.proto KindSchema",
       {},
       &KindsAreExplained},
      {topic,
       "kinds-are-named-once",
       "Each kind is described once, under a plain name.",
       "provider.proto KindSchema",
       {},
       &KindsAreNamedOnce},
      {topic,
       "properties-are-named-once",
       "Each kind has properties, each described once.",
       "provider.proto PropertySchema",
       {},
       &PropertiesAreNamedOnce},
      {topic,
       "writable-kinds-have-something-to-write",
       "A kind that can be changed has a property that is not computed.",
       "provider.proto PropertySchema",
       {},
       &WritableKindsHaveSomethingToWrite},
      {topic,
       "shared-kinds-keep-their-contract",
       "A kind that docs/kinds.md lists has the names, types and properties of that page.",
       "kinds.md",
       {},
       &SharedKindsKeepTheirContract},
      {topic,
       "remarks-are-words-for-people",
       "Remarks are printable and not empty.",
       "provider.proto DescribeResponse",
       {},
       &RemarksAreWordsForPeople},
  };
}

}  // namespace poolshift::conformance
