// What a person puts into the folder, and what of it is believed; without any machine.
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"

#include "controller/model/digest.h"
#include "providers/lync/manual/manual_shell.h"
#include "providers/lync/manual/names.h"
#include "providers/lync/manual/settings.h"
#include "providers/lync/shell/answer.h"
#include "providers/lync/shell/script.h"
#include "tests/conformance/kit/scratch.h"
#include <sys/stat.h>
#include <unistd.h>

namespace poolshift::lync::manual {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kMachine = "jump.contoso.com";
constexpr const char* kLook = "jump.contoso.com.look";
constexpr const char* kReply = "poolshift-reply {\"ok\":true,\"value\":{\"account\":\"x\"}}";

class QuietCall : public sdk::Call {
 public:
  explicit QuietCall(absl::Duration patience) : deadline_(absl::Now() + patience) {}
  void Progress(std::string_view line) override { said_ += std::string(line) + '\n'; }
  bool cancelled() const override { return cancelled_; }
  absl::Time deadline() const override { return deadline_; }
  const std::string& said() const { return said_; }
  void Cancel() { cancelled_ = true; }

 private:
  const absl::Time deadline_;
  std::atomic<bool> cancelled_ = false;
  std::string said_;
};

class Manual : public ::testing::Test {
 protected:
  std::string Folder() const { return scratch_.Path("asked"); }
  std::string PathOf(const std::string& name) const { return Folder() + '/' + name; }

  Target TargetOf(absl::Duration holds = absl::Minutes(10)) const {
    return {kMachine, Folder(), holds, absl::Minutes(10), absl::Milliseconds(150)};
  }

  std::string Read(const std::string& name) const {
    std::ifstream file(PathOf(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void Put(const std::string& name, const std::string& bytes) const {
    std::ofstream(PathOf(name), std::ios::binary) << bytes;
  }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(Folder())) {
      if (entry.path().filename() != ".lock") names.push_back(entry.path().filename());
    }
    std::ranges::sort(names);
    return names;
  }

  static std::string Line(const Part& part, absl::Time at, const std::string& reply = kReply) {
    return "poolshift-answer " + part.id + ' ' +
           absl::FormatTime("%Y-%m-%dT%H:%M:%E7SZ", at, absl::UTCTimeZone()) + ' ' + Digest(reply) +
           ' ' + reply + "\r\n";
  }
  // As the machine would answer the request that lies there now.
  std::string AnswerTo(const std::string& base, absl::Time at = absl::Now()) const {
    const auto request = ReadRequest(Read(RequestName(base)));
    std::string text;
    for (const Part& part : request.ok() ? request->parts : std::vector<Part>())
      text += Line(part, at);
    return text;
  }
  void Answer(const std::string& base) const { Put(AnswerName(base), AnswerTo(base)); }

  lync::Answer Look(ManualShell& shell) {
    return RunScript(shell, "check-server", Value::Map{}, absl::Now() + absl::Seconds(30));
  }
  // Why nothing was seen.
  std::string WhyNot(ManualShell& shell) {
    const lync::Answer answer = Look(shell);
    if (!answer.fault) return "";
    EXPECT_EQ(Name(answer.fault->kind), "unreachable") << answer.fault->text;
    return answer.fault->text;
  }

  static Errand Change(sdk::Call& call, std::string key = "key", std::string site = "Site1") {
    return {"set-site", Value::Map{{"site", site}}, call.deadline(), std::move(key), &call};
  }
  std::string ChangeBaseOf(const std::string& key = "key") const {
    QuietCall call(absl::Seconds(1));
    return ChangeBase(kMachine, Change(call, key));
  }

  conformance::Scratch scratch_;
};

TEST_F(Manual, RequestSaysWhatToRunWhere) {
  ManualShell shell(TargetOf());
  const std::string why = WhyNot(shell);
  EXPECT_THAT(why,
              HasSubstr("no answer yet: run " + PathOf("jump.contoso.com.look.ps1") +
                        " on jump.contoso.com"));
  EXPECT_THAT(why, HasSubstr(PathOf("jump.contoso.com.look.answer.txt")));
  struct stat file {
  }, folder{};
  ASSERT_EQ(::stat(PathOf("jump.contoso.com.look.ps1").c_str(), &file), 0);
  ASSERT_EQ(::stat(Folder().c_str(), &folder), 0);
  EXPECT_EQ(file.st_mode & 0777U, 0600U);
  EXPECT_EQ(folder.st_mode & 0777U, 0700U);
  EXPECT_THAT(Names(), ::testing::ElementsAre("jump.contoso.com.look.ps1"));
}

// Nothing that varies is script text: only base64 stands outside of comments.
TEST_F(Manual, ArgumentsStayData) {
  ManualShell shell(TargetOf());
  for (const char* nasty : {"'; Remove-Item C:\\ -Recurse; '", "\n& calc", "\u2018x\u2019", "#>"}) {
    (void)RunScript(
        shell, "look-store", Value::Map{{"facts", nasty}}, absl::Now() + absl::Seconds(30));
  }
  const std::string text = Read("jump.contoso.com.look.ps1");
  std::string code;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    for (const char letter : line)
      ASSERT_TRUE(letter >= 32 && letter < 127);
    if (line.empty() || line[0] == '#') continue;
    const std::string inside =
        absl::StrReplaceAll(line, {{"'", ""}, {",", ""}, {") -join", ""}, {" }", ""}});
    const bool quoted = line[0] == '\'';
    if (quoted) {
      EXPECT_EQ(inside.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz01234"
                                         "56789+/= "),
                std::string::npos)
          << inside;
    } else {
      code += std::string(line) + '\n';
    }
  }
  EXPECT_THAT(code, Not(HasSubstr("Remove-Item")));
  EXPECT_THAT(code, Not(HasSubstr("calc")));
  EXPECT_EQ(ReadRequest(text)->parts.size(), 4U) << "one file asks for all that is waited for";
}

