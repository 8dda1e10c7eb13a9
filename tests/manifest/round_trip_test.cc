#include <algorithm>
#include <array>
#include <random>

#include "gtest/gtest.h"

#include "controller/manifest/format.h"
#include "controller/manifest/print.h"
#include "tests/manifest/describe.h"
#include "tests/manifest/load.h"

namespace poolshift {
namespace {

// Makes organisations that are free of faults and otherwise as strange as the schema allows.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  Organization Make() {
    Organization organization;
    organization.name = "org" + std::to_string(Below(1000));
    const int sites = 2 + Below(4);
    for (int i = 0; i < sites; ++i)
      AddSite(i, organization);
    const std::string host = PoolName(Below(sites));
    const std::string xmpp = Flip() ? host : PoolName(Below(sites));
    for (auto& [name, site] : organization.sites) {
      site.hosts = {host, xmpp, {}, {}};
    }
    if (Flip()) organization.central_store = "fe0";
    AddDomains(sites, organization);
    AddProviders(organization);
    AddPolicy(organization);
    AddNotifications(organization);
    return organization;
  }

 private:
  int Below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  bool Flip() { return Below(2) == 0; }

  // Anything printable, YAML's own signs first of all.
  std::string AnyText() {
    constexpr std::array<std::string_view, 38> kSigns = {
        "a", "b", "c", "0", "1", "9",  " ", "-", ":",  "#",  "{",  "}", "[",
        "]", ",", "&", "*", "!", "|",  ">", "'", "\"", "%",  "@",  "`", "?",
        "=", "~", "<", ".", "/", "\\", "_", "é", "ß",  "界", ": ", " #"};
    std::string text = "t";
    for (int i = Below(12); i > 0; --i)
      text += kSigns[static_cast<std::size_t>(Below(38))];
    return text + 't';
  }

  static std::string PoolName(int i) { return "edge" + std::to_string(i); }

  void AddSite(int i, Organization& organization) {
    const std::string number = std::to_string(i);
    const std::string site = Flip() ? "Site" + number : AnyText() + number;
    organization.sites[site] = {site, {}, {}};
    AddEdgePool(i, site, organization);
    FrontEndPool pool;
    pool.name = "fe" + number;
    pool.site = site;
    pool.fqdn = "fe" + number + ".contoso.net";
    pool.servers = {"fe" + number + "a.contoso.net", "fe" + number + "b.contoso.net"};
    if (Flip()) pool.conferencing = PoolName(i);
    if (i > 0) pool.backup_pool = "fe0";
    pool.served_by = static_cast<FrontEndPool::ServedBy>(Below(i > 0 ? 3 : 2));
    organization.front_end_pools[pool.name] = pool;
    if (Flip()) {
      organization.directors["dir" + number] = {"dir" + number,
                                                site,
                                                "dir" + number + ".contoso.net",
                                                {"dir" + number + ".contoso.net"},
                                                PoolName(0),
                                                {}};
    }
  }

  void AddEdgePool(int i, const std::string& site, Organization& organization) {
    const std::string number = std::to_string(i);
    EdgePool pool;
    pool.name = PoolName(i);
    pool.site = site;
    pool.products = {static_cast<Product>(Below(2))};  // both have both protocols
    pool.fqdn = pool.name + ".contoso.net";
    pool.access_edge_fqdn = "sip" + number + ".contoso.com";
    if (Flip()) pool.web_conferencing_fqdn = "web" + number + ".contoso.com";
    if (Flip()) pool.av_fqdn = "av" + number + ".contoso.com";
    const int last = Below(3);
    for (int s = 0; s <= last; ++s) {  // ascending, as every organisation is
      const std::string server = number + std::to_string(s);
      pool.servers.push_back({"e" + server + ".contoso.net", {"203.0.1" + number + ".1" + server}});
      if (Flip()) pool.servers.back().addresses.push_back("2001:db8:1" + server + "::1");
    }
    pool.next_hop = "fe" + number + ".contoso.net";
    if (Below(4) == 0) {
      pool.condition = EdgePool::Condition::kOutOfService;
      pool.reason = AnyText();
    }
    organization.edge_pools[pool.name] = pool;
  }

  void AddDomains(int sites, Organization& organization) {
    Domain domain;
    domain.name = Flip() ? "contoso.com" : "com.contoso.com";
    domain.zone = "contoso.com";
    if (Flip() && domain.name == "contoso.com") {
      domain.sip = SipDomain{SipDnsStyle::kSrvTarget, "", absl::Seconds(1 + Below(3600))};
    } else if (Flip()) {
      domain.sip = SipDomain{SipDnsStyle::kGtm, "gtm.example.net", absl::Seconds(1 + Below(3600))};
    }
    const bool still = Flip() && domain.name == "contoso.com";
    domain.xmpp =
        still ? XmppDomain{XmppDnsStyle::kStaticSrv, "", {PoolName(1)}, absl::Hours(1)}
              : XmppDomain{XmppDnsStyle::kFloatingA, "x." + domain.name, {}, absl::Minutes(5)};
    if (Flip()) domain.remote_access_order = {PoolName(sites - 1), PoolName(0)};
    organization.domains[domain.name] = domain;
    Partner partner{
        "fabrikam.com", true, Flip(), static_cast<Partner::Discovery>(Below(3)), "", "", {}};
    if (partner.discovery != Partner::Discovery::kDns) partner.pinned_name = "sip0.contoso.com";
    if (Flip()) partner.accepts_names = {"sip0.contoso.com", "sip9.contoso.com"};
    partner.contact = AnyText();
    organization.partners[partner.domain] = partner;
  }

