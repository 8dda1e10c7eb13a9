#include "controller/wire/record.h"

#include <functional>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/model/digest.h"

namespace poolshift {
namespace {

using testing::HasSubstr;

// The fields of each type as a tuple, for comparing. A field that is added to a type stops this
// from compiling, so that nobody forgets to record it.
auto Fields(const Origin& it) {
  const auto& [file, line, column] = it;
  return std::tuple(file, line, column);
}
auto Fields(const Situation& it) {
  const auto& [protocol, name, from, to, evidence] = it;
  return std::tuple(protocol, name, from, to, evidence);
}
auto Fields(const Note& it) {
  const auto& [document, step, treatment, fault, text, actions, commands] = it;
  return std::tuple(document, step, treatment, fault, text, actions, commands);
}
auto Fields(const Choice::Alternative& it) {
  const auto& [name, why_not] = it;
  return std::tuple(name, why_not);
}
auto Fields(const Refusal& it) {
  const auto& [rule, text, hint, source, origin, demands] = it;
  std::vector<std::tuple<Reason, Origin>> each;
  for (const auto& [demanded, at] : demands)
    each.emplace_back(demanded, at);
  return std::tuple(rule, text, hint, source, Fields(origin), each);
}
auto Fields(const Certificate& it) {
  const auto& [actions,
               lower_bound,
               method,
               states,
               path,
               bound,
               makespan,
               time_method,
               least,
               shares] = it;
  return std::tuple(
      actions, lower_bound, method, states, path, bound, makespan, time_method, least, shares);
}
auto Fields(const Action& it) {
  const auto& [id,
               verb,
               target,
               title,
               provider,
               human,
               needs_approval,
               before,
               after,
               revision,
               needs,
               relies,
               why,
               commands,
               locks,
               duration,
               gate,
               also,
               modes,
               sources] = it;
  return std::tuple(id,
                    verb,
                    target,
                    title,
                    provider,
                    human,
                    needs_approval,
                    before,
                    after,
                    revision,
                    needs,
                    relies,
                    why,
                    commands,
                    locks,
                    duration,
                    gate,
                    also,
                    modes,
                    sources);
}
auto Fields(const LeftOut& it) {
  const auto& [part, because] = it;
  return std::tuple(part, Fields(because));
}
template <typename T>
auto AllFields(const std::vector<T>& list) {
  std::vector<decltype(Fields(list[0]))> all;
  for (const T& each : list)
    all.push_back(Fields(each));
  return all;
}
auto Fields(const Choice& it) {
  const auto& [subject, chosen, why, alternatives] = it;
  return std::tuple(subject, chosen, why, AllFields(alternatives));
}
auto Fields(const Plan& it) {
  const auto& [organization,
               phase,
               situations,
               choices,
               actions,
               notes,
               refusals,
               left_out,
               warnings,
               certificate,
               basis,
               rests_on] = it;
  std::vector<decltype(Fields(choices[0]))> all_choices;
  for (const Choice& choice : choices)
    all_choices.push_back(Fields(choice));
  return std::tuple(organization,
                    phase,
                    AllFields(situations),
                    all_choices,
                    AllFields(actions),
                    AllFields(notes),
                    AllFields(refusals),
                    AllFields(left_out),
                    warnings.items(),
                    Fields(certificate),
                    basis,
                    rests_on);
}

Action FullGate() {
  Action gate;
  gate.id = "g0000002";
  gate.verb = Verb::kGate;
  gate.target = {"Replica", "edge1.contoso.net"};
  gate.needs = {"a0000001"};
  gate.gate.emplace();
  gate.gate->expectations = {
      {{{"Replica", "edge1"}, ""}, "watermark", Expectation::Compare::kAtLeastProduced, Value()},
      {{{"Reachability", "203.0.113.1/5061"}, "out"},
       "state",
       Expectation::Compare::kEquals,
       "open"},
      {{{"Name", "x"}, "out"}, "records", Expectation::Compare::kAmong, Value::List{"1"}},
      {{{"Replica", "edge2"}, ""}, "watermark", Expectation::Compare::kAtLeast, 42}};
  gate.gate->produced_by = {"a0000001"};
  gate.gate->quorum = 2;
  gate.gate->vantages_required = 3;
  gate.gate->consecutive = 3;
  gate.gate->hold = absl::Seconds(300);
  gate.gate->timeout = absl::InfiniteDuration();
  gate.gate->interval = absl::Milliseconds(1500);
  gate.gate->evidence = absl::Seconds(10);
  return gate;
}

PlanFile Full() {
  PlanFile file;
  Plan& plan = file.plan;
  plan.organization = "contoso";
  plan.phase = "cut-over";
  plan.situations = {{"xmpp", "failover", "edgepool1", "edgepool2", "3 of 3 vantages fail"}};
  Action action;
  action.id = "a0000001";
  action.verb = Verb::kDelete;
  action.target = {"DnsRecordSet", "xmpp.contoso.com/A"};
  action.title = "remove the record";
  action.provider = "dns";
  action.human = true;
  action.needs_approval = true;
  action.before = Value::Map{{"list", Value::List{1, "two", true, Value(), Value::List{}}},
                             {"map", Value::Map{{"", -5}}},
                             {"bytes", std::string("\xff\0\n", 3)}};
  action.precondition_revision = "r1";
  action.why = {{"I-10", "because", "004 step 3"}};
  action.commands = {"Remove-It -Now", ""};
  action.locks = {"zone:contoso.com"};
  action.duration = absl::Nanoseconds(1234567890123);
  action.sources = {"004 step 3"};
  action.relies = {"g0000002"};
  action.also = {{{"SiteRoute", "Site1"}, Value::Map{{"xmpp", "a"}}, Value::Map{{"xmpp", "b"}}}};
  action.modes = {"disaster", ""};
  plan.actions = {action, FullGate()};
  plan.choices = {{"order", "one", "it fits", {{"two", "it does not"}, {"three", ""}}}};
  plan.notes = {
      {"004", "3", Note::Treatment::kCorrected, "F5", "both sites", {"a0000001"}, {"Do-It"}}};
  plan.refusals = {{"I-1", "text", "hint", "source", {"a.yaml", 3, 4}, {}}};
  plan.refusals.front().demands = {{{"I-2", "at most one", "D1"}, {"a.yaml", 7, 8}}};
  plan.left_out = {{"XMPP federation", {"I-9", "cannot look", "mend it", "I-9", {"a.yaml", 9, 2}}}};
  plan.warnings.Warning({"b.yaml", 5, 6}, "message", "hint");
  plan.warnings.Note({}, "remark");
  plan.certificate = {1,
                      1,
                      "bound",
                      1LL << 40,
                      absl::Seconds(3),
                      absl::Seconds(4),
                      absl::Seconds(5),
                      "search",
                      absl::Seconds(6),
                      {{{{"route", "a", "b"}, {"flag", "", "on"}}, 2, 1, {"I-1", "I-4"}}}};
  plan.basis = {{{{"DnsRecordSet", "xmpp.contoso.com/A"}, "out"}, "r1"}, {{{"X", "y"}, ""}, ""}};
  plan.rests_on = {{{"X", "y"}, ""}};
  file.provider_digests = {{"dns", "d1"}, {"sim", "d2"}};
  file.created = absl::FromUnixNanos(1795000000123456789);
  file.commit = "0f1e2d";
  return file;
}

TEST(PlanFile, KeepsEveryField) {
  const PlanFile file = Full();
  const absl::StatusOr<PlanFile> read = DecodePlanFile(EncodePlanFile(file), "p.plan");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(Fields(read->plan), Fields(file.plan));
  EXPECT_EQ(PlanDigest(read->plan), PlanDigest(file.plan));
  EXPECT_EQ(read->provider_digests, file.provider_digests);
  EXPECT_EQ(read->created, file.created);
  EXPECT_EQ(read->commit, file.commit);
  EXPECT_EQ(EncodePlanFile(*read), EncodePlanFile(file));
}

TEST(PlanFile, KeepsEveryVerbAndWord) {
  PlanFile file;
  for (const Verb verb : {Verb::kCreate, Verb::kUpdate, Verb::kDelete, Verb::kStart, Verb::kStop}) {
    Action action;
    action.verb = verb;
    file.plan.actions.push_back(action);
  }
  using Treatment = Note::Treatment;
  for (const Treatment treatment : {Treatment::kDone,
                                    Treatment::kMoved,
                                    Treatment::kNotNeeded,
                                    Treatment::kCorrected,
                                    Treatment::kFollowUp,
                                    Treatment::kBefore}) {
    file.plan.notes.push_back({"", "", treatment, "", "", {}, {}});
  }
  const absl::StatusOr<PlanFile> read = DecodePlanFile(EncodePlanFile(file), "p.plan");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(Fields(read->plan), Fields(file.plan));
}

TEST(PlanFile, KeepsDeepValues) {
  PlanFile file = Full();
  Value deep = "bottom";
  for (int i = 0; i < 64; ++i)
    deep = Value::Map{{"next", deep}};
  file.plan.actions[0].before = deep;
  const absl::StatusOr<PlanFile> read = DecodePlanFile(EncodePlanFile(file), "p.plan");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->plan.actions[0].before, deep);
}

TEST(PlanFile, IdentityIsOfTheFile) {
  PlanFile file = Full();
  const std::string identity = DecodePlanFile(EncodePlanFile(file), "p")->identity;
  EXPECT_EQ(identity.size(), 64U);
  EXPECT_EQ(DecodePlanFile(EncodePlanFile(file), "q")->identity, identity);
  file.created += absl::Nanoseconds(1);  // the same plan, made again
  EXPECT_NE(DecodePlanFile(EncodePlanFile(file), "p")->identity, identity);
}

TEST(PlanFile, EveryTruncationIsDetected) {
  const std::string bytes = EncodePlanFile(Full());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(DecodePlanFile(bytes.substr(0, size), "p").ok()) << size;
  }
}

