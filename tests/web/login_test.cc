// Logging in to the pages, and agreeing there: what each step takes, and what none of them does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/gitops/voices.h"
#include "controller/web/answers.h"
#include "controller/world/files.h"
#include "tests/conformance/kit/scratch.h"

namespace poolshift {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class HandClock final : public Clock {
 public:
  absl::Time Now() const override { return now; }
  absl::Duration Elapsed() const override { return now - absl::UnixEpoch(); }
  void Sleep(absl::Duration duration) override { now += duration; }
  absl::Time now = absl::FromUnixSeconds(1795230000);
};

class LoginTest : public testing::Test {
 protected:
  LoginTest() {
    RealFiles files;
    EXPECT_TRUE(files.MakePrivateDirectory(scratch_.Path("state")).ok());
    auto organization = std::make_shared<Organization>();
    organization->name = "contoso";
    auto plan = std::make_shared<Plan>();
    Action safe;
    safe.id = "a1";
    safe.title = "<b>move</b> the record";
    Action dangerous;
    dangerous.id = "a2";
    dangerous.target = {"PoolFailover", "fe1.contoso.net"};
    dangerous.title = "fail users over";
    dangerous.needs_approval = true;
    plan->actions = {safe, dangerous};
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->organization = organization;
    snapshot->plan = plan;
    snapshot->digest = "0123456789abcdef0123456789abcdef";
    snapshot->ruling.kind = Ruling::Kind::kApproval;
    board_.Put(snapshot);
  }

  WebAnswer Ask(WebRequest request) {
    if (!request.headers.contains("host")) request.headers["host"] = host_;
    return AnswerTo(request, board_, clock_, {nullptr, &sessions_, &desk_}, site_);
  }
  WebRequest Get(const std::string& path) const {
    WebRequest request;
    request.method = "GET";
    request.path = path;
    request.session = session_.id;
    return request;
  }
  WebRequest Form(const std::string& word) const {
    WebRequest request = Get("/decide");
    request.method = "POST";
    request.headers["origin"] = (site_.tls ? "https://" : "http://") + host_;
    request.form = {{"form", session_.form},
                    {"digest", board_.Current()->digest},
                    {"word", word},
                    {"reason", "night shift"},
                    {"sure", "yes"}};
    return request;
  }
  void LogIn(PageSessions::May may = PageSessions::May::kSpeak) {
    WebRequest request = Get("/enter");
    request.invitation = sessions_.Invite("alice", may, clock_.now);
    const WebAnswer answer = Ask(request);
    ASSERT_EQ(answer.status, 200U) << answer.body;
    const std::size_t at = answer.cookie.find('=') + 1;
    session_ = *sessions_.Find(answer.cookie.substr(at, answer.cookie.find(';') - at), clock_.now);
  }
  std::vector<Word> Words() {
    return VoicesOf(*(*desk_.OpenStore())->Events("contoso", 0), clock_.now).words;
  }

  conformance::Scratch scratch_;
  HandClock clock_;
  Board board_;
  Desk desk_{scratch_.Path("state"), board_, clock_};
  PageSessions sessions_;
  PageSite site_;
  std::string host_ = "localhost:8080";
  PageSessions::Session session_;
};

TEST_F(LoginTest, AgreeingIsTakenDownForWhoLoggedIn) {
  LogIn();
  EXPECT_THAT(Ask(Get("/approve")).body,
              AllOf(HasSubstr("&lt;b&gt;move&lt;/b&gt; the record"),
                    HasSubstr("fail users over"),
                    HasSubstr("PoolFailover/fe1.contoso.net"),
                    HasSubstr("You are alice"),
                    Not(HasSubstr("http-equiv"))));
  WebRequest form = Form("agree");
  form.form.emplace_back("also", "PoolFailover/fe1.contoso.net");
  const WebAnswer answer = Ask(form);
  EXPECT_EQ(answer.status, 200U) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr("Agreed to plan 0123456789ab"));
  ASSERT_THAT(Words(), SizeIs(1));
  EXPECT_EQ(Words()[0].who, "alice");
  EXPECT_TRUE(Words()[0].agrees);
  EXPECT_EQ(Words()[0].reason, "night shift");
  EXPECT_THAT(Words()[0].also, testing::ElementsAre("PoolFailover/fe1.contoso.net"));
}

