// poolshift-provider-leaky: resolves its secrets and then puts them into every text that a provider
// can send.
#include <iostream>
#include <memory>

#include "providers/sdk/secret.h"
#include "providers/sdk/service.h"

namespace poolshift {
namespace {

class Leaky final : public sdk::Service {
 public:
  std::vector<std::string> Configure(const sdk::Configuration& configuration) override {
    for (const auto& [name, reference] : configuration.secrets) {
      const auto secret = sdk::ResolveSecret(reference);
      if (!secret.ok()) return {std::string(secret.status().message())};
      leak_ += " <" + std::string(secret->Reveal()) + ">";
    }
    std::cerr << "log" << leak_ << std::endl;
    std::cout << "out" << leak_ << std::endl;
    std::clog << "clog" << leak_ << std::endl;
    if (configuration.configuration.BooleanOr("fail", false)) return {"cannot sign with" + leak_};
    return {};
  }
  sdk::Description Describe() override {
    return {"leaky",
            "1",
            {{"Box",
              true,
              "<name>",
              "a box",
              {{"open", PropertySchema::Type::kBoolean, true, false, ""}}}},
            false,
            {"remark" + leak_}};
  }
  std::vector<Observation> Observe(const std::vector<ObservationKey>& keys, absl::Time) override {
    Observation unseen;
    unseen.reason = "refused" + leak_;
    return std::vector<Observation>(keys.size(), opened_ ? unseen : Closed());
  }
  std::vector<std::string> Preview(const Action&) override { return {"open" + leak_}; }
  sdk::Result Apply(const Action&, std::string_view, std::int64_t, sdk::Call& call) override {
    call.Progress("opening" + leak_);
    opened_ = true;
    sdk::Result result;
    result.message = "no key fits" + leak_;
    return result;
  }

 private:
  static Observation Closed() {
    Observation closed;
    closed.presence = Presence::kPresent;
    closed.properties = Value::Map{{"open", false}};
    return closed;
  }
  std::string leak_;
  bool opened_ = false;
};

}  // namespace
}  // namespace poolshift

int main(int argc, char** argv) {
  return poolshift::sdk::Serve(argc, argv, [] { return std::make_unique<poolshift::Leaky>(); });
}