TEST_F(Manual, AnswersInEveryForm) {
  const auto utf16 = [](const std::string& text, bool big) {
    std::string bytes = big ? "\xFE\xFF" : "\xFF\xFE";
    for (const char letter : text)
      bytes += big ? std::string(1, '\0') + letter : letter + std::string(1, '\0');
    return bytes;
  };
  struct Case {
    std::string name;
    std::function<std::string(const std::string&)> form;
  };
  const Case cases[] = {
      {"as written", [](const std::string& text) { return text; }},
      {"byte order mark", [](const std::string& text) { return "\xEF\xBB\xBF" + text; }},
      {"UTF-16 of a console", [&](const std::string& text) { return utf16(text, false); }},
      {"UTF-16, big endian", [&](const std::string& text) { return utf16(text, true); }},
      {"UNIX lines",
       [](std::string text) {
         return absl::StrReplaceAll(text, {{"\r", ""}});
       }},
      {"a session around it",
       [](const std::string& text) {
         return "PS C:\\> .\\x.ps1\r\nWARNING: \xE9\r\nPS C:\\> " + text + "PS C:\\> exit\r\n";
       }},
      {"a broken copy before it",
       [](const std::string& text) { return text.substr(0, text.size() / 2) + "\r\n" + text; }},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    fs::remove_all(Folder());
    ManualShell shell(TargetOf());
    WhyNot(shell);
    Put(AnswerName(kLook), each.form(AnswerTo(kLook)));
    const lync::Answer answer = Look(shell);
    ASSERT_FALSE(answer.fault) << answer.fault->text;
    EXPECT_EQ(answer.value.StringOr("account", ""), "x");
  }
}

TEST_F(Manual, WhatIsNotBelieved) {
  struct Case {
    std::string name;
    std::function<void(const std::string& good)> put;
    std::string why;
  };
  const std::string answer = AnswerName(kLook);
  const Case cases[] = {
      {"half written",
       [&](const std::string& good) { Put(answer, good.substr(0, good.size() - 20)); },
       "is not whole"},
      {"changed on the way",
       [&](const std::string& good) {
         Put(answer, absl::StrReplaceAll(good, {{"\"x\"", "\"y\""}}));
       },
       "is not whole"},
      {"wrapped",
       [&](const std::string& good) { Put(answer, good.substr(0, 80) + "\r\n" + good.substr(80)); },
       "or was wrapped"},
      {"something else", [&](const std::string&) { Put(answer, "hello"); }, "holds no answer"},
      {"nothing", [&](const std::string&) { Put(answer, ""); }, "holds no answer"},
      {"another number",
       [&](const std::string& good) {
         const std::string id = ReadRequest(Read(RequestName(kLook)))->parts[0].id;
         Put(answer, absl::StrReplaceAll(good, {{id, std::string(32, '0')}}));
       },
       "does not answer this request"},
      {"symbolic link",
       [&](const std::string& good) {
         scratch_.Write("elsewhere", good);
         fs::create_symlink(scratch_.Path("elsewhere"), PathOf(answer));
       },
       "is a symbolic link"},
      {"folder", [&](const std::string&) { fs::create_directory(PathOf(answer)); }, "no regular"},
      {"pipe",
       [&](const std::string&) { ASSERT_EQ(::mkfifo(PathOf(answer).c_str(), 0600), 0); },
       "no regular"},
      {"too large",
       [&](const std::string& good) {
         Put(answer, good);
         fs::resize_file(PathOf(answer), (std::size_t{128} << 20) + 1);
       },
       "larger than 128 MiB"},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    fs::remove_all(Folder());
    ManualShell shell(TargetOf());
    WhyNot(shell);
    each.put(AnswerTo(kLook));
    EXPECT_THAT(WhyNot(shell), HasSubstr(each.why));
    EXPECT_TRUE(fs::exists(fs::symlink_status(PathOf(answer)))) << "what was put there is kept";
  }
}

