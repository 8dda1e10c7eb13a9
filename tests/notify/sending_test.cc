// Every way to tell an event, to real far sides over loopback, and what they can do wrong.
#include <filesystem>
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/notify/notifier.h"
#include "controller/notify/signature.h"
#include "tests/notify/far_side.h"
#include <sys/stat.h>

namespace poolshift::notify {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using Code = absl::StatusCode;

constexpr char kCanary[] = "canary-secret-mail-0123456789";

Event Applied() {
  return {"applied",
          "contoso",
          "run-7",
          absl::FromUnixSeconds(1795230000),
          "",
          "run 7 is done",
          "8 actions",
          "",
          "",
          "7"};
}

class SendingTest : public testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<Sender>> Make(const Notification& notification) {
    SenderOptions options;
    options.time_limit = absl::Seconds(1);
    options.command_directory = commands_;
    return MakeSender(notification, {&clock_, &files_, &processes_}, options);
  }
  absl::Status Send(const Notification& notification) {
    const auto sender = Make(notification);
    return sender.ok() ? (*sender)->Send(Applied()) : sender.status();
  }

  std::string commands_;
  RealClock clock_;
  RealFiles files_;
  RealProcesses processes_;
};

void WorkAndWait(Notifier& notifier) {
  notifier.Work();
  notifier.Finish();
}

Notification Hook(int port, const std::string& path) {
  Notification hook;
  hook.name = "hook";
  hook.url = "http://127.0.0.1:" + std::to_string(port) + '/' + path;
  return hook;
}

struct HookRow {
  const char* path;
  Code code;
};

TEST_F(SendingTest, WebhookAnswersAreJudged) {
  const FarSide far("http");
  for (const HookRow& row : {HookRow{"200", Code::kOk},
                             {"204", Code::kOk},
                             {"404", Code::kFailedPrecondition},
                             {"moved", Code::kFailedPrecondition},
                             {"408", Code::kUnavailable},
                             {"429", Code::kUnavailable},
                             {"500", Code::kUnavailable},
                             {"slow", Code::kDeadlineExceeded},
                             {"drip", Code::kDeadlineExceeded},
                             {"large", Code::kOutOfRange}}) {
    EXPECT_EQ(Send(Hook(far.port(), row.path)).code(), row.code) << row.path;
  }
  EXPECT_EQ(Send(Hook(ClosedPort(), "200")).code(), Code::kUnavailable);
  EXPECT_THAT(far.Got(), SizeIs(10)) << "a redirect is not followed";
}

TEST_F(SendingTest, WebhookIsSignedOverItsBody) {
  const FarSide far("http");
  Notification hook = Hook(far.port(), "200");
  hook.secret = *SecretRef::Parse("file:" + far.Write("key", std::string(kCanary) + '\n'));
  ASSERT_TRUE(Send(hook).ok());
  ASSERT_THAT(far.Got(), SizeIs(1));
  const nlohmann::json got = far.Got()[0];
  const std::string body = got["body"];
  const std::string signature = got["headers"]["Poolshift-Signature"];
  const std::string time = signature.substr(2, signature.find(',') - 2);
  EXPECT_EQ(signature, Signature(kCanary, body, absl::FromUnixSeconds(std::stoll(time))));
  EXPECT_EQ(nlohmann::json::parse(body)["summary"], "run 7 is done");
  EXPECT_EQ(got["headers"]["Poolshift-Event"], "applied");
  EXPECT_THAT(got.dump(), Not(HasSubstr(kCanary)));
}

TEST_F(SendingTest, CommitStatusArrivesWithItsToken) {
  const FarSide far("http");
  Notification status = Hook(far.port(), "");
  status.way = Notification::Way::kCommitStatus;
  status.context = "poolshift";
  status.secret = *SecretRef::Parse("file:" + far.Write("token", "t0ken\n"));
  Notifier notifier = Notifier::Make({status}, {&clock_, &files_, &processes_}, {});
  notifier.Tell(Applied());
  EXPECT_EQ(notifier.outbox().waiting(), 0U) << "other events are not for it";
  Event event = Applied();
  event.name = kCommitStatusEvent;
  event.commit = "200";  // how the far side answers
  event.state = "success";
  notifier.Tell(event);
  WorkAndWait(notifier);
  ASSERT_THAT(far.Got(), SizeIs(1));
  EXPECT_EQ(far.Got()[0]["path"], "/statuses/200");
  EXPECT_EQ(far.Got()[0]["headers"]["Authorization"], "Bearer t0ken");
}

TEST_F(SendingTest, MissingSecretIsNamedNotSent) {
  const FarSide far("http");
  Notification hook = Hook(far.port(), "200");
  hook.secret = *SecretRef::Parse("file:" + far.folder() + "/missing");
  const absl::Status status = Send(hook);
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(std::string(status.message()), HasSubstr("missing"));
  EXPECT_THAT(far.Got(), IsEmpty()) << "nothing goes out unsigned";
}

