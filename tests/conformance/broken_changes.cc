// Providers that change things other than promised, or tell it otherwise.
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/conformance/broken.h"
#include "tests/conformance/twists.h"

namespace poolshift::conformance {
namespace {

// Each program begins with an empty record.
Twist WithoutMemory(Backstage&, const Start&) {
  return {.configured = [](PluginConfiguration& configuration) {
    std::filesystem::remove_all(configuration.state_directory);
    std::filesystem::create_directories(configuration.state_directory);
  }};
}

// Tells the contrary of what became.
Twist Lying(Backstage& stage, const Start&) {
  return {.lookup = [&stage](Provider&, const std::string&) -> absl::StatusOr<ApplyResult> {
    ApplyResult result;
    if (stage.IsChanged()) result.status = absl::UnknownError("it failed");
    return result;
  }};
}

Twist BlindForSecrets(Backstage&, const Start&) { return {.checks_secrets = false}; }

std::string Plain(const std::string& text) {
  return text.substr(0,
                     text.find_first_of(";$`'\"\n|\x1b") < text.size()
                         ? text.find_first_of(";$`'\"\n|\x1b")
                         : text.size());
}

std::vector<Broken> Changes() {
  return {
      {"another-organization-is-not-served",
       Altered([](ApplyRequest& request) { request.organization = "contoso"; })},
      {"change-during-an-outage-is-not-done", Answered(&SayDone)},
      {"what-cannot-be-seen-is-not-changed", Answered(&SayDone)},
      {"change-is-there-afterwards",
       Apply([](Provider&, const ApplyRequest&, const ProgressSink&) { return ApplyResult{}; })},
      {"result-shows-the-change",
       Answered([](ApplyResult& result) { result.observation = Observation(); })},
      {"change-lasts-over-a-restart",
       [](Backstage& stage, const Start&) {
         return Twist{.configured = [&](PluginConfiguration&) {
           if (stage.Next() > 0) stage.Put("300\n203.0.113.11\n");
         }};
       }},
      {"witness-sees-the-change",
       [](Backstage& stage, const Start&) {
         return Twist{.observed =
                          [&](const auto&, auto& all) {
                            if (stage.flag) all.front().revision = "changed";
                          },
                      .apply =
                          [&](Provider&, const ApplyRequest&, const ProgressSink&) {
                            stage.flag = true;
                            return ApplyResult{};
                          }};
       }},
      {"change-that-is-there-already-changes-nothing",
       [](Backstage& stage, const Start&) {
         return Twist{
             .apply = [&](Provider& honest, const ApplyRequest& request, const ProgressSink& sink) {
               ApplyResult result = honest.Apply(request, sink);
               if (request.key == "again") stage.Put("61\n203.0.113.21\n");
               return result;
             }};
       }},
      {"part-of-a-change-changes-that-part", Altered([](ApplyRequest& request) {
         if (request.action.after.Find("records") == nullptr)
           request.action.after.Set("records", Value::List{"203.0.113.99"});
       })},
      {"way-back-leads-back", Altered([](ApplyRequest& request) {
         if (request.key == "back") request.action.after.Set("ttl", 301);
       })},
      {"looks-during-a-change-see-one-or-the-other",
       [](Backstage&, const Start&) {
         const auto busy = std::make_shared<std::atomic<bool>>(false);
         return Twist{
             .observed =
                 [=](const auto&, auto& all) {
                   if (*busy) all.front() = Seen(Presence::kAbsent);
                 },
             .apply =
                 [=](Provider& honest, const ApplyRequest& request, const ProgressSink& sink) {
                   *busy = true;
                   std::this_thread::sleep_for(std::chrono::milliseconds(200));
                   ApplyResult result = honest.Apply(request, sink);
                   *busy = false;
                   return result;
                 }};
       }},
      {"action-on-what-is-not-served-is-refused", Answered(&SayDone)},
      {"observed-kind-is-not-changed", Answered(&SayDone)},
  };
}

Twister DeafButSorry() {
  return [](Backstage&, const Start&) {
    const auto told = std::make_shared<std::atomic<bool>>(false);
    return Twist{
        .apply =
            [=](Provider& honest, const ApplyRequest& request, const ProgressSink& progress) {
              *told = false;
              ApplyResult result = honest.Apply(request, progress);
              std::this_thread::sleep_for(std::chrono::milliseconds(200));
              if (*told) result.status = absl::CancelledError("given up, nothing was changed");
              return result;
            },
        .cancel = [=](Provider&, const std::string&) { *told = true; }};
  };
}

std::vector<Broken> Interruptions() {
  return {
      {"lost-reply-is-settled-by-lookup", LookedUp(&NeverFound)},
      {"killed-after-it-was-done-it-still-knows", &WithoutMemory},
      {"killed-at-its-first-word-it-settles", &Lying},
      {"killed-at-any-time-it-settles", &Lying},
      {"change-that-ran-out-of-time-settles", &Lying},
      {"cancel-beforehand-means-nothing",
       [](Backstage& stage, const Start&) {
         return Twist{
             .apply =
                 [&](Provider& honest, const ApplyRequest& request, const ProgressSink& progress) {
                   ApplyResult given_up;
                   given_up.status = absl::CancelledError("it was cancelled before");
                   return stage.flag ? given_up : honest.Apply(request, progress);
                 },
             .cancel = [&](Provider&, const std::string&) { stage.flag = true; }};
       }},
      {"cancel-afterwards-means-nothing",
       [](Backstage& stage, const Start&) {
         return Twist{
             .cancel = [&](Provider&, const std::string&) { stage.Put("300\n1.2.3.4\n"); }};
       }},
      {"cancel-of-another-key-means-nothing", DeafButSorry()},
      {"cancelled-change-tells-the-truth", DeafButSorry()},
      {"cancel-at-the-first-word-tells-the-truth", DeafButSorry()},
      {"progress-is-words",
       Apply([](Provider& honest, const ApplyRequest& request, const ProgressSink& progress) {
         if (progress) progress("");
         return honest.Apply(request, progress);
       })},
      {"restart-forgets-no-key", &WithoutMemory},
      {"restart-forgets-no-token",
       [](Backstage& stage, const Start& start) {
         Twist twist = WithoutMemory(stage, start);
         twist.fences = false;
         return twist;
       }},
      {"restart-forgets-no-fence",
       [](Backstage& stage, const Start& start) {
         Twist twist = WithoutMemory(stage, start);
         twist.fences = false;
         return twist;
       }},
      {"two-programs-share-the-record",
       [](Backstage& stage, const Start&) {
         return Twist{.configured = [&](PluginConfiguration& configuration) {
           configuration.state_directory += std::to_string(stage.Next());
           std::filesystem::create_directories(configuration.state_directory);
         }};
       }},
      {"lost-state-harms-nothing",
       [](Backstage& stage, const Start&) {
         return Twist{.configured = [&](PluginConfiguration& configuration) {
           if (configuration.state_directory.ends_with("-anew")) stage.Put("300\n203.0.113.11\n");
         }};
       }},
  };
}

std::vector<Broken> Hostilities() {
  return {
      {"strange-names-are-not-changed", Altered([](ApplyRequest& request) {
         request.action.target.name = Plain(request.action.target.name);
       })},
      {"change-against-the-schema-is-refused", Answered(&SayDone)},
      {"computed-properties-are-not-changed", Altered([](ApplyRequest& request) {
         Value::Map kept;
         for (const char* name : {"ttl", "records"})
           kept.emplace(name, *request.action.after.Find(name));
         request.action.after = std::move(kept);
       })},
      {"strange-text-is-taken-as-it-is-or-refused", Altered([](ApplyRequest& request) {
         const std::string record = request.action.after.Find("records")->list().front().string();
         request.action.after.Set("records", Value::List{Plain(record)});
       })},
      {"unknown-mode-is-no-other-way",
       Answered([](ApplyResult& result) { result.effect_unknown = true; })},
  };
}

std::vector<Broken> SecretsAndRefusals() {
  return {
      {"no-secret-in-any-answer",
       [](Backstage&, const Start&) {
         return Twist{
             .observed = [](const auto&, auto& all) { all.front().reason = kPlantedSecret; }};
       }},
      {"no-secret-in-the-log",
       [](Backstage& stage, const Start&) {
         return Twist{.configured = [&](PluginConfiguration&) { stage.log += kPlantedSecret; }};
       }},
      {"no-secret-in-the-state",
       [](Backstage&, const Start&) {
         return Twist{.configured = [](PluginConfiguration& configuration) {
           std::ofstream(configuration.state_directory + "/notes") << kPlantedSecret;
         }};
       }},
      {"missing-secret-is-named", &BlindForSecrets},
      {"secret-that-others-can-read-is-refused", &BlindForSecrets},
      {"refusal-has-its-name", Answered([](ApplyResult& result) {
         result.status = absl::UnknownError("it did not work");
       })},
      {"refusal-changes-nothing",
       [](Backstage& stage, const Start&) {
         return Twist{
             .apply = [&](Provider& honest, const ApplyRequest& request, const ProgressSink& sink) {
               stage.Put("60\n203.0.113.21\n");
               return honest.Apply(request, sink);
             }};
       }},
      {"refusal-leaves-the-provider-usable",
       [](Backstage& stage, const Start&) {
         return Twist{
             .observed =
                 [&](const auto&, auto& all) {
                   if (stage.flag) all.front() = Seen(Presence::kUnreachable, "hurt");
                 },
             .apply =
                 [&](Provider& honest, const ApplyRequest& request, const ProgressSink& sink) {
                   stage.flag = true;
                   return honest.Apply(request, sink);
                 }};
       }},
      {"weak-account-can-look",
       [](Backstage&, const Start&) {
         const auto weak = std::make_shared<bool>(false);
         return Twist{.configured =
                          [=](PluginConfiguration& configuration) {
                            *weak = configuration.configuration.BooleanOr("weak", false);
                          },
                      .observed =
                          [=](const auto&, auto& all) {
                            if (*weak) all.front() = Seen(Presence::kUnreachable, "not for you");
                          }};
       }},
      {"weak-account-is-refused-by-name",
       [](Backstage&, const Start&) { return Twist{.keeps_weak_account_out = false}; }},
      {"stronger-account-may-try-again", &Stubborn},
  };
}

}  // namespace

std::vector<Broken> BrokenChanges() {
  std::vector<Broken> all;
  for (auto& some : {Changes(), Interruptions(), Hostilities(), SecretsAndRefusals()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

}  // namespace poolshift::conformance
