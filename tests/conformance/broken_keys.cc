// Providers that take keys, revisions and tokens for something else than they are.
#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>

#include "tests/conformance/broken.h"
#include "tests/conformance/twists.h"

namespace poolshift::conformance {
namespace {

// Compares nothing: what is there is what was planned on.
Twister Careless() {
  return Apply([](Provider& honest, ApplyRequest request, const ProgressSink& progress) {
    request.action.precondition_revision = Now(honest, request.action.target).revision;
    return honest.Apply(request, progress);
  });
}

// Each request is a new one.
Twist Forgetful(Backstage& stage, const Start&) {
  return {.apply = [&stage](Provider& honest, ApplyRequest request, const ProgressSink& progress) {
    request.key += std::to_string(stage.Next());
    return honest.Apply(request, progress);
  }};
}

Twister Fenced(std::function<absl::StatusOr<FenceAnswer>(Provider&, const FenceClaim&)> fence) {
  return [fence](Backstage&, const Start&) { return Twist{.fence = fence}; };
}

absl::StatusOr<FenceAnswer> Honestly(Provider& honest, const FenceClaim& claim) {
  return honest.Fence(claim, absl::Seconds(20));
}

Twist NoFence(Backstage&, const Start&) { return {.fences = false}; }
std::vector<Broken> Keys() {
  return {
      {"repeated-key-is-answered-alike", &Forgetful},
      {"repeated-key-with-a-greater-token-is-answered", &Forgetful},
      {"repetition-does-not-undo-the-way-back",
       [](Backstage& stage, const Start&) {
         return Twist{
             .apply = [&](Provider& honest, ApplyRequest request, const ProgressSink& progress) {
               request.key += std::to_string(stage.Next());
               request.action.precondition_revision = Now(honest, request.action.target).revision;
               return honest.Apply(request, progress);
             }};
       }},
      {"same-change-after-the-way-back-is-new-work", &Stubborn},
      {"result-that-changed-nothing-does-not-bar-the-key", &Stubborn},
      {"one-of-several-callers-carries-it-out",
       [](Backstage&, const Start&) {
         const auto calls = std::make_shared<std::atomic<int>>(0);
         return Twist{
             .apply = [=](Provider& honest, const ApplyRequest& request, const ProgressSink& sink) {
               ApplyResult busy;
               busy.status = absl::UnknownError("busy");
               if (++*calls > 1) return busy;
               return honest.Apply(request, sink);
             }};
       }},
      {"another-key-is-other-work", Altered([](ApplyRequest& request) { request.key = "k"; })},
      {"keys-are-taken-as-they-are", Altered([](ApplyRequest& request) {
         if (request.key.size() > 1) request.key = request.key.substr(0, 100);
       })},
      {"request-without-a-key-is-refused", Altered([](ApplyRequest& request) {
         if (request.key.empty()) request.key = "none";
       })},
      {"unused-key-is-not-found", LookedUp(&AlwaysDone)},
      {"lookup-tells-what-became", LookedUp(&NeverFound)},
      {"lookup-tells-the-token", LookedUp([](Provider& inner, const std::string& key) {
         auto found = inner.Lookup(key, absl::Seconds(20));
         if (found.ok()) ++found->token;
         return found;
       })},
      {"lookup-of-a-refusal-is-no-success", LookedUp(&AlwaysDone)},
      {"refusal-is-not-found-as-a-success", LookedUp(&AlwaysDone)},
      {"observer-remembers-nothing", LookedUp(&AlwaysDone)},
  };
}

std::vector<Broken> Preconditions() {
  return {
      {"stale-precondition-changes-nothing", Careless()},
      {"precondition-is-taken-to-the-letter",
       Apply([](Provider& honest, ApplyRequest request, const ProgressSink& progress) {
         const std::string now = Now(honest, request.action.target).revision;
         if (now.compare(0, 63, request.action.precondition_revision, 0, 63) == 0)
           request.action.precondition_revision = now;
         return honest.Apply(request, progress);
       })},
      {"presence-is-compared",
       Apply([](Provider& honest, ApplyRequest request, const ProgressSink& progress) {
         if (request.action.precondition_revision.empty())
           request.action.precondition_revision = Now(honest, request.action.target).revision;
         return honest.Apply(request, progress);
       })},
      {"conflict-says-what-to-do", Answered([](ApplyResult& result) {
         if (!result.status.ok()) result.status = absl::FailedPreconditionError("no");
       })},
      {"revision-serves-one-change", Careless()},
      {"one-of-several-rivals-wins",
       [](Backstage&, const Start&) {
         const auto turn = std::make_shared<std::mutex>();
         return Twist{
             .apply = [=](Provider& honest, ApplyRequest request, const ProgressSink& progress) {
               const std::lock_guard lock(*turn);
               request.action.precondition_revision = Now(honest, request.action.target).revision;
               return honest.Apply(request, progress);
             }};
       }},
      {"change-by-hand-is-not-overwritten", Careless()},
      {"after-a-conflict-a-new-look-helps", &Stubborn},
  };
}

std::vector<Broken> Tokens() {
  return {
      {"smaller-token-is-fenced", Altered([](ApplyRequest& request) { request.token = 7; })},
      {"equal-token-is-admitted", Altered([](ApplyRequest& request) {
         if (request.key == "k") --request.token;
       })},
      {"greatest-tokens-are-compared", Altered([](ApplyRequest& request) {
         request.token = std::min(request.token, std::int64_t{1} << 62);
       })},
      {"token-of-a-change-is-seen",
       Fenced([](Provider&, const FenceClaim&) { return FenceAnswer{}; })},
      {"asking-raises-nothing", Fenced([](Provider& honest, const FenceClaim& claim) {
         return Honestly(honest, claim.token == 0 ? FenceClaim{5} : claim);
       })},
      {"raised-fence-holds",
       Fenced([](Provider&, const FenceClaim& claim) { return FenceAnswer{claim.token}; })},
      {"raised-fence-admits-its-own",
       Fenced([](Provider& honest, const FenceClaim& claim) -> absl::StatusOr<FenceAnswer> {
         if (const auto seen = Honestly(honest, {claim.token + 1}); !seen.ok()) return seen;
         return FenceAnswer{claim.token};
       })},
      {"fence-is-never-lowered",
       Fenced([](Provider&, const FenceClaim& claim) { return FenceAnswer{claim.token}; })},
      {"a-token-that-stood-is-told",
       Fenced([](Provider& honest, const FenceClaim& claim) -> absl::StatusOr<FenceAnswer> {
         auto answer = Honestly(honest, claim);
         if (answer.ok()) answer->stood = false;
         return answer;
       })},
      {"raising-the-fence-changes-nothing-else",
       [](Backstage& stage, const Start&) {
         return Twist{.fence = [&](Provider& honest, const FenceClaim& claim) {
           stage.Put("60\n203.0.113.21\n");
           return Honestly(honest, claim);
         }};
       }},
      {"fenced-request-is-not-remembered", &Stubborn},
      {"fence-comes-before-the-record", &Stubborn},
      {"target-fences-another-controller", &NoFence},
      {"target-holds-a-raised-fence", &NoFence},
  };
}

}  // namespace

std::vector<Broken> BrokenKeys() {
  std::vector<Broken> all;
  for (auto& some : {Keys(), Preconditions(), Tokens()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

}  // namespace poolshift::conformance
