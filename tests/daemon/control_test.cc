// The control API over a real socket: who may do what, and what a desk says to nonsense.
#include <filesystem>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/daemon/control_client.h"
#include "controller/daemon/control_server.h"
#include "controller/gitops/voices.h"
#include "controller/world/clock.h"
#include "controller/world/files.h"
#include "tests/conformance/kit/scratch.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace poolshift {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

constexpr char kDigest[] = "5f0c1234567890ab";

class ControlTest : public testing::Test {
 protected:
  ControlTest() : desk_(scratch_.Path("state"), board_, clock_) {
    RealFiles files;
    EXPECT_TRUE(files.MakePrivateDirectory(scratch_.Path("state")).ok());
  }

  void Serve(const std::vector<std::string>& grants = {}) {
    Roles roles("root");
    for (const std::string& text : grants)
      ASSERT_TRUE(roles.Grant(text).ok());
    auto server = ControlServer::Start(socket(), roles, desk_, &door_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    auto client = ControlClient::Connect(socket());
    ASSERT_TRUE(client.ok()) << client.status();
    client_ = *std::move(client);
  }
  std::string socket() const { return scratch_.Path("control.sock"); }

  // A plan of one action waits.
  void Show() {
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->round = 1;
    auto organization = std::make_shared<Organization>();
    organization->name = "contoso";
    organization->sites["Site1"].name = "Site1";
    snapshot->organization = organization;
    auto plan = std::make_shared<Plan>();
    Action action;
    action.target = {"PoolFailover", "fe1.contoso.net"};
    action.id = "a1";
    action.title = "fail fe1 over";
    action.needs_approval = true;
    plan->actions.push_back(action);
    snapshot->plan = plan;
    snapshot->digest = kDigest;
    snapshot->looked_at = clock_.Now();
    snapshot->ruling.kind = Ruling::Kind::kApproval;
    board_.Put(snapshot);
  }
  std::vector<EventRow> Recorded() {
    return desk_.OpenStore().value()->Events("contoso", 0).value();
  }

  conformance::Scratch scratch_;
  RealClock clock_;
  Board board_;
  Desk desk_;
  PageSessions sessions_;
  PageDoor door_{sessions_, "http://127.0.0.1:8080/"};
  std::unique_ptr<ControlServer> server_;
  std::unique_ptr<ControlClient> client_;
};

TEST_F(ControlTest, NothingSeenIsUnavailable) {
  Serve();
  EXPECT_TRUE(client_->Status().ok());
  EXPECT_TRUE(absl::IsUnavailable(client_->Plan().status()));
  EXPECT_TRUE(absl::IsUnavailable(client_->Drift().status()));
  EXPECT_TRUE(absl::IsUnavailable(client_->Decide(kDigest, true, "", {}).status()));
  EXPECT_TRUE(absl::IsUnavailable(client_->Pause("", absl::Hours(1), "x").status()));
}

// As the service of the Debian package has it: the daemon's account owns socket and folder.
TEST_F(ControlTest, RootSaysWhoMayPoseAsTheDaemon) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a folder away";
  constexpr uid_t kService = 4242;
  Serve();
  ASSERT_EQ(::chown(socket().c_str(), kService, kService), 0);
  ASSERT_EQ(::chmod(scratch_.path().c_str(), 0755), 0);
  ASSERT_EQ(::chown(scratch_.path().c_str(), kService, kService), 0);
  EXPECT_EQ(ControlClient::Connect(socket()).status().code(), absl::StatusCode::kPermissionDenied)
      << "a folder of theirs, as a home is, but not below /run";
  std::string folder = "/run/poolshift-test-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const std::string given = folder + "/control.sock";
  std::filesystem::create_symlink(socket(), given);
  EXPECT_EQ(ControlClient::Connect(given).status().code(), absl::StatusCode::kPermissionDenied)
      << "a link leads elsewhere";
  std::filesystem::remove(given);
  auto other = ControlServer::Start(given, Roles("root"), desk_, &door_);
  ASSERT_TRUE(other.ok()) << other.status();
  ASSERT_EQ(::chown(given.c_str(), kService, kService), 0);
  const auto code = [&] { return ControlClient::Connect(given).status().code(); };
  EXPECT_EQ(code(), absl::StatusCode::kPermissionDenied) << "the folder is root's";
  ASSERT_EQ(::chown(folder.c_str(), kService, kService), 0);
  EXPECT_EQ(code(), absl::StatusCode::kOk);
  ASSERT_EQ(::chmod(folder.c_str(), 0775), 0);
  EXPECT_EQ(code(), absl::StatusCode::kPermissionDenied) << "others may put a socket there";
  std::filesystem::remove_all(folder);
}

