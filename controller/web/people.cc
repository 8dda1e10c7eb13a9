#include "controller/web/people.h"

#include <utility>

#include "controller/model/keyed_digest.h"
#include "controller/web/approval_page.h"
#include "controller/web/login_page.h"

namespace poolshift {

using namespace http;  // NOLINT: its statuses

WebAnswer People::NotIn() const {
  if (site_.anybody_reads) {
    return Outside(kForbidden,
                   site_.tls
                       ? "You are not logged in: `poolshift login` prints a link"
                       : "You are not logged in: `poolshift login` on this machine prints a link");
  }
  WebAnswer answer{kUnauthorized, LoginPage(request_.path)};
  // RFC 9110, section 15.5.2, wants one. No browser knows this scheme, so none asks for a password.
  answer.challenge = "Poolshift-Login";
  return answer;
}

WebAnswer People::Enter() const {
  const auto session = doors_.sessions->Enter(request_.invitation, now_);
  if (!session.has_value())
    return Outside(kForbidden, "This link was used or is too old: `poolshift login` makes another");
  return {kOk,
          WelcomePage(snapshot_, *session),
          WebAnswer().type,
          CookieOf(session->id, PageSessions::kSession)};
}

WebAnswer People::Show() const {
  const MaybeSession session = Session();
  if (!session.has_value()) return NotIn();
  return {kOk, ApprovalPage(snapshot_, *session)};
}

WebAnswer People::Decide() const {
  const MaybeSession session = Sender();
  if (!session.has_value()) return NotIn();
  if (session->may != PageSessions::May::kSpeak)
    return {kForbidden, AnswerPage(snapshot_, "Nothing was taken down: you may read only")};
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
    return {
        kConflict,
        AnswerPage(snapshot_, "Nothing was taken down: " + std::string(digest.status().message()))};
  return {kOk,
          AnswerPage(snapshot_,
                     (agrees ? "Agreed to plan " : "Said no to plan ") + digest->substr(0, 12))};
}

WebAnswer People::Leave() const {
  const MaybeSession session = Sender();
  if (!session.has_value()) return NotIn();
  doors_.sessions->Leave(session->id);
  WebAnswer answer = Outside(kOk, "You are out");
  answer.cookie = CookieOf("", absl::ZeroDuration());
  return answer;
}

People::MaybeSession People::Session() const {
  if (doors_.sessions == nullptr) return std::nullopt;
  return doors_.sessions->Find(request_.session, now_);
}

People::MaybeSession People::Sender() const {
  const std::string origin = request_.Header("origin");
  if (!origin.empty() && origin != OriginOf(site_, request_.Header("host"))) return std::nullopt;
  MaybeSession session = Session();
  if (session.has_value() && !SameSecret(session->form, request_.Field("form"))) session.reset();
  return session;
}

WebAnswer People::Outside(unsigned status, const std::string& text) const {
  return {status, AnswerPage(site_.anybody_reads ? snapshot_ : Snapshot(), text)};
}

// Scripts of no page can read it, no other site's form brings it, and it ends with the session.
std::string People::CookieOf(const std::string& id, absl::Duration age) const {
  return SessionCookie(site_, request_.Header("host")) + '=' + id + (site_.tls ? "; Secure" : "") +
         "; HttpOnly; SameSite=Strict; Path=/; Max-Age=" +
         std::to_string(absl::ToInt64Seconds(age));
}

}  // namespace poolshift
