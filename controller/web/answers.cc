#include "controller/web/answers.h"

#include <algorithm>

#include "controller/model/keyed_digest.h"
#include "controller/model/web_address.h"
#include "controller/web/approval_page.h"
#include "controller/web/live_script.h"
#include "controller/web/pages.h"

namespace poolshift {
namespace {

constexpr unsigned kOk = 200, kAccepted = 202, kForbidden = 403, kNotFound = 404,
                   kMethodNotAllowed = 405, kConflict = 409, kTooLarge = 413, kTooMany = 429,
                   kUnavailable = 503;

WebAnswer Plain(unsigned status, std::string body) {
  return {status, std::move(body), "text/plain; charset=utf-8"};
}

WebAnswer Ready(const Snapshot& snapshot) {
  if (snapshot.organization != nullptr && snapshot.error.empty()) return Plain(kOk, "ready\n");
  return Plain(
      kUnavailable,
      "not ready: " + (snapshot.error.empty() ? "nothing was seen yet" : snapshot.error) + "\n");
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
  if (path == "/healthz") return Plain(kOk, "alive\n");
  if (path == "/readyz") return Ready(snapshot);
  if (path == "/metrics")
    return {
        kOk, MetricsText(snapshot, board.told(), now), "text/plain; version=0.0.4; charset=utf-8"};
  return {kNotFound, MissingPage()};
}

// A page of another name that leads here (DNS rebinding) gets nothing.
bool IsOurName(const std::string& name) {
  if (name.empty()) return true;  // HTTP/1.0
  const bool bare = name.find_first_of("/?#") == std::string::npos;
  const auto address = ParseWebAddress("http://" + name, "http", "https");
  return bare && address.ok() && address->is_loopback();
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

// Scripts of no page can read it, no other site's form brings it, and it ends with the session.
std::string CookieOf(const WebRequest& request, const std::string& id, absl::Duration age) {
  return SessionCookie(request.Header("host")) + '=' + id +
         "; HttpOnly; SameSite=Strict; Path=/; Max-Age=" +
         std::to_string(absl::ToInt64Seconds(age));
}

class People {
 public:
  People(const WebRequest& request,
         const Snapshot& snapshot,
         absl::Time now,
         const HttpServer::Doors& doors)
      : request_(request), snapshot_(snapshot), now_(now), doors_(doors) {}

  WebAnswer Enter() {
    const auto session = doors_.sessions->Enter(request_.invitation, now_);
    if (!session.has_value()) {
      return {kForbidden,
              AnswerPage(snapshot_,
                         "This link was used or is too old: `poolshift login` makes another")};
    }
    return {kOk,
            WelcomePage(snapshot_, *session),
            WebAnswer().type,
            CookieOf(request_, session->id, PageSessions::kSession)};
  }

  WebAnswer Show() {
    const auto session = doors_.sessions->Find(request_.session, now_);
    if (!session.has_value()) return NotIn();
    return {kOk, ApprovalPage(snapshot_, *session)};
  }

  WebAnswer Decide() {
    const auto session = Sender();
    if (!session.has_value()) return NotIn();
    if (request_.Field("sure") != "yes")
      return {kConflict, AnswerPage(snapshot_, "Nothing was taken down: say that you mean it")};
    Word word;
    word.who = session->who;
    word.digest = request_.Field("digest");
    word.agrees = request_.Field("word") == "agree";
    if (!word.agrees && request_.Field("word") != "refuse")
      return {kConflict, AnswerPage(snapshot_, "Nothing was taken down: neither yes nor no")};
    word.reason = request_.Field("reason");
    for (const auto& [name, value] : request_.form)
      if (name == "also") word.also.insert(value);
    const bool agrees = word.agrees;
    const absl::StatusOr<std::string> digest = doors_.desk->Decide(std::move(word));
    if (!digest.ok())
      return {kConflict,
              AnswerPage(snapshot_,
                         "Nothing was taken down: " + std::string(digest.status().message()))};
    return {kOk,
            AnswerPage(snapshot_,
                       (agrees ? "Agreed to plan " : "Said no to plan ") + digest->substr(0, 12))};
  }

  WebAnswer Leave() {
    const auto session = Sender();
    if (!session.has_value()) return NotIn();
    doors_.sessions->Leave(session->id);
    return {kOk,
            AnswerPage(snapshot_, "You are out"),
            WebAnswer().type,
            CookieOf(request_, "", absl::ZeroDuration())};
  }

 private:
  // Who sent a form: has the cookie, the form's own secret, and a page of ours sent it.
  std::optional<PageSessions::Session> Sender() {
    const std::string origin = request_.Header("origin");
    if (!origin.empty() && origin != "http://" + request_.Header("host")) return std::nullopt;
    auto session = doors_.sessions->Find(request_.session, now_);
    if (session.has_value() && !SameSecret(session->form, request_.Field("form"))) session.reset();
    return session;
  }

  WebAnswer NotIn() const {
    return {kForbidden,
            AnswerPage(snapshot_,
                       "You are not logged in: `poolshift login` on this machine prints a link")};
  }

  const WebRequest& request_;
  const Snapshot& snapshot_;
  const absl::Time now_;
  const HttpServer::Doors& doors_;
};

}  // namespace

std::string SessionCookie(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  const std::string_view port =
      colon == std::string_view::npos ? std::string_view() : host.substr(colon + 1);
  const bool number =
      !port.empty() && port.find_first_not_of("0123456789") == std::string_view::npos;
  return number ? "poolshift-" + std::string(port) : "poolshift";
}

std::string WebRequest::Header(std::string_view name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

std::string WebRequest::Field(std::string_view name) const {
  const auto found = std::find_if(
      form.begin(), form.end(), [name](const auto& field) { return field.first == name; });
  return found == form.end() ? "" : found->second;
}

WebAnswer AnswerTo(const WebRequest& request,
                   const Board& board,
                   const Clock& clock,
                   const HttpServer::Doors& doors) {
  const bool reads = request.method == "GET" || request.method == "HEAD";
  const bool posts = request.method == "POST";
  const absl::Time now = clock.Now();
  if (posts && request.path == kHookPath && doors.hook != nullptr)
    return Push(request, *doors.hook, now);
  if (!IsOurName(request.Header("host")))
    return Plain(kForbidden, "ask for this machine by a loopback name\n");
  const std::shared_ptr<const Snapshot> snapshot = board.Current();
  if (doors.sessions != nullptr) {
    People people(request, *snapshot, now, doors);
    if (request.method == "GET" && request.path == "/enter") return people.Enter();
    if (reads && request.path == "/approve") return people.Show();
    if (posts && request.path == "/decide") return people.Decide();
    if (posts && request.path == "/leave") return people.Leave();
  }
  if (reads) return PageAt(request.path, *snapshot, board, now);
  WebAnswer answer = Plain(kMethodNotAllowed, "only GET\n");
  answer.allow = "GET, HEAD";
  return answer;
}

}  // namespace poolshift
