#include "controller/web/answers.h"

#include "controller/web/live_script.h"
#include "controller/web/pages.h"
#include "controller/web/people.h"

namespace poolshift {
namespace {

using namespace http;  // NOLINT: its statuses

WebAnswer Plain(unsigned status, std::string body) {
  return {status, std::move(body), "text/plain; charset=utf-8"};
}

// What is wrong is for who may read.
WebAnswer Ready(const Snapshot& snapshot, bool reads) {
  if (snapshot.organization != nullptr && snapshot.error.empty()) return Plain(kOk, "ready\n");
  const std::string why = snapshot.error.empty() ? "nothing was seen yet" : snapshot.error;
  return Plain(kUnavailable, reads ? "not ready: " + why + "\n" : "not ready\n");
}

WebAnswer PageAt(std::string_view path,
                 const Snapshot& snapshot,
                 const Board& board,
                 absl::Time now) {
  if (path == "/") return {kOk, OverviewPage(snapshot)};
  if (path == "/plan") return {kOk, PlanPage(snapshot)};
  if (path == "/plan.txt") return Plain(kOk, WholePlan(snapshot));
  if (path == "/drift") return {kOk, DriftPage(snapshot)};
  if (path == "/readiness") return {kOk, ReadinessPage(snapshot)};
  if (path == "/runs") return {kOk, RunsPage(snapshot)};
  if (path == web::kLivePath)
    return {kOk, std::string(web::LiveScript()), "text/javascript; charset=utf-8"};
  if (path == "/metrics")
    return {
        kOk, MetricsText(snapshot, board.told(), now), "text/plain; version=0.0.4; charset=utf-8"};
  return {kNotFound, MissingPage()};
}

WebAnswer Push(const WebRequest& request, PushHook& hook, absl::Time now) {
  if (request.too_large) return Plain(kTooLarge, "at most 256 KiB\n");
  const std::string hub = request.Header("x-hub-signature-256");
  const std::string gitea = request.Header("x-gitea-signature");
  const std::string gitlab = request.Header("x-gitlab-token");
  switch (hook.Take({hub, gitea, gitlab}, request.body, now)) {
    case PushHook::Verdict::kTaken:
      return Plain(kAccepted, "looking\n");
    case PushHook::Verdict::kTooMany:
      return Plain(kTooMany, "later\n");
    case PushHook::Verdict::kForbidden:
      break;
  }
  return Plain(kForbidden, "not signed with the key of this hook\n");
}

}  // namespace

WebAnswer AnswerTo(const WebRequest& request,
                   const Board& board,
                   const Clock& clock,
                   const Doors& doors,
                   const PageSite& site) {
  const bool gets = request.method == "GET" || request.method == "HEAD";
  const bool posts = request.method == "POST";
  const absl::Time now = clock.Now();
  if (posts && request.path == kHookPath && doors.hook != nullptr)
    return Push(request, *doors.hook, now);
  if (!IsNameOf(site, request.Header("host"))) {
    return Plain(kForbidden,
                 site.tls ? "ask by a name that stands in the certificate\n"
                          : "ask for this machine by a loopback name\n");
  }
  const std::shared_ptr<const Snapshot> snapshot = board.Current();
  const People people(request, *snapshot, now, doors, site);
  if (doors.sessions != nullptr) {
    if (request.method == "GET" && request.path == "/enter") return people.Enter();
    if (gets && request.path == "/approve") return people.Show();
    if (posts && request.path == "/decide") return people.Decide();
    if (posts && request.path == "/leave") return people.Leave();
  }
  if (gets && request.path == "/healthz") return Plain(kOk, "alive\n");
  if (gets && request.path == "/readyz") return Ready(*snapshot, people.MayRead());
  if (gets && !people.MayRead()) return people.NotIn();
  if (gets) return PageAt(request.path, *snapshot, board, now);
  WebAnswer answer = Plain(kMethodNotAllowed, "only GET\n");
  answer.allow = "GET, HEAD";
  return answer;
}

}  // namespace poolshift