TEST_F(Manual, AnswerOfAnotherUserIsNotBelieved) {
  ManualShell shell(TargetOf());
  WhyNot(shell);
  Answer(kLook);
  if (::geteuid() != 0) return;  // nobody else can give files away
  ASSERT_EQ(::chown(PathOf(AnswerName(kLook)).c_str(), 4711, 4711), 0);
  EXPECT_THAT(WhyNot(shell), HasSubstr("belongs to another user"));
}

TEST_F(Manual, FolderMustBeOnesOwn) {
  ManualShell shell(TargetOf());
  WhyNot(shell);
  Answer(kLook);
  ::chmod(Folder().c_str(), 0770);
  EXPECT_THAT(WhyNot(shell), HasSubstr("chmod 700"));
  ::chmod(Folder().c_str(), 0700);
  EXPECT_EQ(WhyNot(shell), "");
  fs::rename(Folder(), scratch_.Path("real"));
  fs::create_directory_symlink(scratch_.Path("real"), Folder());
  EXPECT_THAT(WhyNot(shell), HasSubstr("is a symbolic link"));
  fs::remove(Folder());
  fs::rename(scratch_.Path("real"), Folder());
  if (::geteuid() != 0) return;
  ASSERT_EQ(::chown(Folder().c_str(), 4711, 4711), 0);
  EXPECT_THAT(WhyNot(shell), HasSubstr("belongs to another user"));
  ASSERT_EQ(::chown(Folder().c_str(), ::geteuid(), ::getegid()), 0);
}

// It is as old as it says, but neither older than its request nor younger than the file.
TEST_F(Manual, OldAnswersAreAskedForAnew) {
  ManualShell patient(TargetOf(absl::Minutes(10)));
  WhyNot(patient);
  auto request = ReadRequest(Read(RequestName(kLook)));
  ASSERT_TRUE(request.ok());
  // An hour has passed since it was asked.
  request->issued -= absl::Hours(1);
  const auto put = [&](absl::Time at) {
    Put(RequestName(kLook), Render(*request, RequestName(kLook), AnswerName(kLook)));
    Put(AnswerName(kLook), Line(request->parts[0], at));
  };
  put(absl::Now() - absl::Minutes(9));
  EXPECT_EQ(WhyNot(patient), "");
  put(absl::Now() + absl::Hours(5));  // a clock that is ahead
  EXPECT_EQ(WhyNot(patient), "");
  put(absl::Now() - absl::Minutes(11));
  EXPECT_THAT(WhyNot(patient), HasSubstr("was made 11m"));
  EXPECT_FALSE(fs::exists(PathOf(AnswerName(kLook))));
  EXPECT_NE(ReadRequest(Read(RequestName(kLook)))->number, request->number);
  put(absl::Now() - absl::Hours(30));  // a clock that is behind
  EXPECT_THAT(WhyNot(patient), HasSubstr("was made 1h"));
  // The answer to the request before is none to this one.
  Put(AnswerName(kLook), Line(request->parts[0], absl::Now()));
  EXPECT_THAT(WhyNot(patient), HasSubstr("perhaps an earlier one"));
}