TEST_F(LoginTest, SayingNoToo) {
  LogIn();
  EXPECT_THAT(Ask(Form("refuse")).body, HasSubstr("Said no"));
  ASSERT_THAT(Words(), SizeIs(1));
  EXPECT_FALSE(Words()[0].agrees);
}

struct Row {
  const char* name;
  void (*spoil)(WebRequest& request);
  unsigned status;
};

TEST_F(LoginTest, WhatTakesNothingDown) {
  LogIn();
  for (const Row& row :
       {Row{"no cookie", [](WebRequest& request) { request.session = ""; }, 403},
        {"a guessed cookie", [](WebRequest& request) { request.session = "0123"; }, 403},
        {"a form of another session",
         [](WebRequest& request) { request.form[0].second = "x"; },
         403},
        {"a form without its secret",
         [](WebRequest& request) { request.form.erase(request.form.begin()); },
         403},
        {"a page of another site",
         [](WebRequest& request) { request.headers["origin"] = "https://evil.example"; },
         403},
        {"another name for this machine",
         [](WebRequest& request) { request.headers["host"] = "evil.example"; },
         403},
        {"a name that looks like a number",
         [](WebRequest& request) {
           request.headers["host"] = "127.evil.example";
           request.headers["origin"] = "http://127.evil.example";
         },
         403},
        {"another plan",
         [](WebRequest& request) { request.form[1].second = "fedcba9876543210"; },
         409},
        {"neither yes nor no", [](WebRequest& request) { request.form[2].second = "maybe"; }, 409},
        {"not confirmed", [](WebRequest& request) { request.form.pop_back(); }, 409},
        {"a reason of two lines",
         [](WebRequest& request) { request.form[3].second = "a\nb"; },
         409},
        {"more than the plan holds",
         [](WebRequest& request) { request.form.emplace_back("also", "PoolFailover/other"); },
         409},
        {"asked for, not sent", [](WebRequest& request) { request.method = "GET"; }, 404}}) {
    WebRequest request = Form("agree");
    row.spoil(request);
    EXPECT_EQ(Ask(request).status, row.status) << row.name;
    EXPECT_THAT(Words(), IsEmpty()) << row.name;
  }
}

TEST_F(LoginTest, AnInvitationWorksOnceAndForAMinute) {
  WebRequest request = Get("/enter");
  request.invitation = sessions_.Invite("alice", PageSessions::May::kSpeak, clock_.now);
  EXPECT_EQ(Ask(request).status, 200U);
  EXPECT_EQ(Ask(request).status, 403U);
  request.invitation = sessions_.Invite("alice", PageSessions::May::kSpeak, clock_.now);
  clock_.Sleep(PageSessions::kInvitation);
  EXPECT_EQ(Ask(request).status, 403U);
  request.invitation.clear();
  EXPECT_EQ(Ask(request).status, 403U);
}

TEST_F(LoginTest, ASessionEnds) {
  LogIn();
  EXPECT_EQ(Ask(Get("/approve")).status, 200U);
  clock_.Sleep(PageSessions::kSession);
  EXPECT_EQ(Ask(Get("/approve")).status, 403U);
  LogIn();
  WebRequest leave = Get("/leave");
  leave.method = "POST";
  leave.form = {{"form", session_.form}};
  const WebAnswer answer = Ask(leave);
  EXPECT_EQ(answer.status, 200U);
  EXPECT_THAT(answer.cookie, HasSubstr("Max-Age=0"));
  EXPECT_EQ(Ask(Get("/approve")).status, 403U);
}

