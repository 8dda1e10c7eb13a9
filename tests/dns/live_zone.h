// LiveZone: zone contoso.test on a real name server, and the provider configured for it, for tests
// of both products.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "controller/federation/kinds.h"
#include "providers/dns/update/dns_service.h"
#include "tests/dns/name_server.h"

namespace poolshift::dns::testing {

inline constexpr char kKeyName[] = "poolshift-key";
// base64 of 32 bytes that occur nowhere else: a canary that no output may hold.
inline constexpr char kCanary[] = "Y2FuYXJ5LXRzaWctc2VjcmV0LWRuczAwMTExMjIyMzM=";
inline constexpr char kOtherSecret[] = "b3RoZXItdHNpZy1zZWNyZXQtMDEyMzQ1Njc4OWFiY2Q=";

class QuietCall : public sdk::Call {
 public:
  void Progress(std::string_view line) override { lines.emplace_back(line); }
  bool cancelled() const override { return give_up; }
  absl::Time deadline() const override { return until; }
  std::vector<std::string> lines;
  bool give_up = false;
  absl::Time until = absl::Now() + absl::Seconds(30);
};

// Every record set that the tests change.
GrantRequest FullGrant(const std::string& key = kKeyName);

ServerSpec ZoneSpec(Product product, std::vector<std::string> records = {});

// The configuration of a provider for one zone on `ports` of 127.0.0.1, first = primary.
Value ZoneConfiguration(const std::vector<int>& ports, const std::string& address = "127.0.0.1");

struct ServiceOptions {
  std::string organization = "contoso";
  std::string key = kKeyName;
  std::string algorithm = "hmac-sha256";
  std::string secret = kCanary;
  std::function<void(Value&)> adjust = {};  // the configuration
};

// A configured provider; fails the test when it has faults.
std::unique_ptr<DnsService> MakeService(Value configuration, const ServiceOptions& options = {});

Value Set(std::vector<std::string> records, int ttl = 300);
Action Change(const std::string& set, Value before, Value after);

// Applies with a key made of the action, as the controller does.
sdk::Result Apply(DnsService& service, const Action& action, std::int64_t token = 1);
Observation Look(DnsService& service, const std::string& set);

// Adds or replaces a member of the first zone.
std::function<void(Value&)> WithZoneMember(const std::string& key, Value value);

std::vector<std::string> TextsOf(const Observation& observation);

class LiveZone : public ::testing::TestWithParam<Product> {
 protected:
  // Call first.
  void Serve(std::vector<std::string> records = {}) {
    server_ = std::make_unique<NameServer>(ZoneSpec(GetParam(), std::move(records)));
  }
  std::unique_ptr<DnsService> Service(const ServiceOptions& options = {}) const {
    return MakeService(ZoneConfiguration({server_->port()}), options);
  }
  std::vector<std::string> Marks() const {
    return server_->Short("_poolshift.contoso.test", "TXT");
  }

  std::unique_ptr<NameServer> server_;
};

std::string ProductName(const ::testing::TestParamInfo<Product>& parameter);

}  // namespace poolshift::dns::testing
