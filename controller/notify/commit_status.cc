#include "controller/notify/commit_status.h"

#include <string_view>

#include "controller/model/value.h"
#include "controller/model/whole_letters.h"

namespace poolshift::notify {
namespace {

constexpr std::size_t kLongestDescription = 140;

std::string Cut(std::string text) {
  constexpr std::string_view kMore = "...";
  if (text.size() <= kLongestDescription) return text;
  text.resize(WholeLetters(text, kLongestDescription - kMore.size()));
  return text.append(kMore);
}

// GitLab has no `failure` and no `error`.
std::string StateFor(Notification::Forge forge, const std::string& state) {
  const bool bad = state == "failure" || state == "error";
  return forge == Notification::Forge::kGitlab && bad ? "failed" : state;
}

std::string Authorization(Notification::Forge forge, const std::string& token) {
  switch (forge) {
    case Notification::Forge::kGitlab:
      return "PRIVATE-TOKEN: " + token;
    case Notification::Forge::kGitea:
      return "Authorization: token " + token;
    case Notification::Forge::kGithub:
      break;
  }
  return "Authorization: Bearer " + token;
}

}  // namespace

Post CommitStatusPost(const Event& event, const Notification& to, const std::string& token) {
  Value::Map json;
  json["state"] = StateFor(to.forge, event.state);
  json["description"] = Cut(event.summary);
  json[to.forge == Notification::Forge::kGitlab ? "name" : "context"] = to.context;
  std::string_view base = to.url;
  while (base.ends_with('/'))
    base.remove_suffix(1);
  Post post;
  post.url = std::string(base) + "/statuses/" + event.commit;
  post.body = CanonicalText(json);
  post.headers = {"Content-Type: application/json",
                  "Accept: application/json",
                  "User-Agent: poolshift",
                  Authorization(to.forge, token)};
  return post;
}

}  // namespace poolshift::notify