TEST_F(LoginTest, InvitationsAndSessionsAreBounded) {
  const auto invite = [&](const std::string& who) {
    clock_.Sleep(absl::Milliseconds(1));
    return sessions_.Invite(who, PageSessions::May::kRead, clock_.now);
  };
  const std::string alice = invite("alice"), first = invite("bob"), second = invite("bob");
  for (std::size_t i = 1; i < PageSessions::kMostOfOne; ++i)
    invite("bob");
  EXPECT_FALSE(sessions_.Enter(first, clock_.now).has_value()) << "his own oldest has gone";
  EXPECT_TRUE(sessions_.Enter(second, clock_.now).has_value());
  const std::string other = invite("alice");
  EXPECT_TRUE(sessions_.Enter(alice, clock_.now).has_value()) << "and nobody else's";
  for (std::size_t i = 0; i < PageSessions::kMost; ++i)
    invite("caller" + std::to_string(i));
  EXPECT_FALSE(sessions_.Enter(other, clock_.now).has_value()) << "the oldest has gone";
}

TEST_F(LoginTest, NobodyWaitsForAnything) {
  LogIn();
  auto snapshot = std::make_shared<Snapshot>(*board_.Current());
  snapshot->ruling.kind = Ruling::Kind::kNothing;
  board_.Put(snapshot);
  EXPECT_THAT(Ask(Get("/approve")).body,
              AllOf(HasSubstr("No plan waits for people"), Not(HasSubstr("/decide"))));
}

TEST_F(LoginTest, WithoutADoorThereIsNone) {
  WebRequest request = Get("/approve");
  EXPECT_EQ(AnswerTo(request, board_, clock_, {}, {}).status, 404U);
  request = Form("agree");
  EXPECT_EQ(AnswerTo(request, board_, clock_, {}, {}).status, 405U);
}

TEST_F(LoginTest, AViewerSaysNothing) {
  LogIn(PageSessions::May::kRead);
  EXPECT_THAT(
      Ask(Get("/approve")).body,
      AllOf(HasSubstr("You may read only"), HasSubstr("/leave"), Not(HasSubstr("/decide"))));
  const WebAnswer answer = Ask(Form("agree"));
  EXPECT_EQ(answer.status, 403U);
  EXPECT_THAT(answer.body, HasSubstr("you may read only"));
  EXPECT_THAT(Words(), IsEmpty());
}

class TlsLoginTest : public LoginTest {
 protected:
  TlsLoginTest() {
    host_ = "pages.contoso.com:8443";
    site_ = {.tls = true, .names = {"pages.contoso.com"}, .anybody_reads = false};
  }
  static std::vector<std::string> Paths() {
    return {"/", "/plan", "/plan.txt", "/drift", "/readiness", "/runs", "/metrics", "/live.js"};
  }
};

TEST_F(TlsLoginTest, WhoIsNotInReadsNothing) {
  std::vector<std::string> paths = Paths();
  paths.insert(paths.end(), {"/approve", "/nowhere", "//evil.example/"});
  for (const std::string& path : paths) {
    for (const char* method : {"GET", "HEAD"}) {
      WebRequest request = Get(path);
      request.method = method;
      const WebAnswer answer = Ask(request);
      EXPECT_EQ(answer.status, 401U) << path;
      EXPECT_EQ(answer.challenge, "Poolshift-Login") << path;
      EXPECT_THAT(answer.body,
                  AllOf(HasSubstr("poolshift login --server"),
                        Not(HasSubstr("contoso")),
                        Not(HasSubstr("evil")),
                        Not(HasSubstr("record"))))
          << path;
    }
  }
  EXPECT_THAT(Ask(Get("/plan")).body, HasSubstr("<a href=\"/plan\">go on</a>"));
  EXPECT_THAT(Ask(Get("//evil.example/")).body, HasSubstr("<a href=\"/\">go on</a>"));
  const WebAnswer late = Ask(Get("/enter"));
  EXPECT_EQ(late.status, 403U);
  EXPECT_THAT(late.body, AllOf(HasSubstr("was used or is too old"), Not(HasSubstr("contoso"))));
}

