// The server over a real socket, asked by hand: good questions, bad ones, and floods.
#include <array>
#include <atomic>
#include <charconv>
#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/web/answers.h"
#include "controller/web/http_server.h"
#include "tests/conformance/kit/scratch.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace poolshift {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class HttpTest : public testing::Test {
 protected:
  HttpTest() {
    auto server = HttpServer::Start("127.0.0.1:0", board_, clock_, {&hook_, &sessions_, &desk_});
    EXPECT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    const std::string url = server_->url();
    const std::size_t colon = url.rfind(':');
    std::from_chars(url.data() + colon + 1, url.data() + url.size() - 1, port_);
  }

  int Connect() const {
    const int connection = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    return connection;
  }
  // All that comes back until the server closes.
  static std::string Read(int connection) {
    std::string text;
    std::array<char, 4096> room{};
    ssize_t got = 0;
    while ((got = ::recv(connection, room.data(), room.size(), 0)) > 0)
      text.append(room.data(), static_cast<std::size_t>(got));
    ::close(connection);
    return text;
  }
  std::string Ask(const std::string& request) const {
    const int connection = Connect();
    EXPECT_EQ(::send(connection, request.data(), request.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(request.size()));
    return Read(connection);
  }
  std::string Get(const std::string& path, const std::string& host = "localhost") const {
    return Ask("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
  }

  // POST /hooks/push.
  std::string Push(const std::string& header, const std::string& body) const {
    return Ask("POST /hooks/push HTTP/1.1\r\nHost: hooks.contoso.com\r\nConnection: close\r\n" +
               (header.empty() ? "" : header + "\r\n") +
               "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }

  RealClock clock_;
  Board board_;
  std::atomic<int> woken_ = 0;
  conformance::Scratch scratch_;
  Desk desk_{scratch_.Path("state"), board_, clock_};
  PageSessions sessions_;
  PushHook hook_{"a key that nobody knows", [this] { ++woken_; }};
  std::unique_ptr<HttpServer> server_;
  std::uint16_t port_ = 0;
};

TEST_F(HttpTest, EveryPageIsThere) {
  for (const char* path : {"/", "/plan", "/drift", "/readiness", "/runs"}) {
    EXPECT_THAT(Get(path),
                AllOf(StartsWith("HTTP/1.1 200"),
                      HasSubstr("Content-Security-Policy: default-src 'none'"),
                      HasSubstr("</html>")))
        << path;
  }
  EXPECT_THAT(Get("/metrics"), HasSubstr("poolshift_rounds 0"));
  EXPECT_THAT(Get("/healthz"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(Get("/nowhere"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(Get("/../../etc/passwd"), StartsWith("HTTP/1.1 404"));
}

TEST_F(HttpTest, ReadyOnceSomethingWasSeen) {
  EXPECT_THAT(Get("/readyz"), StartsWith("HTTP/1.1 503"));
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->organization = std::make_shared<Organization>();
  board_.Put(snapshot);
  EXPECT_THAT(Get("/readyz"), StartsWith("HTTP/1.1 200"));
}

TEST_F(HttpTest, NothingCanBeChanged) {
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
    EXPECT_THAT(Ask(std::string(method) + " / HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                                          "0\r\nConnection: close\r\n\r\n"),
                StartsWith("HTTP/1.1 405"))
        << method;
  }
}

// The signatures were made with `openssl dgst -sha256 -hmac 'a key that nobody knows'`.
TEST_F(HttpTest, ASignedPushWakesTheLoop) {
  const std::string body = R"({"ref":"refs/heads/main"})";
  const std::string signature = "af4baa7a0793363e8876d5f879220f7d7604ffea70d37756383bcd115d333f43";
  EXPECT_THAT(Push("X-Hub-Signature-256: sha256=" + signature, body), StartsWith("HTTP/1.1 202"));
  EXPECT_THAT(Push("X-Gitea-Signature: " + signature, body), StartsWith("HTTP/1.1 202"));
  EXPECT_THAT(Push("X-Gitlab-Token: a key that nobody knows", body), StartsWith("HTTP/1.1 202"));
  EXPECT_EQ(woken_, 3);
}

TEST_F(HttpTest, AnUnsignedPushDoesNothing) {
  const std::string signature = "af4baa7a0793363e8876d5f879220f7d7604ffea70d37756383bcd115d333f43";
  for (const std::string& header : {std::string(),
                                    std::string("X-Hub-Signature-256: sha256="),
                                    "X-Hub-Signature-256: " + signature,
                                    "X-Hub-Signature-256: sha256=" + signature,
                                    "X-Gitea-Signature: " + signature,
                                    std::string("X-Gitlab-Token: "),
                                    std::string("X-Gitlab-Token: another key"),
                                    std::string("X-Gitlab-Token: a key that nobody knowsX")})
    EXPECT_THAT(Push(header, "another body"), StartsWith("HTTP/1.1 403")) << header;
  EXPECT_EQ(woken_, 0);
}

TEST_F(HttpTest, APushHasABound) {
  const std::string token = "X-Gitlab-Token: a key that nobody knows";
  EXPECT_THAT(Push(token, std::string(PushHook::kLargestBody, 'x')), StartsWith("HTTP/1.1 202"));
  EXPECT_THAT(Push(token, std::string(PushHook::kLargestBody + 1, 'x')),
              StartsWith("HTTP/1.1 413"));
  EXPECT_EQ(woken_, 1);
}

TEST(PushHookTest, ThirtyAMinute) {
  int woken = 0;
  PushHook hook("key", [&] { ++woken; });
  const absl::Time now = absl::FromUnixSeconds(1795230000);
  const PushHook::Proof proof{.hub_signature = {}, .gitea_signature = {}, .gitlab_token = "key"};
  for (std::size_t i = 0; i < PushHook::kMostAMinute; ++i)
    EXPECT_EQ(hook.Take(proof, "", now), PushHook::Verdict::kTaken);
  EXPECT_EQ(hook.Take(proof, "", now + absl::Seconds(59)), PushHook::Verdict::kTooMany);
  EXPECT_EQ(hook.Take(proof, "", now + absl::Seconds(60)), PushHook::Verdict::kTaken);
  EXPECT_EQ(woken, static_cast<int>(PushHook::kMostAMinute) + 1);
}

TEST(PushHookTest, WithoutAKeyNobodyIsBelieved) {
  PushHook hook("", [] {});
  const PushHook::Proof proof{
      "sha256=b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad", "", ""};
  EXPECT_EQ(hook.Take(proof, "", absl::UnixEpoch()), PushHook::Verdict::kForbidden);
}

TEST_F(HttpTest, BigBodiesAreNotRead) {
  EXPECT_THAT(Ask("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1073741824\r\n\r\n"),
              StartsWith("HTTP/1.1 405"));
}

TEST(SessionCookieTest, EachDaemonOfAMachineHasItsOwn) {
  EXPECT_EQ(SessionCookie({}, "localhost:8080"), "poolshift-8080");
  EXPECT_EQ(SessionCookie({}, "[::1]:9090"), "poolshift-9090");
  for (const char* host : {"localhost", "[::1]", "", "localhost:", "localhost:80;x"})
    EXPECT_EQ(SessionCookie({}, host), "poolshift") << host;
}

// A whole log-in over the wire; what each step does is in login_test.cc.
TEST_F(HttpTest, WhoLogsInSpeaks) {
  const std::string welcome = Get(
      "/enter?invitation=" + sessions_.Invite("alice", PageSessions::May::kSpeak, clock_.Now()));
  EXPECT_THAT(welcome,
              AllOf(StartsWith("HTTP/1.1 200"),
                    HasSubstr("You are in as alice."),
                    HasSubstr("HttpOnly; SameSite=Strict")));
  const std::size_t at = welcome.find("poolshift=") + 10;
  const std::string id = welcome.substr(at, welcome.find(';', at) - at);
  const std::string page =
      Ask("GET /approve HTTP/1.1\r\nHost: localhost\r\nCookie: poolshift=" + id +
          "\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(page, AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("You are alice")));
  const std::string form = "form=" + sessions_.Find(id, clock_.Now())->form;
  const auto leave = [&](const std::string& body) {
    return Ask(
        "POST /leave HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: poolshift=" + id +
        "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\n\r\n" + body);
  };
  EXPECT_THAT(leave("form=another"), StartsWith("HTTP/1.1 403"));
  EXPECT_THAT(leave(form), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(leave(form), StartsWith("HTTP/1.1 403")) << "it was left";
}

TEST_F(HttpTest, AFormOfAnotherKindIsNoForm) {
  const std::string body =
      "--x\r\nContent-Disposition: form-data\r\n\r\nnameless\r\n--x\r\n"
      "Content-Disposition: form-data; name=\"form\"\r\n\r\nvalue\r\n--x--\r\n";
  for (const char* type : {"multipart/form-data; boundary=x", "text/plain", ""}) {
    EXPECT_THAT(
        Ask("POST /decide HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: " +
            std::string(type) + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
            body),
        StartsWith("HTTP/1.1 403"))
        << type;
  }
  EXPECT_THAT(Get("/healthz"), StartsWith("HTTP/1.1 200"));
}

TEST_F(HttpTest, EndlessHeadersAreCut) {
  const int connection = Connect();
  const std::string begin = "GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ";
  ::send(connection, begin.data(), begin.size(), MSG_NOSIGNAL);
  const std::string piece(65536, 'x');
  bool open = true;
  for (int i = 0; i < 4096 && open; ++i)
    open = ::send(connection, piece.data(), piece.size(), MSG_NOSIGNAL) > 0;
  EXPECT_FALSE(open) << "256 megabytes of one header were taken";
  ::close(connection);
  EXPECT_THAT(Get("/healthz"), StartsWith("HTTP/1.1 200"));
}

TEST_F(HttpTest, OtherNamesAreRefused) {
  EXPECT_THAT(Get("/", "evil.example"), StartsWith("HTTP/1.1 403"));
  EXPECT_THAT(Get("/", "evil.example:80"), StartsWith("HTTP/1.1 403"));
  EXPECT_THAT(Get("/", "127.evil.example"), StartsWith("HTTP/1.1 403"));
  for (const char* host : {"localhost", "localhost:8080", "127.0.0.1:8080", "[::1]", "[::1]:8080"})
    EXPECT_THAT(Get("/", host), StartsWith("HTTP/1.1 200")) << host;
}

TEST_F(HttpTest, IdleConnectionsHoldNobodyUp) {
  std::array<int, 40> idle{};
  for (int& connection : idle)
    connection = Connect();
  EXPECT_THAT(Get("/healthz"), StartsWith("HTTP/1.1 200"));
  for (const int connection : idle)
    ::close(connection);
}

TEST(ListenTest, OnlyLoopback) {
  Board board;
  RealClock clock;
  for (const char* place : {"",
                            "8080",
                            "0.0.0.0:0",
                            "192.0.2.1:80",
                            "127.0.0.1",
                            "127.0.0.1:x",
                            "127.0.0.1:70000",
                            "[::]:0",
                            "example.com:80"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(HttpServer::Start(place, board, clock, {}).status()))
        << place;
  }
  const auto first = HttpServer::Start("127.0.0.1:0", board, clock, {});
  ASSERT_TRUE(first.ok());
  const std::string url = (*first)->url();
  EXPECT_TRUE(absl::IsUnavailable(
      HttpServer::Start(url.substr(7, url.size() - 8), board, clock, {}).status()));
}

}  // namespace
}  // namespace poolshift