TEST_F(SendingTest, SecretThatOthersCanReadIsNotUsed) {
  const FarSide far("http");
  Notification hook = Hook(far.port(), "200");
  const std::string key = far.Write("key", kCanary);
  hook.secret = *SecretRef::Parse("file:" + key);
  ASSERT_EQ(::chmod(key.c_str(), 0640), 0);
  const absl::Status status = Send(hook);
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(std::string(status.message()), HasSubstr("chmod 600 " + key));
  EXPECT_THAT(far.Got(), IsEmpty());
}

Notification Mailbox(int port, const std::string& to) {
  Notification mail;
  mail.name = "mail";
  mail.way = Notification::Way::kMail;
  mail.url = "smtp://127.0.0.1:" + std::to_string(port);
  mail.from = "poolshift@contoso.com";
  mail.to = {to};
  return mail;
}

TEST_F(SendingTest, MailArrives) {
  const FarSide far("smtp");
  Notification mail = Mailbox(far.port(), "noc@contoso.com");
  mail.user = "poolshift";
  mail.secret = *SecretRef::Parse("file:" + far.folder() + "/got.password");
  mail.subject = "{{event}}: {{summary}}";
  const absl::Status sent = Send(mail);
  ASSERT_TRUE(sent.ok()) << sent;
  ASSERT_THAT(far.Got(), SizeIs(1));
  const nlohmann::json got = far.Got()[0];
  EXPECT_EQ(got["to"], nlohmann::json({"noc@contoso.com"}));
  EXPECT_EQ(got["user"], "poolshift");
  EXPECT_THAT(got["content"].get<std::string>(), HasSubstr("Subject: applied: run 7 is done\r\n"));
  EXPECT_THAT(got.dump(), Not(HasSubstr(kCanary)));
}

TEST_F(SendingTest, MailFailuresAreJudged) {
  const FarSide far("smtp");
  EXPECT_EQ(Send(Mailbox(far.port(), "refused@contoso.com")).code(), Code::kFailedPrecondition);
  EXPECT_EQ(Send(Mailbox(far.port(), "busy@contoso.com")).code(), Code::kUnavailable);
  EXPECT_EQ(Send(Mailbox(ClosedPort(), "noc@contoso.com")).code(), Code::kUnavailable);
  Notification wrong = Mailbox(far.port(), "noc@contoso.com");
  wrong.user = "poolshift";
  wrong.secret = *SecretRef::Parse("file:" + far.Write("wrong", "not-the-password"));
  const absl::Status status = Send(wrong);
  EXPECT_EQ(status.code(), Code::kPermissionDenied);
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("not-the-password")));
  EXPECT_THAT(far.Got(), IsEmpty());
}

std::string Script(const FarSide& far, const std::string& text) {
  const std::string path = far.Write("program", "#!/bin/sh\n" + text);
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  return "program";
}

Notification Program(std::vector<std::string> command) {
  Notification program;
  program.name = "program";
  program.way = Notification::Way::kCommand;
  program.command = std::move(command);
  return program;
}

TEST_F(SendingTest, ProgramReadsTheEvent) {
  const FarSide far("http");
  ::setenv("CANARY", kCanary, 1);
  const std::string script = Script(
      far,
      "printf '%s\\n' \"$1\" > \"$2\"; cat >> \"$2\"; env >> \"$2\"; ls /proc/self/fd >> \"$2\"");
  const std::string out = far.folder() + "/out";
  commands_ = far.folder();
  const absl::Status sent = Send(Program({script, "$(id); `id`", out}));
  ::unsetenv("CANARY");
  ASSERT_TRUE(sent.ok()) << sent;
  std::ifstream file(out);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_THAT(text, testing::StartsWith("$(id); `id`\n{"));
  EXPECT_THAT(text, HasSubstr("\"event\":\"applied\""));
  EXPECT_THAT(text, Not(HasSubstr(kCanary))) << "the environment is not handed on";
}

TEST_F(SendingTest, ProgramsAreJudged) {
  const FarSide far("http");
  EXPECT_EQ(Send(Program({"program"})).code(), Code::kInvalidArgument) << "no folder was named";
  commands_ = far.folder();
  EXPECT_EQ(Send(Program({Script(far, "exit 3")})).code(), Code::kAborted);
  EXPECT_EQ(Send(Program({Script(far, "sleep 30")})).code(), Code::kDeadlineExceeded);
  EXPECT_EQ(Send(Program({Script(far, "exec <&-; exit 0")})).code(), Code::kOk);
  EXPECT_EQ(Send(Program({"missing"})).code(), Code::kNotFound);
  for (const char* elsewhere : {"/bin/true", "../program", "a/b", "..", ""})
    EXPECT_EQ(Send(Program({elsewhere})).code(), Code::kInvalidArgument) << elsewhere;
}