TEST_F(TlsLoginTest, WhetherItLivesIsNoSecret) {
  EXPECT_EQ(Ask(Get("/healthz")).body, "alive\n");
  EXPECT_EQ(Ask(Get("/readyz")).status, 200U);
  auto snapshot = std::make_shared<Snapshot>(*board_.Current());
  snapshot->error = "no answer from 192.0.2.53";
  board_.Put(snapshot);
  EXPECT_EQ(Ask(Get("/readyz")).body, "not ready\n") << "why not is for who may read";
  LogIn();
  EXPECT_EQ(Ask(Get("/readyz")).body, "not ready: no answer from 192.0.2.53\n");
}

TEST_F(TlsLoginTest, AViewerReadsEverything) {
  LogIn(PageSessions::May::kRead);
  for (const std::string& path : Paths())
    EXPECT_EQ(Ask(Get(path)).status, 200U) << path;
  EXPECT_EQ(Ask(Form("agree")).status, 403U);
  EXPECT_THAT(Words(), IsEmpty());
  clock_.Sleep(PageSessions::kSession);
  EXPECT_EQ(Ask(Get("/")).status, 401U);
}

TEST_F(TlsLoginTest, AnApproverAgrees) {
  LogIn();
  EXPECT_EQ(Ask(Form("agree")).status, 200U);
  EXPECT_THAT(Words(), SizeIs(1));
  WebRequest form = Form("refuse");
  form.headers["origin"] = "http://" + host_;
  EXPECT_EQ(Ask(form).status, 401U) << "a page that came without TLS";
  form.headers["origin"] = "https://evil.example";
  EXPECT_EQ(Ask(form).status, 401U);
  EXPECT_THAT(Words(), SizeIs(1));
}

TEST_F(TlsLoginTest, TheCookieIsThisHostsAlone) {
  WebRequest request = Get("/enter");
  request.invitation = sessions_.Invite("alice", PageSessions::May::kRead, clock_.now);
  EXPECT_THAT(Ask(request).cookie,
              testing::MatchesRegex("__Host-poolshift-8443=[0-9a-f]{64}; Secure; HttpOnly; "
                                    "SameSite=Strict; Path=/; Max-Age=28800"));
}

TEST_F(TlsLoginTest, OtherNamesAreRefused) {
  LogIn();
  for (const char* host :
       {"", "localhost:8443", "evil.example", "pages.contoso.com.evil.example"}) {
    WebRequest request = Get("/");
    request.headers["host"] = host;
    const WebAnswer answer = Ask(request);
    EXPECT_EQ(answer.status, 403U) << host;
    EXPECT_THAT(answer.body, HasSubstr("stands in the certificate")) << host;
  }
}

TEST_F(TlsLoginTest, AnybodyReadsWhereThatWasSaid) {
  site_.anybody_reads = true;
  for (const std::string& path : Paths())
    EXPECT_EQ(Ask(Get(path)).status, 200U) << path;
  EXPECT_EQ(Ask(Get("/approve")).status, 403U);
  EXPECT_EQ(Ask(Form("agree")).status, 403U);
  EXPECT_THAT(Words(), IsEmpty());
  LogIn();
  EXPECT_EQ(Ask(Form("agree")).status, 200U);
}

TEST_F(TlsLoginTest, WithoutADoorNobodyReads) {
  EXPECT_EQ(AnswerTo(Get("/"), board_, clock_, {}, site_).status, 403U);
  WebRequest request = Get("/");
  request.headers["host"] = host_;
  EXPECT_EQ(AnswerTo(request, board_, clock_, {}, site_).status, 401U);
}

}  // namespace
}  // namespace poolshift
