#include "tests/conformance/twisted.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "providers/sdk/secret.h"

namespace poolshift::conformance {
namespace {

constexpr const char* kWhole = "300\n203.0.113.11\n";

class Twisted final : public Provider {
 public:
  Twisted(Backstage& backstage,
          Nature nature,
          bool is_weak,
          Twist twist,
          std::unique_ptr<Provider> inner)
      : backstage_(backstage),
        nature_(nature),
        is_weak_(is_weak),
        twist_(std::move(twist)),
        inner_(std::move(inner)),
        honest_(*this) {}

  absl::StatusOr<ProviderDescription> Describe() override {
    auto description = inner_->Describe();
    if (!description.ok()) return description;
    description->fenced = twist_.fences;
    if (nature_ == Nature::kObserves) description->kinds.front().writable = false;
    if (twist_.described) twist_.described(*description);
    return description;
  }

  Twist::Seen Observe(const std::vector<ObservationKey>& keys, absl::Duration deadline) override {
    auto seen =
        twist_.observe ? twist_.observe(*inner_, keys, deadline) : inner_->Observe(keys, deadline);
    if (seen.ok() && twist_.observed) twist_.observed(keys, *seen);
    return seen;
  }

  Twist::Commands Preview(const std::vector<Action>& actions, absl::Duration) override {
    return twist_.preview ? twist_.preview(honest_, actions)
                          : honest_.Preview(actions, absl::Seconds(20));
  }

  ApplyResult Apply(const ApplyRequest& request, const ProgressSink& progress) override {
    return twist_.apply ? twist_.apply(honest_, request, progress)
                        : honest_.Apply(request, progress);
  }

  absl::StatusOr<FenceAnswer> Fence(const FenceClaim& claim, absl::Duration deadline) override {
    return twist_.fence ? twist_.fence(honest_, claim) : honest_.Fence(claim, deadline);
  }

  absl::StatusOr<ApplyResult> Lookup(const std::string& key, absl::Duration deadline) override {
    return twist_.lookup ? twist_.lookup(*inner_, key) : inner_->Lookup(key, deadline);
  }

  void Cancel(const std::string& key) override {
    if (twist_.cancel) return twist_.cancel(*inner_, key);
    inner_->Cancel(key);
  }

  absl::StatusOr<std::vector<Listed>> List(absl::Duration deadline) override {
    return twist_.list ? twist_.list() : inner_->List(deadline);
  }

  absl::StatusOr<std::vector<ExportedFile>> Export(absl::Duration deadline) override {
    return twist_.exporting ? twist_.exporting() : inner_->Export(deadline);
  }

 private:
  // What the example does, with the fence, the account and the nature around it.
  class Honest final : public Provider {
   public:
    explicit Honest(Twisted& whole) : whole_(whole) {}
    absl::StatusOr<ProviderDescription> Describe() override { return whole_.inner_->Describe(); }
    Twist::Seen Observe(const std::vector<ObservationKey>& keys, absl::Duration deadline) override {
      return whole_.inner_->Observe(keys, deadline);
    }
    Twist::Commands Preview(const std::vector<Action>& actions, absl::Duration deadline) override {
      if (whole_.nature_ == Nature::kObserves)
        return absl::InvalidArgumentError("the kind is only observed");
      return whole_.inner_->Preview(actions, deadline);
    }
    ApplyResult Apply(const ApplyRequest& request, const ProgressSink& progress) override;
    absl::StatusOr<FenceAnswer> Fence(const FenceClaim& claim, absl::Duration deadline) override;
    absl::StatusOr<ApplyResult> Lookup(const std::string& key, absl::Duration deadline) override {
      return whole_.inner_->Lookup(key, deadline);
    }
    void Cancel(const std::string& key) override { whole_.inner_->Cancel(key); }

   private:
    Twisted& whole_;
  };

