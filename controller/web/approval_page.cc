#include "controller/web/approval_page.h"

#include "controller/report/change.h"
#include "controller/report/markup_text.h"
#include "controller/web/markup.h"

namespace poolshift {
namespace {

using web::Short;

std::string Hidden(const std::string& name, const std::string& value) {
  return "<input type=\"hidden\" name=\"" + name + "\" value=\"" + MarkupText(value) + "\">\n";
}

// A box for each action that may lose data: agreeing to the plan does not agree to that (I-22).
std::string Also(const Plan& plan) {
  std::string boxes;
  for (const Action& action : plan.actions) {
    if (!action.needs_approval) continue;
    boxes += "<p><label><input type=\"checkbox\" name=\"also\" value=\"" +
             MarkupText(ToString(action.target)) + "\"> and to <strong>" +
             MarkupText(action.title) +
             "</strong>, which may lose data or cannot be undone</label></p>\n";
  }
  return boxes;
}

std::string Steps(const Plan& plan) {
  constexpr std::size_t kShown = 100;
  std::string items;
  std::size_t shown = 0;
  for (const Action& action : plan.actions) {
    if (++shown > kShown) break;
    items += "<li>" + MarkupText(action.title) + "</li>\n";
  }
  return "<ol>" + items + "</ol>\n" +
         (plan.actions.size() > kShown
              ? "<p class=\"soft\">" + std::to_string(plan.actions.size() - kShown) + " more.</p>\n"
              : "");
}

std::string Form(const Snapshot& snapshot, const PageSessions::Session& session) {
  const Plan& plan = *snapshot.plan;
  return "<p>Plan <span class=\"mono\">" + MarkupText(Short(snapshot.digest)) + "</span>, " +
         Count(static_cast<std::size_t>(plan.mutations()), "action") +
         ". <a href=\"/plan\">All of it, with exact commands.</a></p>\n" + Steps(plan) +
         "<form method=\"post\" action=\"/decide\" autocomplete=\"off\">\n" +
         Hidden("form", session.form) + Hidden("digest", snapshot.digest) + Also(plan) +
         "<p><label for=\"reason\">Reason, recorded and shown</label><br><input id=\"reason\" "
         "name=\"reason\" maxlength=\"500\"></p>\n"
         "<p><label><input type=\"checkbox\" name=\"sure\" value=\"yes\" required> I have read the "
         "plan and mean it</label></p>\n"
         "<p><button name=\"word\" value=\"agree\">Agree to this plan</button> "
         "<button name=\"word\" value=\"refuse\" class=\"no\">Say no</button></p>\n</form>\n";
}

std::string Leaving(const PageSessions::Session& session) {
  return "<form method=\"post\" action=\"/leave\"><p class=\"soft\">You are " +
         MarkupText(session.who) + ", until " + web::TimeTag(session.until) + ". " +
         Hidden("form", session.form) + "<button class=\"quiet\">Log out</button></p></form>\n";
}

}  // namespace

std::string ApprovalPage(const Snapshot& snapshot, const PageSessions::Session& session) {
  const bool waits = snapshot.plan != nullptr && (snapshot.ruling.kind == Ruling::Kind::kApproval ||
                                                  snapshot.ruling.kind == Ruling::Kind::kRejected);
  std::string content = "<h1>Your word</h1>\n";
  if (session.may != PageSessions::May::kSpeak)
    content += "<p>You may read only: to agree takes the role approver.</p>\n";
  else
    content += waits ? Form(snapshot, session) : "<p>No plan waits for people.</p>\n";
  // A page with a form stays as it is until somebody sends it.
  return web::Framed(
      snapshot, "/approve", "Your word", content + Leaving(session), web::Pace::kStays);
}

std::string AnswerPage(const Snapshot& snapshot, const std::string& text) {
  return web::Framed(
      snapshot,
      "/approve",
      "Your word",
      "<h1>" + MarkupText(text) +
          "</h1>\n<p><a href=\"/\">Overview</a>, <a href=\"/approve\">your word</a></p>\n",
      web::Pace::kStays);
}

std::string WelcomePage(const Snapshot& snapshot, const PageSessions::Session& session) {
  return web::Framed(snapshot,
                     "/approve",
                     "Logged in",
                     "<h1>You are in as " + MarkupText(session.who) + ".</h1>\n<p>" +
                         (session.may == PageSessions::May::kSpeak
                              ? "<a href=\"/approve\">Agree to the plan that waits, or say no</a>"
                              : "<a href=\"/\">Read what is going on</a>") +
                         "</p>\n" + Leaving(session),
                     web::Pace::kStays);
}

}  // namespace poolshift
