#include "tests/dns/live_zone.h"

#include "controller/model/digest.h"

namespace poolshift::dns::testing {

GrantRequest FullGrant(const std::string& key) {
  return {.key = key,
          .zone = "contoso.test",
          .sets = {{"xmpp.contoso.test", "A"},
                   {"xmpp.contoso.test", "AAAA"},
                   {"edge.contoso.test", "A"},
                   {"alias.contoso.test", "A"},
                   {"text.contoso.test", "TXT"},
                   {"_xmpp-server._tcp.contoso.test", "SRV"}},
          .owned = true};
}

ServerSpec ZoneSpec(Product product, std::vector<std::string> records) {
  return {.product = product,
          .zone = "contoso.test",
          .records = std::move(records),
          .serial = 1,
          .keys = {{kKeyName, "hmac-sha256", kCanary}},
          .grants = {FullGrant()}};
}

Value ZoneConfiguration(const std::vector<int>& ports, const std::string& address) {
  Value::List servers;
  for (const int port : ports) {
    Value server;
    server.Set("address", address);
    server.Set("port", port);
    servers.push_back(std::move(server));
  }
  Value zone;
  zone.Set("zone", "contoso.test");
  zone.Set("servers", std::move(servers));
  Value configuration;
  configuration.Set("zones", Value::List{zone});
  configuration.Set("timeouts", Value::Map{{"query", "8s"}, {"update", "8s"}});
  return configuration;
}

std::unique_ptr<DnsService> MakeService(Value configuration, const ServiceOptions& options) {
  static const Folder folder;
  configuration.Set("tsig", Value::Map{{"name", options.key}, {"algorithm", options.algorithm}});
  if (options.adjust) options.adjust(configuration);
  const std::string path = folder.Write(Digest(options.secret), options.secret + "\n");
  sdk::Configuration all;
  all.organization = options.organization;
  all.provider_name = "public-dns";
  all.configuration = std::move(configuration);
  all.secrets.emplace("tsig", *SecretRef::Parse("file:" + path));
  auto service = std::make_unique<DnsService>();
  EXPECT_EQ(service->Configure(all), std::vector<std::string>());
  return service;
}

Value Set(std::vector<std::string> records, int ttl) {
  Value::List list;
  for (std::string& record : records)
    list.emplace_back(std::move(record));
  return Value::Map{{"records", std::move(list)}, {"ttl", ttl}};
}

Action Change(const std::string& set, Value before, Value after) {
  Action action;
  action.verb = before.is_null() ? Verb::kCreate : after.is_null() ? Verb::kDelete : Verb::kUpdate;
  action.target = {std::string(kinds::kDnsRecordSet), set};
  action.before = std::move(before);
  action.after = std::move(after);
  return action;
}

sdk::Result Apply(DnsService& service, const Action& action, std::int64_t token) {
  QuietCall call;
  const std::string key =
      Digest(ToString(action.target) + CanonicalText(action.before) + CanonicalText(action.after));
  return service.Apply(action, key, token, call);
}

Observation Look(DnsService& service, const std::string& set) {
  const ObservationKey key{{std::string(kinds::kDnsRecordSet), set}, ""};
  return service.Observe({key}, absl::Now() + absl::Seconds(10)).at(0);
}

std::function<void(Value&)> WithZoneMember(const std::string& key, Value value) {
  return [=](Value& configuration) {
    Value zone = configuration.Find("zones")->list().at(0);
    zone.Set(key, value);
    configuration.Set("zones", Value::List{zone});
  };
}

std::vector<std::string> TextsOf(const Observation& observation) {
  std::vector<std::string> texts;
  const Value* records = observation.properties.Find("records");
  if (records == nullptr) return texts;
  for (const Value& record : records->list())
    texts.push_back(record.string());
  return texts;
}

std::string ProductName(const ::testing::TestParamInfo<Product>& parameter) {
  return parameter.param == Product::kBind   ? "Bind"
         : parameter.param == Product::kKnot ? "Knot"
                                             : "Nsd";
}

}  // namespace poolshift::dns::testing
