// Replanning against from scratch: random edits of an organisation's manifests (good ones, bad
// ones, comments, documents that change places) while the world changes too, and after each the
// same diagnostics and the same plan, byte for byte. POOLSHIFT_SEED=N runs one sequence alone,
// POOLSHIFT_EDITS=N that many edits. Then single lines of a larger organisation:
// POOLSHIFT_SITES=N of that many sites.
#include "controller/engine/replanning.h"

#include <cstdlib>
#include <functional>

#include "gtest/gtest.h"

#include "controller/engine/planning.h"
#include "controller/report/plan_json.h"
#include "tests/bench/steady.h"
#include "tests/federation/dice.h"

namespace poolshift {
namespace {

constexpr int kSites = 6;
constexpr std::size_t kEditsInARow = 25;

std::string Told(const Diagnostics& diagnostics, const absl::StatusOr<Plan>* plan) {
  std::string text;
  for (const Diagnostic& item : diagnostics.items())
    text += ToString(item) + '\n';
  if (plan == nullptr) return text + "(no plan)";
  return text + (plan->ok() ? PlanJson(**plan) : plan->status().ToString());
}

std::string FromScratch(const std::vector<bench::TextFile>& files,
                        const OfferedKinds& offered,
                        const ObservedState& observed) {
  const LoadedOrganization loaded = bench::LoadAnew(files);
  if (loaded.diagnostics.has_errors()) return Told(loaded.diagnostics, nullptr);
  const Assignment assignment(loaded.organization, offered);
  const auto plan = MakePlanWithoutCommands(loaded.organization, observed, assignment);
  return Told(loaded.diagnostics, &plan);
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size() - 1);
    lines.push_back(text.substr(begin, end - begin + 1));
    begin = end + 1;
  }
  return lines;
}

std::string Joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts)
    text += part;
  return text;
}

std::vector<std::string> Documents(const std::string& text) {
  std::vector<std::string> documents;
  for (const std::string& line : Lines(text)) {
    if (line == "---\n" || documents.empty()) documents.emplace_back();
    documents.back() += line;
  }
  return documents;
}

// Edits one text at a time, in place.
class Editor {
 public:
  explicit Editor(Dice& dice) : dice_(dice) {}

  void Edit(std::string& text) {
    const std::function<void(std::string&)> edits[] = {
        [&](std::string& t) {
          Exchange("ttl: 5m", {"ttl: 10m", "ttl: 2h", "ttl: soon"}, t);
        },
        [&](std::string& t) { Exchange("ttl: 10m", {"ttl: 5m"}, t); },
        [&](std::string& t) {
          Exchange("conferencing: edgepool1",
                   {"conferencing: edgepool2", "conferencing: local", "conferencing: nowhere"},
                   t);
        },
        [&](std::string& t) {
          Exchange("conferencing: edgepool2", {"conferencing: edgepool1"}, t);
        },
        [&](std::string& t) {
          Exchange("nextHop: pool3", {"nextHop: pool4", "nextHop: 3"}, t);
        },
        [&](std::string& t) {
          Exchange("nextHop: pool", {"nextHop: pool1 #", "nextHop: pool2 #"}, t);
        },
        [&](std::string& t) {
          Exchange("edgepool1", {"edgepool2", "edgepool3"}, t);
        },
        [&](std::string& t) {
          Exchange("edgepool2", {"edgepool1", "edgepool3"}, t);
        },
        [&](std::string& t) {
          Exchange("xmpp: edgepool1}", {"xmpp: edgepool2}", "xmpp: edgepool9}"}, t);
        },
        [&](std::string& t) {
          Exchange("198.18.0.", {"198.18.1.", "198.18.0.x"}, t);
        },
        [&](std::string& t) {
          AnyLine(t) += "# a remark\n";
          Keep(t);
        },
        [&](std::string& t) {
          AnyLine(t).insert(0, "\n");
          Keep(t);
        },
        [&](std::string& t) {
          AnyLine(t).insert(0, "...\n");
          Keep(t);
        },
        [&](std::string& t) {
          AnyLine(t).clear();
          Keep(t);
        },
        [&](std::string& t) {
          AnyLine(t) += "  servedBy: home\n";
          Keep(t);
        },
        [&](std::string& t) {
          AnyLine(t).insert(0, "---\n");
          Keep(t);
        },
        [&](std::string& t) {
          AnyLine(t).insert(0, "\"");
          Keep(t);
        },
        [&](std::string& t) { Shuffle(t); },
        [&](std::string& t) { Shuffle(t); },
        [&](std::string& t) { Repeat(t); },
        [&](std::string& t) { t = t.substr(0, dice_.Below(t.size() + 1)); },
        [&](std::string&) {},
    };
    edits[dice_.Below(std::size(edits))](text);
  }