  Backstage& backstage_;
  const Nature nature_;
  const bool is_weak_;
  const Twist twist_;
  const std::unique_ptr<Provider> inner_;
  Honest honest_;
};

ApplyResult Twisted::Honest::Apply(const ApplyRequest& request, const ProgressSink& progress) {
  ApplyResult refused;
  if (whole_.nature_ == Nature::kObserves)
    refused.status = absl::InvalidArgumentError("the kind is only observed");
  if (whole_.nature_ == Nature::kRefuses)
    refused.status = absl::UnimplementedError("the target takes no changes");
  if (whole_.is_weak_ && whole_.twist_.keeps_weak_account_out)
    refused.status = absl::PermissionDeniedError("the account may only look");
  {
    const std::lock_guard lock(whole_.backstage_.mutex);
    if (whole_.twist_.fences && request.token < whole_.backstage_.fence.token)
      refused.status = absl::AbortedError("fenced at the target");
  }
  if (!refused.status.ok()) return refused;
  ApplyResult result = whole_.inner_->Apply(request, progress);
  const std::lock_guard lock(whole_.backstage_.mutex);
  if (result.status.ok()) whole_.backstage_.fence.Pass(request.token);
  return result;
}

absl::StatusOr<FenceAnswer> Twisted::Honest::Fence(const FenceClaim& claim,
                                                   absl::Duration deadline) {
  const auto answer = whole_.inner_->Fence(claim, deadline);
  if (!answer.ok() || !whole_.twist_.fences) return answer;
  const std::lock_guard lock(whole_.backstage_.mutex);
  const FenceAnswer target = whole_.backstage_.fence.Raise(claim);
  return FenceAnswer{std::max(target.greatest, answer->greatest), answer->stood || target.stood};
}

// The providers' own way to read them.
absl::Status CheckSecrets(const PluginConfiguration& configuration) {
  for (const auto& [name, reference] : configuration.secrets) {
    const auto secret = sdk::ResolveSecret(reference);
    if (!secret.ok())
      return absl::InvalidArgumentError("faults:\n  " + std::string(secret.status().message()));
  }
  return absl::OkStatus();
}

struct TheWorld {
  RealClock clock;
  RealFiles files;
  RealProcesses processes;
};

absl::StatusOr<std::unique_ptr<Provider>> StartTwisted(Backstage& backstage,
                                                       Nature nature,
                                                       const Twister& twister,
                                                       const Start& start) {
  static TheWorld world;
  Twist twist = twister(backstage, start);
  PluginOptions options;
  options.name = "zone";
  options.type = "example";
  options.plugin_directory = POOLSHIFT_TEST_DIR;
  options.read_only = start.read_only && !twist.read_only_writes;
  options.log = [&backstage](std::string_view, std::string_view line) {
    const std::lock_guard lock(backstage.mutex);
    backstage.log += std::string(line) + '\n';
  };
  PluginConfiguration configuration;
  configuration.organization = "contoso";
  configuration.configuration = Value::Map{{"folder", "zone"}};
  configuration.base_directory = backstage.scratch.path();
  configuration.state_directory = backstage.scratch.Path("state");
  configuration.secrets.emplace("key",
                                *SecretRef::Parse("file:" + backstage.scratch.Path("secret")));
  start.adjust(configuration);
  if (twist.configured) twist.configured(configuration);
  if (twist.checks_secrets) {
    if (const absl::Status secrets = CheckSecrets(configuration); !secrets.ok()) return secrets;
  }
  const bool is_weak = configuration.configuration.BooleanOr("weak", false);
  auto started =
      StartPlugin({&world.clock, &world.files, &world.processes}, options, configuration);
  if (!started.ok()) return started;
  return std::unique_ptr<Provider>(
      std::make_unique<Twisted>(backstage, nature, is_weak, std::move(twist), *std::move(started)));
}

}  // namespace

void Backstage::Reset() {
  scratch.Empty();
  Put(kWhole);
  std::filesystem::create_directories(scratch.Path("zone/unreadable.contoso.com,A"));
  std::filesystem::create_directories(scratch.Path("state"));
  scratch.Write("secret", kPlantedSecret);
  std::filesystem::permissions(scratch.Path("secret"), std::filesystem::perms::owner_read);
  const std::lock_guard lock(mutex);
  fence = {};
  number = 0;
  flag = false;
  log.clear();
  memory.clear();
}

Observation Seen(Presence presence, std::string reason) {
  Observation seen;
  seen.presence = presence;
  seen.reason = std::move(reason);
  return seen;
}

int Backstage::Next() {
  const std::lock_guard lock(mutex);
  return number++;
}

Fixture TwistedFixture(Backstage& backstage, Nature nature, const Twister& twister) {
  Fixture fixture;
  fixture.organization = "contoso";
  fixture.reset = [&backstage] { backstage.Reset(); };
  fixture.start = [&backstage, nature, twister](const Start& start) {
    return StartTwisted(backstage, nature, twister, start);
  };
  const ResourceId target = {"DnsRecordSet", "xmpp.contoso.com/A"};
  fixture.absent = ObservationKey{{"DnsRecordSet", "xmpp.contoso.com/AAAA"}, ""};
  fixture.keys = {{target, ""}, *fixture.absent};
  fixture.unreachable = ObservationKey{{"DnsRecordSet", "unreadable.contoso.com/A"}, ""};
  fixture.witness = [&backstage] { return backstage.Content(); };
  fixture.secrets = {kPlantedSecret};
  fixture.log = [&backstage] {
    const std::lock_guard lock(backstage.mutex);
    return backstage.log;
  };
  if (nature == Nature::kObserves) return fixture;
  fixture.target = target;
  fixture.after = Value::Map{{"ttl", 60}, {"records", Value::List{"203.0.113.21"}}};
  if (nature == Nature::kRefuses) fixture.refuses = absl::StatusCode::kUnimplemented;
  fixture.fenced = true;
  fixture.weak_account = [](PluginConfiguration& configuration) {
    configuration.configuration.Set("weak", true);
  };
  fixture.by_hand = [&backstage] { backstage.Put("300\n203.0.113.66\n"); };
  const auto move = [&backstage](const std::string& from, const std::string& to) {
    std::filesystem::rename(backstage.scratch.Path(from), backstage.scratch.Path(to));
  };
  fixture.outage = {[move] { move("zone", "away"); }, [move] { move("away", "zone"); }};
  return fixture;
}

}  // namespace poolshift::conformance