  Value AnyValue(int depth) {
    const int kind = Below(depth > 3 ? 4 : 6);
    if (kind == 0) return {};
    if (kind == 1) return Flip();
    if (kind == 2) return Below(100000) - 50000;
    if (kind == 3) return Flip() ? AnyText() : std::string(Flip() ? "no" : "012");
    if (kind == 4) return Value::List{AnyValue(depth + 1), AnyValue(depth + 1)};
    return Value::Map{{AnyText(), AnyValue(depth + 1)}, {"b", AnyValue(depth + 1)}};
  }

  void AddProviders(Organization& organization) {
    ProviderDeclaration world;
    world.name = "world";
    world.type = "sim";
    world.configuration = Value::Map{{"a", AnyValue(0)}, {AnyText(), AnyValue(0)}};
    if (Flip()) world.secrets.emplace("tsig", *SecretRef::Parse("file:/etc/a key"));
    organization.providers["world"] = world;
    ProviderDeclaration person;
    person.name = "person";
    person.type = "manual";
    person.observe_with = "world";
    person.serves = {{{"DnsRecordSet"}, {}, {"contoso.com"}, {}},
                     {{}, {organization.sites.begin()->first}, {}, {AnyText()}}};
    if (Flip()) person.max_concurrent = 1 + Below(1000);
    if (Flip()) organization.providers["person"] = person;
  }

  void AddPolicy(Organization& organization) {
    Policy& policy = organization.policy;
    policy.procedure = static_cast<Policy::Procedure>(Below(2));
    policy.allow_divergent_routes = Flip();
    policy.allow_multiple_federated_pools = Flip();
    policy.max_actions = Below(50);
    policy.max_deletions = Below(5);
    if (Flip()) policy.vantages = {AnyText() + "1", AnyText() + "2"};
    policy.vantages_required = 1 + Below(2);
    policy.probes = 1 + Below(9);
    policy.replication_timeout = absl::Seconds(1 + Below(5000));
    policy.on_gate_failure = static_cast<Policy::GateFailure>(Below(2));
    if (Flip())
      policy.windows.push_back(
          {{absl::Weekday::tuesday, absl::Weekday::sunday}, Below(700), 701 + Below(700), {}});
    if (Flip()) policy.windows.push_back({{}, 0, 1440, {}});
    AddSigners(policy.commits);
  }

  // As AnyText(), but for braces, which begin a field of a template.
  std::string AnyWords() {
    std::string text = AnyText();
    std::replace(text.begin(), text.end(), '{', '(');
    return text;
  }

  void AddNotifications(Organization& organization) {
    for (int i = Below(4); i > 0; --i) {
      Notification each;
      each.name = "tell" + std::to_string(i);
      each.way = static_cast<Notification::Way>(Below(4));
      if (Flip()) each.subject = AnyWords();
      if (Flip()) each.text = AnyWords() + "\n" + AnyWords();
      if (Flip()) each.events = {"failed", "drift-found"};
      switch (each.way) {
        case Notification::Way::kWebhook:
          each.url = "https://hooks.contoso.com/" + std::to_string(i);
          if (Flip()) each.secret = *SecretRef::Parse("file:/etc/a key");
          break;
        case Notification::Way::kMail:
          each.url = "smtps://mail.contoso.com";
          each.from = "poolshift@contoso.com";
          each.to = {"noc@contoso.com", "desk@contoso.com"};
          if (Flip()) {
            each.user = AnyText();
            each.secret = *SecretRef::Parse("env:PASSWORD");
          }
          break;
        case Notification::Way::kCommand:
          each.command = {"tell", AnyText()};
          break;
        case Notification::Way::kCommitStatus:
          each.events.clear();
          each.forge = static_cast<Notification::Forge>(Below(3));
          each.url = "https://git.contoso.com/api";
          each.context = AnyText();
          each.secret = *SecretRef::Parse("file:/etc/token");
          break;
      }
      organization.notifications[each.name] = each;
    }
  }

  void AddSigners(CommitTrust& commits) {
    for (int i = Below(3); i > 0; --i) {
      const std::string number = std::to_string(i);
      CommitSigner signer;
      signer.name = AnyText() + number;
      if (Flip()) {
        signer.ssh = "ssh-ed25519 AAAA" + number;
      } else {
        signer.openpgp = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n" + number +
                         "\n-----END PGP PUBLIC KEY BLOCK-----\n";
      }
      if (Flip()) signer.paths = {"sites/**", "*.yaml"};
      if (Flip()) signer.until = "2027-12-31";
      signer.revoked = Flip();
      commits.signers.push_back(signer);
    }
    commits.required = commits.signers.empty() || Flip();
    if (commits.signers.size() == 2 && !commits.signers[0].revoked && !commits.signers[1].revoked)
      commits.policy_signers = 2;
  }

  std::mt19937 random_;
};

TEST(RoundTrip, PrintedOrganizationsLoadAgain) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    SCOPED_TRACE(seed);
    const Organization organization = Generator(seed).Make();
    const std::string text = PrintManifest(organization);
    const auto loaded = LoadText(text);
    ASSERT_FALSE(loaded.diagnostics.has_errors()) << Print(loaded.diagnostics) << text;
    ASSERT_EQ(CanonicalText(Describe(loaded.organization)), CanonicalText(Describe(organization)))
        << text;
  }
}

TEST(RoundTrip, PrintedTextIsFormatted) {
  for (unsigned seed = 0; seed < 100; ++seed) {
    const std::string text = PrintManifest(Generator(seed).Make());
    const FormatResult result = FormatManifest(text);
    ASSERT_EQ(result.refusal, "");
    ASSERT_EQ(result.text, text);
  }
}

}  // namespace
}  // namespace poolshift
