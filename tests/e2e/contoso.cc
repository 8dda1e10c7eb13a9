#include "tests/e2e/contoso.h"

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "gtest/gtest.h"

#include "fmt/format.h"

namespace poolshift::e2e {
namespace {

namespace fs = std::filesystem;
using dns::GrantRequest;
using dns::testing::ServerSpec;

constexpr char kKey[] = "poolshift-key";
constexpr char kPersonKey[] = "person-key";

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

GrantRequest Grant(const std::string& key, bool owned) {
  return {.key = key,
          .zone = "contoso.com",
          .sets = {{kXmpp, "A"}, {kSip, "SRV"}, {"_xmpp-server._tcp.contoso.com", "SRV"}},
          .owned = owned};
}

// "name/TYPE: data" or "name/TYPE: [data, data]" of the world's DNS as lines of a zone file.
Lines ZoneOf(const std::string& world) {
  static const std::regex kRecord(R"(^    (\S+)/(A|SRV): \[?([^\]\n]+)\]?$)",
                                  std::regex::ECMAScript | std::regex::multiline);
  Lines zone;
  for (std::sregex_iterator at(world.begin(), world.end(), kRecord), end; at != end; ++at) {
    std::istringstream values((*at)[3]);
    for (std::string value; std::getline(values, value, ',');) {
      const bool srv = (*at)[2] == "SRV";
      zone.push_back((*at)[1].str() + ". 2 " + (*at)[2].str() + " " + value + (srv ? "." : ""));
    }
  }
  return zone;
}

std::string ZoneProvider(int port, const std::string& key_file) {
  return fmt::format(R"(---
apiVersion: poolshift/v1
kind: Provider
metadata: {{name: zone}}
spec:
  type: dns
  serves:
    - {{kinds: [DnsRecordSet], zones: [contoso.com]}}
  config:
    zones:
      - zone: contoso.com
        servers: [{{address: 127.0.0.1, port: {}}}]
        adopt: declared
    tsig: {{name: {}, algorithm: hmac-sha256}}
    timeouts: {{query: 10s, update: 10s}}
  secrets: {{tsig: "file:{}"}}
)",
                     port,
                     kKey,
                     key_file);
}

// With a TTL that a test can wait for.
std::string Manifest(const fs::path& scenario) {
  return std::regex_replace(ReadFile(scenario / "contoso.yaml"), std::regex("ttl: \\d+"), "ttl: 2");
}

void ExpectNoCanary(const fs::path& file) {
  const std::string content = ReadFile(file);
  for (const char* canary : {kCanary, "canary-secret-", "Y2FuYXJ5LXNlY3JldC"})
    EXPECT_EQ(content.find(canary), std::string::npos) << file << " holds the TSIG secret";
}

}  // namespace