TEST_F(Manual, LooksShareOneRequest) {
  ManualShell shell(TargetOf()), other({"edge.contoso.com", Folder()});
  WhyNot(shell);
  const auto ask = [&](const char* script) {
    return RunScript(shell, script, Value::Map{}, absl::Now() + absl::Seconds(30));
  };
  EXPECT_TRUE(ask("check-admin").fault);
  EXPECT_THAT(WhyNot(other), HasSubstr("edge.contoso.com.look.ps1"));
  const auto first = ReadRequest(Read(RequestName(kLook)));
  EXPECT_EQ(first->parts.size(), 2U);
  Answer(kLook);
  EXPECT_EQ(WhyNot(shell), "");
  EXPECT_FALSE(ask("check-admin").fault);
  // Asked for after the person has left: all of it once more, and one file again.
  EXPECT_TRUE(ask("look-server").fault);
  const auto second = ReadRequest(Read(RequestName(kLook)));
  EXPECT_EQ(second->parts.size(), 3U);
  EXPECT_NE(second->number, first->number);
}

TEST_F(Manual, ChangeWaitsForItsAnswer) {
  ManualShell shell(TargetOf());
  EXPECT_TRUE(RunScript(shell, "look-store", Value::Map{}, absl::Now() + absl::Seconds(9)).fault);
  Answer(kLook);
  EXPECT_FALSE(RunScript(shell, "look-store", Value::Map{}, absl::Now() + absl::Seconds(9)).fault);
  QuietCall call(absl::Seconds(30));
  const std::string base = ChangeBaseOf();
  std::jthread person([&] {
    while (!fs::exists(PathOf(RequestName(base))))
      absl::SleepFor(absl::Milliseconds(10));
    EXPECT_FALSE(fs::exists(PathOf(AnswerName(kLook)))) << "what was seen before is seen no more";
    const std::string good = AnswerTo(base);
    Put(AnswerName(base), good.substr(0, 30));
    absl::SleepFor(absl::Milliseconds(300));
    Put(AnswerName(base), good);
  });
  const lync::Answer answer = RunChange(shell, Change(call));
  ASSERT_FALSE(answer.fault) << answer.fault->text;
  EXPECT_THAT(call.said(), HasSubstr("run " + PathOf(RequestName(base)) + " on jump.contoso.com"));
  EXPECT_THAT(call.said(), HasSubstr("holds no answer"));
  // It brought the look that follows it along, and is gone itself.
  EXPECT_FALSE(RunScript(shell, "look-store", Value::Map{}, absl::Now() + absl::Seconds(9)).fault);
  EXPECT_THAT(
      Names(),
      ::testing::ElementsAre("jump.contoso.com.look.answer.txt", "jump.contoso.com.look.ps1"));
}

TEST_F(Manual, AnswerSettlesOneChangeAlone) {
  ManualShell shell(TargetOf());
  QuietCall call(absl::Seconds(1));
  const std::string base = ChangeBaseOf();
  const lync::Answer late = RunChange(shell, Change(call));
  ASSERT_TRUE(late.fault);
  EXPECT_EQ(Name(late.fault->kind), "lost") << late.fault->text;
  EXPECT_TRUE(fs::exists(PathOf(RequestName(base))));
  // It may have been run: no other change goes out, and the same one is the same request.
  QuietCall second(absl::Seconds(5));
  const lync::Answer blocked = RunChange(shell, Change(second, "another"));
  ASSERT_TRUE(blocked.fault);
  EXPECT_EQ(Name(blocked.fault->kind), "unreachable") << blocked.fault->text;
  EXPECT_THAT(blocked.fault->text, HasSubstr("may have been run"));
  const std::string answered = AnswerTo(base);
  ASSERT_FALSE(answered.empty());
  auto recalled = shell.Recall("key");
  ASSERT_TRUE(recalled);
  EXPECT_TRUE(absl::IsUnavailable(recalled->output.status())) << recalled->output.status();
  Put(AnswerName(base), answered);
  recalled = shell.Recall("key");
  ASSERT_TRUE(recalled && recalled->output.ok());
  EXPECT_EQ(recalled->script, "set-site");
  EXPECT_FALSE(ReadReply(*recalled->output).fault);
  EXPECT_THAT(Names(), IsEmpty());
  EXPECT_FALSE(shell.Recall("key"));
  // The same change, later: the old answer is none.
  QuietCall third(absl::Seconds(1));
  std::jthread person([&] {
    while (!fs::exists(PathOf(RequestName(base))))
      absl::SleepFor(absl::Milliseconds(10));
    Put(AnswerName(base), answered);
  });
  const lync::Answer replayed = RunChange(shell, Change(third));
  ASSERT_TRUE(replayed.fault);
  EXPECT_EQ(Name(replayed.fault->kind), "lost") << replayed.fault->text;
  EXPECT_THAT(replayed.fault->text, HasSubstr("perhaps an earlier one"));
}

