#include "controller/gitops/provider_health.h"

#include <gtest/gtest.h>

namespace poolshift {
namespace {

const absl::Time kFirst = absl::FromUnixSeconds(1'800'000'000);

Observation Seen(const std::string& provider, Presence presence, absl::Time at) {
  Observation seen;
  seen.provider = provider;
  seen.presence = presence;
  seen.at = at;
  return seen;
}

TEST(ProviderHealthTest, RemembersWhenSomebodyAnsweredLast) {
  std::map<std::string, ProviderHealth> health;
  ObservedState first;
  first.observations[{{"SiteRoute", "Site1"}, ""}] = Seen("lync", Presence::kPresent, kFirst);
  first.observations[{{"DnsRecordSet", "a/A"}, ""}] = Seen("zone", Presence::kAbsent, kFirst);
  first.observations[{{"DnsRecordSet", "b/A"}, ""}] = Seen("zone", Presence::kUnreachable, kFirst);
  first.observations[{{"Fence", "c"}, ""}] = Seen("", Presence::kUnreachable, kFirst);
  NoteLook(first, health);
  ASSERT_EQ(health.size(), 2U) << "nobody is no provider";
  EXPECT_EQ(health["zone"].answered, kFirst) << "what is absent was looked at";
  EXPECT_EQ(health["zone"].unreachable, 1U);

  ObservedState second;
  second.observations[{{"DnsRecordSet", "a/A"}, ""}] =
      Seen("zone", Presence::kUnreachable, kFirst + absl::Minutes(5));
  NoteLook(second, health);
  ASSERT_EQ(health.size(), 1U) << "one that is asked nothing any more is none to worry about";
  EXPECT_EQ(health["zone"].answered, kFirst);
  EXPECT_EQ(health["zone"].unreachable, 1U);
}

TEST(ProviderHealthTest, WhoNeverAnsweredSaysSo) {
  std::map<std::string, ProviderHealth> health;
  ObservedState state;
  state.observations[{{"Fence", "c"}, ""}] = Seen("host", Presence::kUnreachable, kFirst);
  NoteLook(state, health);
  EXPECT_EQ(health["host"].answered, absl::InfinitePast());
}

}  // namespace
}  // namespace poolshift