TEST_F(ControlTest, WordsAreRecordedWithTheAccount) {
  Serve();
  Show();
  const auto digest =
      client_->Decide("5f0c1234", true, "because", {"PoolFailover/fe1.contoso.net"});
  ASSERT_TRUE(digest.ok()) << digest.status();
  EXPECT_EQ(*digest, kDigest);
  const Voices voices = VoicesOf(Recorded(), clock_.Now());
  ASSERT_THAT(voices.words, SizeIs(1));
  EXPECT_EQ(voices.words[0].who, "root");
  EXPECT_EQ(voices.words[0].reason, "because");
  EXPECT_TRUE(voices.words[0].also.contains("PoolFailover/fe1.contoso.net"));
}

TEST_F(ControlTest, DecisionsNameThePlanThatIsShown) {
  Serve();
  Show();
  EXPECT_TRUE(absl::IsInvalidArgument(client_->Decide("5f0c", true, "", {}).status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(client_->Decide("00000000", true, "", {}).status()));
  EXPECT_TRUE(
      absl::IsInvalidArgument(client_->Decide(kDigest, true, "", {"SiteRoute/x"}).status()));
  // A line end would be another line of the record.
  EXPECT_TRUE(absl::IsInvalidArgument(client_->Decide(kDigest, true, "a\nagrees no", {}).status()));
  EXPECT_THAT(Recorded(), testing::IsEmpty());
}

TEST_F(ControlTest, PausesNeedReasonTimeAndScope) {
  Serve();
  Show();
  EXPECT_TRUE(absl::IsInvalidArgument(client_->Pause("", absl::Hours(1), "").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(client_->Pause("", absl::ZeroDuration(), "x").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(client_->Pause("", absl::Hours(24 * 8), "x").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(client_->Pause("Site9", absl::Hours(1), "x").status()));
  EXPECT_EQ(client_->Pause("Site1", absl::Hours(1), "x").value(), "p1");
  EXPECT_EQ(client_->Pause("DnsRecordSet", absl::Hours(1), "x").value(), "p2");
  EXPECT_TRUE(absl::IsNotFound(client_->Unpause("p9")));
  EXPECT_TRUE(client_->Unpause("p1").ok());
  EXPECT_TRUE(absl::IsNotFound(client_->Unpause("p1")));
  EXPECT_TRUE(client_->BreakGlass(absl::Hours(1), "fire").ok());
  EXPECT_TRUE(absl::IsInvalidArgument(client_->BreakGlass(absl::Hours(25), "fire")));
  EXPECT_THAT(VoicesOf(Recorded(), clock_.Now()).openings, SizeIs(1));
}

TEST_F(ControlTest, RolesAreHeld) {
  struct Row {
    std::string grant;
    bool views, approves, operates;
  };
  for (const Row& row : std::vector<Row>{{"root=none", false, false, false},
                                         {"root=viewer", true, false, false},
                                         {"root=approver", true, true, false},
                                         {"root=operator", true, true, true}}) {
    server_.reset();
    Serve({row.grant});
    Show();
    const auto denied = [](const absl::Status& status) { return absl::IsPermissionDenied(status); };
    EXPECT_EQ(!denied(client_->Status().status()), row.views) << row.grant;
    EXPECT_EQ(!denied(client_->Plan().status()), row.views) << row.grant;
    EXPECT_EQ(!denied(client_->Runs().status()), row.views) << row.grant;
    EXPECT_EQ(!denied(client_->Run(1).status()), row.views) << row.grant;
    EXPECT_EQ(!denied(client_->LookNow().status()), row.views) << row.grant;
    EXPECT_EQ(!denied(client_->Decide(kDigest, false, "", {}).status()), row.approves) << row.grant;
    EXPECT_EQ(!denied(client_->Login().status()), row.views) << row.grant;
    EXPECT_EQ(!denied(client_->Pause("", absl::Hours(1), "x").status()), row.operates) << row.grant;
    EXPECT_EQ(!denied(client_->Unpause("p77")), row.operates) << row.grant;
    EXPECT_EQ(!denied(client_->BreakGlass(absl::Hours(1), "x")), row.operates) << row.grant;
  }
}

TEST_F(ControlTest, AnotherAccountIsAnotherCaller) {
  Serve({"nobody=viewer"});
  Show();
  ASSERT_EQ(::chmod(scratch_.Path("").c_str(), 0755), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    // A fresh process image would be cleaner; the connection is made only after the change.
    constexpr uid_t kNobody = 65534;
    if (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0) ::_exit(90);
    ::execl(POOLSHIFT_BIN_DIR "/poolshift",
            "poolshift",
            "pause",
            "--for",
            "1h",
            "--reason",
            "mischief",
            "--socket",
            socket().c_str(),
            nullptr);
    ::_exit(91);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 11);
  EXPECT_THAT(Recorded(), testing::IsEmpty());
}

TEST_F(ControlTest, WatchTellsEachLineOnce) {
  Serve();
  board_.Say("one\n");
  std::vector<std::string> lines;
  std::jthread later([this] {
    clock_.Sleep(absl::Milliseconds(100));
    board_.Say("two\n");
  });
  EXPECT_TRUE(client_
                  ->Watch([&](const std::string& line) {
                    lines.push_back(line);
                    return lines.size() < 2;
                  })
                  .ok());
  EXPECT_THAT(lines, testing::ElementsAre("one\n", "two\n"));
}

TEST_F(ControlTest, ALinkToThePagesIsTheCallers) {
  Serve();
  const absl::StatusOr<std::string> url = client_->Login();
  ASSERT_TRUE(url.ok()) << url.status();
  const std::string begin = "http://127.0.0.1:8080/enter?invitation=";
  ASSERT_THAT(*url, testing::StartsWith(begin));
  const auto session = sessions_.Enter(url->substr(begin.size()), clock_.Now());
  ASSERT_TRUE(session.has_value());
  EXPECT_EQ(session->who, "root");
  EXPECT_EQ(session->may, PageSessions::May::kSpeak);
}

TEST_F(ControlTest, AViewerLogsInToRead) {
  Serve({"root=viewer"});
  const std::string url = client_->Login().value();
  const auto session = sessions_.Enter(url.substr(url.find('=') + 1), clock_.Now());
  ASSERT_TRUE(session.has_value());
  EXPECT_EQ(session->may, PageSessions::May::kRead);
}

TEST_F(ControlTest, OneDaemonASocket) {
  Serve();
  EXPECT_TRUE(absl::IsFailedPrecondition(
      ControlServer::Start(socket(), Roles("root"), desk_, nullptr).status()));
}

TEST_F(ControlTest, WhatIsNoSocketStays) {
  scratch_.Write("control.sock", "precious");
  EXPECT_TRUE(absl::IsFailedPrecondition(
      ControlServer::Start(socket(), Roles("root"), desk_, nullptr).status()));
  EXPECT_EQ(scratch_.Read("control.sock"), "precious");
}

TEST_F(ControlTest, LeftBehindSocketIsReplaced) {
  Serve();
  const std::string kept = socket() + ".kept";
  ASSERT_EQ(::rename(socket().c_str(), kept.c_str()), 0);
  client_.reset();
  server_.reset();
  ASSERT_EQ(::rename(kept.c_str(), socket().c_str()), 0);
  Serve();
  EXPECT_TRUE(client_->Status().ok());
}

}  // namespace
}  // namespace poolshift