TEST_F(Manual, SameChangeGoesOnWaiting) {
  ManualShell shell(TargetOf());
  const std::string base = ChangeBaseOf();
  QuietCall first(absl::Seconds(1));
  ASSERT_TRUE(RunChange(shell, Change(first)).fault);
  const std::string answer = AnswerTo(base);
  // Another process, after a crash.
  ManualShell anew(TargetOf());
  Put(AnswerName(base), answer);
  QuietCall second(absl::Seconds(20));
  const lync::Answer settled = RunChange(anew, Change(second));
  EXPECT_FALSE(settled.fault) << settled.fault->text;
}

TEST_F(Manual, GivenUpIsWithdrawnAndStillAnswered) {
  ManualShell shell(TargetOf());
  const std::string base = ChangeBaseOf();
  QuietCall call(absl::Seconds(30));
  std::jthread user([&] {
    while (!fs::exists(PathOf(RequestName(base))))
      absl::SleepFor(absl::Milliseconds(10));
    call.Cancel();
  });
  const lync::Answer given_up = RunChange(shell, Change(call));
  ASSERT_TRUE(given_up.fault);
  EXPECT_EQ(Name(given_up.fault->kind), "lost") << given_up.fault->text;
  EXPECT_THAT(Names(), ::testing::ElementsAre(WithdrawnName(base)));
  const auto request = ReadRequest(Read(WithdrawnName(base)));
  ASSERT_TRUE(request.ok());
  Put(AnswerName(base), Line(request->parts[0], absl::Now()));
  EXPECT_TRUE(shell.Recall("key")->output.ok());
  EXPECT_THAT(Names(), IsEmpty());
}

TEST_F(Manual, NothingIsSentOnceGivenUp) {
  ManualShell shell(TargetOf());
  QuietCall call(absl::Seconds(30));
  call.Cancel();
  const lync::Answer answer = RunChange(shell, Change(call));
  ASSERT_TRUE(answer.fault);
  EXPECT_EQ(Name(answer.fault->kind), "unreachable") << answer.fault->text;
  EXPECT_THAT(Names(), IsEmpty());
}

TEST_F(Manual, DeletedRequestWasNotRun) {
  ManualShell shell(TargetOf());
  const std::string base = ChangeBaseOf();
  QuietCall call(absl::Seconds(30));
  std::jthread user([&] {
    while (!fs::exists(PathOf(RequestName(base))))
      absl::SleepFor(absl::Milliseconds(10));
    fs::remove(PathOf(RequestName(base)));
  });
  const lync::Answer answer = RunChange(shell, Change(call));
  ASSERT_TRUE(answer.fault);
  EXPECT_EQ(Name(answer.fault->kind), "unreachable") << answer.fault->text;
  EXPECT_THAT(answer.fault->text, HasSubstr("deleted"));
}

TEST_F(Manual, SettingsSayEveryFault) {
  std::vector<std::string> problems;
  sdk::Configuration configuration;
  configuration.base_directory = scratch_.path();
  const Value common = Value::Map{{"answersHoldFor", "1h"}, {"folders", "x"}}, none = Value::Map{};
  const TargetReader reader(configuration, sdk::Section(&common, "manual", problems));
  (void)reader.Read("../edge", sdk::Section(&none, "admin.manual", problems));
  EXPECT_EQ(problems.size(), 4U) << ::testing::PrintToString(problems);
  problems.clear();
  const Value own = Value::Map{{"folder", "asked"}, {"lookWaits", "2s"}};
  const Value defaults = Value::Map{{"answersHoldFor", "3m"}};
  const Target target =
      TargetReader(configuration, sdk::Section(&defaults, "manual", problems))
          .Read("edge.contoso.com", sdk::Section(&own, "servers.edge.manual", problems));
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(target.folder, Folder());
  EXPECT_EQ(target.answers_hold_for, absl::Minutes(3));
  EXPECT_EQ(target.look_waits, absl::Seconds(2));
}

}  // namespace
}  // namespace poolshift::lync::manual
