// Providers that describe, start, look, preview or list other than promised.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "tests/conformance/broken.h"

namespace poolshift::conformance {
namespace {

using Keys = std::vector<ObservationKey>;
using All = std::vector<Observation>;

Twister Described(std::function<void(ProviderDescription&)> change) {
  return [change](Backstage&, const Start&) { return Twist{.described = change}; };
}

Twister Configured(std::function<void(PluginConfiguration&)> change) {
  return [change](Backstage&, const Start&) { return Twist{.configured = change}; };
}

Twister Observed(std::function<void(const Keys&, All&)> change) {
  return [change](Backstage&, const Start&) { return Twist{.observed = change}; };
}

// Each observation by itself.
Twister Each(std::function<void(Observation&)> change) {
  return Observed(
      [change](const Keys&, All& all) { std::for_each(all.begin(), all.end(), change); });
}

void SayAbsent(Observation& seen) {
  if (seen.presence == Presence::kUnreachable) seen = Seen(Presence::kAbsent);
}

All Absent(std::size_t count) { return All(count, Seen(Presence::kAbsent)); }

// Shows for ever what it saw first.
Twist Remembering() {
  const auto kept = std::make_shared<std::map<ObservationKey, Observation>>();
  return {.observed = [kept](const Keys& keys, All& all) {
    for (std::size_t i = 0; i < keys.size(); ++i)
      all[i] = kept->try_emplace(keys[i], all[i]).first->second;
  }};
}

Twister Previewed(std::function<void(std::vector<std::vector<std::string>>&)> change) {
  return [change](Backstage&, const Start&) {
    return Twist{.preview = [change](Provider& honest, const std::vector<Action>& actions) {
      auto commands = honest.Preview(actions, absl::Seconds(20));
      if (commands.ok()) change(*commands);
      return commands;
    }};
  };
}

// What is only read is written all the same.
Twist WritingTwist(Backstage&, const Start&) { return {.read_only_writes = true}; }

std::vector<Broken> Descriptions() {
  using D = ProviderDescription;
  return {
      {"says-what-it-is", Described([](D& d) { d.version.clear(); })},
      {"description-is-stable",
       [](Backstage& stage, const Start&) {
         return Twist{.described = [&](D& d) { d.version += std::to_string(stage.Next()); }};
       }},
      {"description-does-not-depend-on-the-mode",
       [](Backstage&, const Start& start) {
         const bool reading = start.read_only;
         return Twist{.described = [reading](D& d) { d.kinds.front().writable = !reading; }};
       }},
      {"kinds-are-explained", Described([](D& d) { d.kinds.front().meaning.clear(); })},
      {"kinds-are-named-once", Described([](D& d) { d.kinds.push_back(d.kinds.front()); })},
      {"properties-are-named-once", Described([](D& d) {
         d.kinds.front().properties.push_back(d.kinds.front().properties.front());
       })},
      {"writable-kinds-have-something-to-write", Described([](D& d) {
         for (PropertySchema& property : d.kinds.front().properties)
           property.computed = true;
       })},
      {"shared-kinds-keep-their-contract",
       Described([](D& d) { d.kinds.front().properties.front().required ^= true; })},
      {"remarks-are-words-for-people", Described([](D& d) { d.remarks.push_back("\\x1b[2J"); })},
  };
}

std::vector<Broken> Configurations() {
  using C = PluginConfiguration;
  const auto takes_anything = [](C& c) { c.configuration = Value::Map{{"folder", "zone"}}; };
  return {
      {"configuration-without-content-is-refused", Configured(takes_anything)},
      {"configuration-of-another-shape-is-refused", Configured(takes_anything)},
      {"organization-has-a-name", Configured([](C& c) { c.organization = "contoso"; })},
      {"writer-needs-a-state-directory",
       Configured([](C& c) { c.state_directory = c.base_directory + "/state"; })},
      {"reader-needs-no-state-directory",
       [](Backstage&, const Start&) {
         const auto stateless = std::make_shared<bool>(false);
         return Twist{.configured = [=](C& c) { *stateless = c.state_directory.empty(); },
                      .observed =
                          [=](const Keys&, All& all) {
                            if (*stateless) all = Absent(all.size());
                          }};
       }},
  };
}

std::vector<Broken> Observations() {
  return {
      {"looks-are-stable",
       [](Backstage& stage, const Start&) {
         return Twist{.observed = [&](const Keys&, All& all) {
           all.front().revision = std::to_string(stage.Next());
         }};
       }},
      {"order-of-keys-does-not-matter", Observed([](const Keys& keys, All& all) {
         if (keys.size() == 2 && keys[1] < keys[0]) std::swap(all[0], all[1]);
       })},
      {"key-alone-is-seen-as-among-others", Observed([](const Keys& keys, All& all) {
         if (keys.size() == 1) all.front().revision = "alone";
       })},
      {"nothing-asked-nothing-answered",
       [](Backstage&, const Start&) {
         return Twist{.observe = [](Provider& honest, const Keys& keys, absl::Duration time) {
           return keys.empty() ? absl::InvalidArgumentError("no keys") : honest.Observe(keys, time);
         }};
       }},
      {"contents-keep-to-their-schema", Each([](Observation& seen) {
         if (seen.presence == Presence::kPresent) seen.properties.Set("more", 1);
       })},
      {"revision-is-the-digest-of-what-can-be-written",
       Each([](Observation& seen) { seen.revision = std::string(64, '0'); })},
      {"unknown-kind-is-refused",
       [](Backstage&, const Start&) {
         return Twist{.observe = [](Provider& honest, const Keys& keys, absl::Duration time) {
           auto seen = honest.Observe(keys, time);
           return seen.ok() ? seen : Twist::Seen(Absent(keys.size()));
         }};
       }},
      {"unknown-kind-spoils-nothing",
       [](Backstage&, const Start&) {
         const auto spoilt = std::make_shared<bool>(false);
         return Twist{.observe = [=](Provider& honest, const Keys& keys, absl::Duration time) {
           auto seen = honest.Observe(keys, time);
           if (!seen.ok()) *spoilt = true;
           return *spoilt ? absl::InternalError("spoilt") : seen;
         }};
       }},
      {"looks-side-by-side-are-alike",
       [](Backstage&, const Start&) {
         const auto looking = std::make_shared<std::atomic<int>>(0);
         return Twist{.observed = [=](const Keys&, All& all) {
           ++*looking;
           std::this_thread::sleep_for(std::chrono::milliseconds(30));
           if (*looking > 1) all = Absent(all.size());
           --*looking;
         }};
       }},
      {"more-than-a-batch-is-answered", Observed([](const Keys&, All& all) {
         if (all.size() > 1000) all[1000] = all[0];
       })},
      {"looking-changes-nothing",
       [](Backstage& stage, const Start&) {
         return Twist{.observed = [&](const Keys&, All&) {
           if (stage.Next() > 0) stage.Put("300\n203.0.113.99\n");
         }};
       }},
      {"change-by-hand-is-seen-at-once", [](Backstage&, const Start&) { return Remembering(); }},
      {"unreachable-is-not-absent", Each(&SayAbsent)},
      {"unreachable-spoils-no-other", Observed([](const Keys&, All& all) {
         if (all.front().presence == Presence::kUnreachable) all = All(all.size(), all.front());
       })},
      {"absent-is-what-is-not-there", Each([](Observation& seen) {
         if (seen.presence == Presence::kAbsent) seen = Seen(Presence::kUnreachable, "perhaps");
       })},
      {"what-is-not-present-has-no-content", Each([](Observation& seen) {
         if (seen.presence == Presence::kAbsent) seen.properties = Value::Map{};
       })},
      {"hurried-look-is-not-absent",
       [](Backstage&, const Start&) {
         return Twist{.observe = [](Provider& honest, const Keys& keys, absl::Duration time) {
           return time < absl::Milliseconds(50) ? Absent(keys.size()) : honest.Observe(keys, time);
         }};
       }},
      {"silence-is-not-absence", Each(&SayAbsent)},
      {"start-during-an-outage-is-no-absence",
       [](Backstage& stage, const Start&) {
         return Twist{
             .configured =
                 [&](PluginConfiguration& c) {  // starts on any folder
                   if (!stage.Content().empty()) return;
                   c.configuration = Value::Map{{"folder", "."}};
                 },
             .observed = [](const Keys&,
                            All& all) { std::for_each(all.begin(), all.end(), &SayAbsent); }};
       }},
      {"death-is-not-absence",
       [](Backstage&, const Start&) {
         return Twist{.observe = [](Provider& honest, const Keys& keys, absl::Duration time) {
           auto seen = honest.Observe(keys, time);
           return seen.ok() ? seen : Twist::Seen(Absent(keys.size()));
         }};
       }},
      {"strange-names-are-nobodys",
       [](Backstage&, const Start&) {
         return Twist{.observe = [](Provider& honest, Keys keys, absl::Duration time) {
           for (ObservationKey& key : keys)
             key.id.name = key.id.name.substr(0, std::string("xmpp.contoso.com/A").size());
           return honest.Observe(keys, time);
         }};
       }},
  };
}

std::vector<Broken> Previews() {
  using C = std::vector<std::vector<std::string>>;
  return {
      {"preview-shows-commands", Previewed([](C& commands) { commands.assign(1, {}); })},
      {"preview-changes-nothing",
       [](Backstage& stage, const Start&) {
         return Twist{.preview = [&](Provider& honest, const std::vector<Action>& actions) {
           stage.Put("60\n203.0.113.21\n");
           return honest.Preview(actions, absl::Seconds(20));
         }};
       }},
      {"preview-is-stable",
       [](Backstage& stage, const Start&) {
         return Twist{.preview = [&](Provider& honest, const std::vector<Action>& actions) {
           auto commands = honest.Preview(actions, absl::Seconds(20));
           if (commands.ok()) commands->front().push_back(std::to_string(stage.Next()));
           return commands;
         }};
       }},
      {"preview-keeps-the-order", Previewed([](C& commands) {
         if (commands.size() > 1)
           std::rotate(commands.begin(), commands.begin() + 1, commands.end());
       })},
      {"preview-of-nothing-is-empty", Previewed([](C& commands) { commands.emplace_back(); })},
      {"preview-of-many-is-answered", Previewed([](C& commands) {
         commands.resize(std::min<std::size_t>(commands.size(), 1000));
       })},
      {"preview-of-what-is-not-served-is-refused",
       [](Backstage&, const Start&) {
         return Twist{.preview = [](Provider&, const std::vector<Action>& actions) {
           return C(actions.size(), {"do it"});
         }};
       }},
      {"preview-against-the-schema-harms-nothing",
       [](Backstage&, const Start&) {
         return Twist{.preview = [](Provider& honest, const std::vector<Action>& actions) {
           auto commands = honest.Preview(actions, absl::Seconds(20));
           return commands.ok() ? commands : absl::UnavailableError("it died");
         }};
       }},
      {"observed-kind-has-no-commands",
       [](Backstage&, const Start&) {
         return Twist{.preview = [](Provider&, const std::vector<Action>& actions) {
           return C(actions.size(), {"do it"});
         }};
       }},
  };
}

std::vector<Broken> Readers() {
  return {
      {"read-only-cannot-write", &WritingTwist},
      {"read-only-remembers-no-request", &WritingTwist},
      {"read-only-cannot-raise-the-fence", &WritingTwist},
      {"read-only-leaves-its-state-alone", &WritingTwist},
      {"reader-sees-what-the-writer-sees",
       [](Backstage&, const Start& start) {
         const bool reading = start.read_only;
         return Twist{.observed = [reading](const Keys&, All& all) {
           if (reading) all.front().revision = "mine";
         }};
       }},
      {"reader-sees-the-writers-change",
       [](Backstage&, const Start& start) { return start.read_only ? Remembering() : Twist{}; }},
  };
}

std::vector<Broken> Lists() {
  return {
      {"list-is-whole-or-refused",
       [](Backstage&, const Start&) {
         return Twist{.list = [] { return std::vector<Listed>(); }};
       }},
      {"list-is-stable",
       [](Backstage& stage, const Start&) {
         return Twist{.list = [&] {
           return std::vector<Listed>{
               {{"Partner", std::to_string(stage.Next()) + ".test"}, Value::Map{}}};
         }};
       }},
      {"listing-changes-nothing",
       [](Backstage& stage, const Start&) {
         return Twist{.list = [&]() -> absl::StatusOr<std::vector<Listed>> {
           stage.Put("1\n");
           return absl::UnimplementedError("cannot");
         }};
       }},
      {"export-is-as-described",
       [](Backstage&, const Start&) {
         return Twist{.exporting = [] { return std::vector<ExportedFile>{{"a", "b"}}; }};
       }},
      {"exporting-changes-nothing",
       [](Backstage& stage, const Start&) {
         return Twist{.exporting = [&]() -> absl::StatusOr<std::vector<ExportedFile>> {
           stage.Put("1\n");
           return absl::UnimplementedError("cannot");
         }};
       }},
      {"no-kind-is-writable",
       Described([](ProviderDescription& d) { d.kinds.front().writable = true; })},
  };
}

}  // namespace

std::vector<Broken> BrokenLooks() {
  std::vector<Broken> all;
  for (auto& some :
       {Descriptions(), Configurations(), Observations(), Previews(), Readers(), Lists()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

}  // namespace poolshift::conformance