TEST_F(SendingTest, WhatMayNotBeDeclared) {
  Notification plain;
  plain.url = "http://hooks.example/x";
  EXPECT_EQ(Make(plain).status().code(), Code::kInvalidArgument);
  plain.url = "https://hooks.example/x";
  EXPECT_TRUE(Make(plain).ok());
  plain.text = "{{password}}";
  EXPECT_EQ(Make(plain).status().code(), Code::kInvalidArgument);
  Notification mail = Mailbox(25, "noc@contoso.com");
  mail.user = "poolshift";
  EXPECT_EQ(Make(mail).status().code(), Code::kInvalidArgument) << "a user without a password";
}

TEST_F(SendingTest, OneWrongTargetSilencesNobodyElse) {
  const FarSide far("http");
  Notifier notifier = Notifier::Make(
      {Program({"program"}), Hook(far.port(), "200")}, {&clock_, &files_, &processes_}, {});
  EXPECT_THAT(notifier.TakeFailures(), ElementsAre(HasSubstr("notification program is not told")));
  notifier.Tell(Applied());
  EXPECT_THAT(far.Got(), IsEmpty());
  WorkAndWait(notifier);
  EXPECT_THAT(far.Got(), SizeIs(1));
}

// One far side takes the connection and says nothing. The others hear of two events meanwhile, in
// their order; the silent one is asked about the first only.
TEST_F(SendingTest, ASilentTargetDelaysNobodyElse) {
  const FarSide silent("http"), far("http");
  Notification stuck = Hook(silent.port(), "slow");
  stuck.name = "stuck";
  SenderOptions options;
  options.time_limit = absl::Seconds(2);
  Notifier notifier =
      Notifier::Make({stuck, Hook(far.port(), "200")}, {&clock_, &files_, &processes_}, options);
  Event event = Applied();
  for (const char* key : {"run-7", "run-8"}) {
    event.key = key;
    notifier.Tell(event);
  }
  while (notifier.outbox().delivered() < 2) {
    notifier.Work();
    ASSERT_TRUE(notifier.is_sending()) << "to the silent one, at least";
    clock_.Sleep(absl::Milliseconds(2));
  }
  EXPECT_EQ(notifier.outbox().waiting(), 2U) << "both events of the silent one";
  EXPECT_TRUE(notifier.is_sending()) << "it did not answer yet";
  ASSERT_THAT(far.Got(), SizeIs(2));
  EXPECT_THAT(far.Got()[0]["body"].get<std::string>(), HasSubstr("run-7"));
}

TEST_F(SendingTest, ANewerStatusTakesThePlaceOfOneThatWaits) {
  const FarSide far("http");
  Notification status = Hook(far.port(), "");
  status.way = Notification::Way::kCommitStatus;
  status.secret = *SecretRef::Parse("file:" + far.Write("token", "t0ken"));
  OutboxLimits limits;
  limits.first_wait = absl::ZeroDuration();
  Notifier notifier = Notifier::Make({status}, {&clock_, &files_, &processes_}, {}, limits);
  Event event = Applied();
  event.name = kCommitStatusEvent;
  event.commit = "503";
  event.state = "pending";
  notifier.Tell(event);
  WorkAndWait(notifier);
  event.state = "success";
  event.key = "newer";
  notifier.Tell(event);
  EXPECT_EQ(notifier.outbox().waiting(), 1U);
  WorkAndWait(notifier);
  ASSERT_THAT(far.Got(), SizeIs(2));
  EXPECT_THAT(far.Got()[1]["body"].get<std::string>(), HasSubstr("success"));
}

TEST_F(SendingTest, NotifierRepeatsUntilItHeals) {
  const FarSide far("http");
  OutboxLimits limits;
  limits.first_wait = absl::Milliseconds(1);
  Notification other = Hook(far.port(), "200");
  other.name = "other";
  other.events = {"drift-found"};
  Notification lost = Hook(far.port(), "404");
  lost.name = "lost";
  Notifier notifier = Notifier::Make(
      {Hook(far.port(), "heals"), other, lost}, {&clock_, &files_, &processes_}, {}, limits);
  notifier.Tell(Applied());
  notifier.Tell(Applied());
  for (int i = 0; i < 100 && notifier.outbox().waiting() > 0; ++i) {
    WorkAndWait(notifier);
    clock_.Sleep(absl::Milliseconds(2));
  }
  std::vector<std::string> paths;
  for (const nlohmann::json& got : far.Got())
    paths.push_back(got["path"]);
  EXPECT_THAT(paths, testing::UnorderedElementsAre("/heals", "/heals", "/heals", "/404"));
  EXPECT_EQ(notifier.outbox().delivered(), 1);
  EXPECT_THAT(notifier.TakeFailures(),
              ElementsAre("lost could not be told of run-7: the answer is 404"));
}

}  // namespace
}  // namespace poolshift::notify