 private:
  // One of the places with `from`, if there is any.
  void Exchange(const std::string& from, const std::vector<std::string>& to, std::string& text) {
    std::vector<std::size_t> places;
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + 1))
      places.push_back(at);
    if (places.empty()) return;
    text.replace(places[dice_.Below(places.size())], from.size(), to[dice_.Below(to.size())]);
  }

  // A line to change; Keep puts all of them back together.
  std::string& AnyLine(const std::string& text) {
    lines_ = Lines(text);
    if (lines_.empty()) lines_.emplace_back();
    return lines_[dice_.Below(lines_.size())];
  }
  void Keep(std::string& text) { text = Joined(lines_); }

  void Shuffle(std::string& text) {
    std::vector<std::string> documents = Documents(text);
    if (documents.size() < 2) return;
    std::swap(documents[dice_.Below(documents.size())], documents[dice_.Below(documents.size())]);
    text = Joined(documents);
  }

  void Repeat(std::string& text) {
    const std::vector<std::string> documents = Documents(text);
    if (!documents.empty()) text += documents[dice_.Below(documents.size())];
  }

  Dice& dice_;
  std::vector<std::string> lines_;
};

std::size_t Number(const char* name, std::size_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// Two files, so that the parts of one may refer to the other.
std::vector<bench::TextFile> Split(std::vector<bench::TextFile> files) {
  const std::vector<std::string> documents = Documents(files.back().text);
  const auto half = documents.begin() + static_cast<std::ptrdiff_t>(documents.size() / 2);
  files.back().text = Joined({documents.begin(), half});
  files.push_back({"manifests/sites-9999.yaml", Joined({half, documents.end()})});
  return files;
}

// The same organisation as it is met on two days.
struct Days {
  bench::Steady first;
  ObservedState other;
};

// How many edits were made, or stopped at the first difference.
std::size_t Compare(const Days& days, std::uint64_t seed, std::size_t edits) {
  Dice dice(seed);
  Editor editor(dice);
  std::vector<bench::TextFile> files = Split(days.first.manifests);
  Replanning replanning(days.first.offered);
  for (const bench::TextFile& file : files)
    replanning.SetManifest(file.name, file.text);
  const ObservedState* seen = &days.first.observed;
  replanning.See(*seen);
  const std::vector<bench::TextFile> first = files;
  for (std::size_t edit = 0; edit < edits; ++edit) {
    bench::TextFile& file = files[dice.Below(files.size())];
    // What was spoilt is mended, so that good manifests stay as frequent as bad ones.
    if (dice.Percent(30)) files = first;
    editor.Edit(file.text);
    if (dice.Percent(10)) editor.Edit(files[dice.Below(files.size())].text);
    if (dice.Percent(8)) {
      seen = seen == &days.other ? &days.first.observed : &days.other;
      replanning.See(*seen);
    }
    for (const bench::TextFile& each : files)
      replanning.SetManifest(each.name, each.text);
    const auto outcome = replanning.Replan();
    const std::string told = Told(*outcome.diagnostics, outcome.plan);
    EXPECT_EQ(told, FromScratch(files, days.first.offered, *seen))
        << "POOLSHIFT_SEED=" << seed << ", edit " << edit;
    if (testing::Test::HasFailure()) return edit;
  }
  return edits;
}

// At rest, and with a whole move to do.
std::vector<Days> AllDays() {
  const bench::Steady steady = bench::SteadyOrganisation(kSites);
  const bench::Steady moving = bench::MovingOrganisation(kSites);
  return {{steady, moving.observed}, {moving, steady.observed}};
}

TEST(Replanning, GivesWhatPlanningFromScratchGives) {
  const std::vector<Days> days = AllDays();
  const std::size_t seed = Number("POOLSHIFT_SEED", 0);
  const std::size_t edits = seed > 0 ? kEditsInARow : Number("POOLSHIFT_EDITS", 400);
  std::size_t made = 0;
  for (std::uint64_t next = std::max<std::size_t>(seed, 1); made < edits; ++next) {
    made += Compare(days[next % days.size()], next, kEditsInARow);
    if (HasFailure()) return;
  }
  RecordProperty("edits", std::to_string(made));
  std::printf("%zu edits, 0 differences\n", made);
}

// The last place of `from` before the middle of the text becomes `to`.
std::string WithLine(const std::string& text, std::string_view from, std::string_view to) {
  std::string changed = text;
  changed.replace(changed.rfind(from, text.size() / 2), from.size(), to);
  return changed;
}

// One line at a time, there and back, each of a kind that is followed in place: the plan changes
// with it and is what it is from scratch.
TEST(Replanning, FollowsOneLineOfManySites) {
  const auto sites = static_cast<int>(Number("POOLSHIFT_SITES", 60));
  const bench::Steady steady = bench::SteadyOrganisation(sites);
  struct Line {
    const char* name;
    std::string_view from, to;
    bool changes_plan;
  };
  constexpr Line kLines[] = {
      {"time to live", "ttl: 5m", "ttl: 10m", true},
      {"conferencing", "conferencing: edgepool1", "conferencing: edgepool2", true},
      {"conferencing, local", "conferencing: edgepool1", "conferencing: local", true},
      {"next hop", "nextHop: pool", "nextHop: pool1 #", true},
      {"remark", "kind: Domain", "kind: Domain  # ours", false},
      {"line between", "kind: Domain", "# ours\nkind: Domain", false},
  };
  std::vector<bench::TextFile> files = steady.manifests;
  Replanning replanning(steady.offered);
  for (const bench::TextFile& file : files)
    replanning.SetManifest(file.name, file.text);
  replanning.See(steady.observed);
  replanning.Replan();
  for (const Line& line : kLines) {
    for (const std::size_t file : {files.size() / 2, files.size() - 1}) {
      const std::string before = files[file].text;
      for (const std::string& text : {WithLine(before, line.from, line.to), before}) {
        files[file].text = text;
        replanning.SetManifest(files[file].name, text);
        const auto outcome = replanning.Replan();
        EXPECT_EQ(Told(*outcome.diagnostics, outcome.plan),
                  FromScratch(files, steady.offered, steady.observed))
            << line.name;
        const bool acts =
            outcome.plan != nullptr && outcome.plan->ok() && !(*outcome.plan)->actions.empty();
        EXPECT_EQ(acts, line.changes_plan && text != before) << line.name;
      }
    }
  }
}

// What must be quick is what stays on the short way: the difference says so.
TEST(Replanning, FollowsSmallEdits) {
  const bench::Steady steady = bench::SteadyOrganisation(kSites);
  ManifestSet manifests;
  for (const bench::TextFile& file : steady.manifests)
    manifests.Set(file.name, file.text);
  manifests.Load();
  std::string text = steady.manifests.back().text;
  const std::string name = steady.manifests.back().name;
  const auto edit = [&](std::string_view from, std::string_view to) {
    text.replace(text.find(from), from.size(), to);
    manifests.Set(name, text);
    return manifests.Load().difference;
  };
  using Difference = ManifestSet::Difference;
  EXPECT_EQ(edit("ttl: 5m", "ttl: 10m"), Difference::kFields);
  EXPECT_EQ(edit("conferencing: edgepool1", "conferencing: edgepool2"), Difference::kFields);
  EXPECT_EQ(edit("kind: EdgePool\n", "# a remark\nkind: EdgePool\n"), Difference::kPlaces);
  EXPECT_EQ(edit("# a remark", "# a remark"), Difference::kNone);
  EXPECT_EQ(edit("nextHop: pool2", "nextHop: pool1"), Difference::kFields);
  EXPECT_EQ(edit("site: Site2", "site: Site1"), Difference::kAnything);
  EXPECT_EQ(edit("ttl: 5m", "ttl: 2h"), Difference::kAnything);  // a warning is to be told
}

}  // namespace
}  // namespace poolshift