std::string With(std::string text, const std::string& from, const std::string& to) {
  std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << "nothing to replace: " << from;
  for (; at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

bool EndsInNoDrift(const std::string& text) {
  static const std::string kEnd = "\nNo drift.\n";
  return text.size() >= kEnd.size() &&
         text.compare(text.size() - kEnd.size(), kEnd.size(), kEnd) == 0;
}

Contoso::Contoso(Setting setting) : world_state_(state() + "/providers/contoso.world") {
  const fs::path source = fs::path(POOLSHIFT_SOURCE_DIR) / "manifests" / setting.scenario;
  std::string world = ReadFile(source / "world.sim");
  server_ = std::make_unique<NameServer>(ServerSpec{
      .product = setting.product,
      .zone = "contoso.com",
      .records = ZoneOf(world),
      .keys = {{kKey, "hmac-sha256", kCanary}, {kPersonKey, "hmac-sha256", kPersonSecret}},
      .grants = {Grant(kKey, true), Grant(kPersonKey, false)}});
  world.erase(world.find("\ndns:\n") + 1);
  if (setting.world) world = setting.world(world);

  std::string manifest =
      Manifest(source) + ZoneProvider(server_->port(), folder_.Write("tsig.key", kCanary));
  if (setting.manifest) manifest = setting.manifest(manifest);
  if (!setting.platform.empty()) {
    world_state_ = folder_.path() + "/platform";
    manifest = With(
        manifest, "world: world.sim", "world: world.sim, state: ../platform, " + setting.platform);
  }
  for (const std::string place : {"contoso", "elsewhere"}) {
    fs::create_directory(folder_.path() + '/' + place);
    folder_.Write(place + "/world.sim", world, 0644);
    folder_.Write(place + "/contoso.yaml", manifest, 0644);
  }
}

Finished Contoso::RunElsewhere(Lines words) {
  words.insert(words.begin(), "poolshift");
  const std::string place = folder_.path() + "/elsewhere";
  words.insert(words.end(), {"--state-dir", place + "-state", place});
  Child child(folder_.path(), words);
  const int status = child.Wait();
  return {status, child.out(), child.err()};
}

void Contoso::AskThrough(int port) {
  const std::string manifest = ReadFile(manifests() + "/contoso.yaml");
  folder_.Write(
      "contoso/contoso.yaml",
      With(manifest, "port: " + std::to_string(server_->port()), "port: " + std::to_string(port)),
      0644);
}

Contoso::~Contoso() {
  fs::remove(folder_.path() + "/tsig.key");
  for (const auto& entry : fs::recursive_directory_iterator(folder_.path())) {
    if (entry.is_regular_file()) ExpectNoCanary(entry.path());
  }
}

void Contoso::AddNeighbour(const std::string& name, const std::string& scenario, bool same_zone) {
  const fs::path source = fs::path(POOLSHIFT_SOURCE_DIR) / "manifests" / scenario;
  std::string world = ReadFile(source / "world.sim"), manifest = Manifest(source);
  if (same_zone) {
    world.erase(world.find("\ndns:\n") + 1);
    manifest += ZoneProvider(server_->port(), folder_.path() + "/tsig.key");
  }
  fs::create_directory(folder_.path() + "/" + name);
  folder_.Write(
      name + "/world.sim", With(world, "organization: contoso", "organization: " + name), 0644);
  folder_.Write(
      name + "/organization.yaml", With(manifest, "{name: contoso}", "{name: " + name + "}"), 0644);
}

std::unique_ptr<Child> Contoso::Start(Lines words, const std::string& neighbour) {
  words.insert(words.begin(), "poolshift");
  words.insert(
      words.end(),
      {"--state-dir", state(), neighbour.empty() ? manifests() : folder_.path() + "/" + neighbour});
  return std::make_unique<Child>(folder_.path(), words);
}

Finished Contoso::Run(Lines words, const std::string& neighbour) {
  const std::unique_ptr<Child> child = Start(std::move(words), neighbour);
  const int status = child->Wait();
  return {status, child->out(), child->err()};
}

nlohmann::json Contoso::Json(Lines words) {
  words.emplace_back("--json");
  const Finished run = Run(words);
  nlohmann::json json = nlohmann::json::parse(run.out, nullptr, false);
  EXPECT_FALSE(json.is_discarded()) << run.said();
  return json;
}

Finished Contoso::RunProgram(const Lines& words) {
  Child child(folder_.path(), words);
  const int status = child.Wait();
  EXPECT_EQ(status, 0) << child.said();
  return {status, child.out(), child.err()};
}

std::string Contoso::Observe(const std::string& resource) {
  Child child(folder_.path(),
              {"poolshift-provider-sim", "world", "observe", world_state_, resource});
  child.Wait();
  return resource + "\n" + child.said();
}

std::string Contoso::Platform() {
  std::string all;
  for (const std::string resource : {"Topology/contoso",
                                     "SiteRoute/Site1",
                                     "SiteRoute/Site2",
                                     "EdgeAssociation/frontend1.contoso.com",
                                     "EdgeAssociation/frontend2.contoso.com",
                                     "PoolFailover/frontend1.contoso.com"})
    all += Observe(resource);
  for (const std::string server : {"1a", "1b", "2a", "2b"}) {
    all += Observe("EdgeComponents/edgeserver" + server + ".contoso.com");
    all += Observe("EdgeService/edgeserver" + server + ".contoso.com/xmppProxy");
  }
  // When something was written is no part of where it ended.
  return std::regex_replace(all, std::regex("watermark: \\d+\n"), "");
}

void Contoso::EditZone(const Lines& statements) {
  std::string input = fmt::format("server 127.0.0.1 {}\nzone contoso.com\n", server_->port());
  for (const std::string& statement : statements)
    input += "update " + statement + "\n";
  folder_.Write("edit", input + "send\n");
  const std::string said = dns::testing::OutputOf(
      fmt::format("nsupdate -t 60 -y hmac-sha256:{}:{} {}/edit 2>&1; echo $?",
                  kPersonKey,
                  kPersonSecret,
                  folder_.path()));
  EXPECT_EQ(said, "0\n");
}

void Contoso::EditWorld(const std::string& path, const std::string& value) {
  if (!fs::exists(world_state_ + "/world.state.yaml")) {
    fs::create_directories(world_state_);
    RunProgram(
        {"poolshift-provider-sim", "world", "init", manifests() + "/world.sim", world_state_});
  }
  RunProgram({"poolshift-provider-sim", "world", "set", world_state_, path, value});
}

}  // namespace poolshift::e2e