TEST(PlanFile, EveryEditIsDetected) {
  const std::string bytes = EncodePlanFile(Full());
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const int flip : {0x01, 0x10, 0x80, 0xff}) {
      std::string edited = bytes;
      edited[at] = static_cast<char>(edited[at] ^ flip);
      EXPECT_FALSE(DecodePlanFile(edited, "p").ok()) << at << " flipped by " << flip;
    }
    EXPECT_FALSE(DecodePlanFile(bytes.substr(0, at) + 'x' + bytes.substr(at), "p").ok()) << at;
  }
  EXPECT_FALSE(DecodePlanFile(bytes + bytes, "p").ok());
}

// With a right digest over wrong content the parser itself is reached; it must neither crash nor
// let the plan pass.
TEST(PlanFile, ForgedContentIsDetected) {
  const std::string bytes = EncodePlanFile(Full());
  const std::string payload = bytes.substr(bytes.find('\n') + 1);
  int parsed = 0;
  for (std::size_t at = 0; at < payload.size(); ++at) {
    std::string forged = payload;
    forged[at] = static_cast<char>(forged[at] ^ 0x01);
    const std::string header = "poolshift-plan 1 " + Digest("poolshift-plan 1\n" + forged) + ' ' +
                               std::to_string(forged.size()) + '\n';
    const absl::StatusOr<PlanFile> read = DecodePlanFile(header + forged, "p");
    parsed += read.ok() ? 1 : 0;
    if (read.ok()) {
      EXPECT_EQ(PlanDigest(read->plan), PlanDigest(Full().plan)) << at;
    }
  }
  EXPECT_LT(parsed, static_cast<int>(payload.size()));
}

TEST(PlanFile, SaysWhatIsWrong) {
  const std::string bytes = EncodePlanFile(Full());
  std::string later = bytes;
  later.replace(0, 16, "poolshift-plan 9");
  std::string edited = bytes;
  edited[edited.size() - 1] = '!';
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"", "p.plan is no saved plan; make one with"},
      {"apiVersion: poolshift/v1\n", "p.plan is no saved plan"},
      {later, "p.plan has format 9, this version reads 1"},
      {edited, "p.plan is damaged: it was changed after it was made"},
      {bytes.substr(0, bytes.size() - 1), "bytes follow its first line, which promises"},
      {bytes.substr(0, 40), "its first line is not whole"},
  };
  for (const auto& [content, text] : rows) {
    EXPECT_THAT(std::string(DecodePlanFile(content, "p.plan").status().message()), HasSubstr(text));
  }
}

}  // namespace
}  // namespace poolshift
