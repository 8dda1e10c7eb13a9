// The server over a real socket, asked by hand: good questions, bad ones, and floods.
#include <array>
#include <charconv>
#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/web/http_server.h"
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
    auto server = HttpServer::Start("127.0.0.1:0", board_, clock_);
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

  RealClock clock_;
  Board board_;
  std::unique_ptr<HttpServer> server_;
  std::uint16_t port_ = 0;
};

TEST_F(HttpTest, EveryPageIsThere) {
  for (const char* path : {"/", "/plan", "/drift", "/runs"}) {
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

TEST_F(HttpTest, BigBodiesAreNotRead) {
  EXPECT_THAT(Ask("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1073741824\r\n\r\n"),
              StartsWith("HTTP/1.1 405"));
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
    EXPECT_TRUE(absl::IsInvalidArgument(HttpServer::Start(place, board, clock).status())) << place;
  }
  const auto first = HttpServer::Start("127.0.0.1:0", board, clock);
  ASSERT_TRUE(first.ok());
  const std::string url = (*first)->url();
  EXPECT_TRUE(
      absl::IsUnavailable(HttpServer::Start(url.substr(7, url.size() - 8), board, clock).status()));
}

}  // namespace
}  // namespace poolshift
