#include "controller/notify/sender.h"

#include <optional>
#include <utility>

#include "controller/model/message_template.h"
#include "controller/model/try.h"
#include "controller/model/web_address.h"
#include "controller/notify/commit_status.h"
#include "controller/notify/letter_text.h"
#include "controller/notify/program_call.h"
#include "controller/notify/secret.h"
#include "controller/notify/signature.h"
#include "controller/notify/transfer.h"

namespace poolshift::notify {
namespace {

constexpr const char* kSubject = "[{{organization}}] {{event}}: {{summary}}";
constexpr const char* kText =
    "{{summary}}\n\n{{details}}\n\n{{event}} of {{organization}}, {{at}}\n";

struct Parts {
  Notification notification;
  MessageTemplate subject, text;
  World world;
  SenderOptions options;

  std::string Subject(const Event& event) const { return Filled(subject, event); }
  std::string Text(const Event& event) const { return Filled(text, event); }
  // With the declared words in place of ours.
  Event Told(Event event) const {
    const Event original = event;
    if (!notification.subject.empty()) event.summary = Subject(original);
    if (!notification.text.empty()) event.details = Text(original);
    return event;
  }

  static std::string Filled(const MessageTemplate& words, const Event& event) {
    return words.Fill([&](std::string_view name) { return FieldOf(event, name); });
  }

  absl::StatusOr<std::string> Secret() const {
    if (!notification.secret.has_value()) return "";
    return OpenSecret(*notification.secret, *world.files, options.environment);
  }
};

absl::Status Judge(long status) {
  constexpr long kOk = 200;
  constexpr long kRedirect = 300;
  constexpr long kTimeout = 408;
  constexpr long kTooMany = 429;
  constexpr long kServer = 500;
  if (status >= kOk && status < kRedirect) return absl::OkStatus();
  const std::string text = "the answer is " + std::to_string(status);
  if (status >= kServer || status == kTimeout || status == kTooMany)
    return absl::UnavailableError(text);
  return absl::FailedPreconditionError(text);
}

class Webhook final : public Sender {
 public:
  explicit Webhook(Parts parts) : parts_(std::move(parts)) {}

  absl::Status Send(const Event& event) override {
    Post post;
    post.url = parts_.notification.url;
    post.body = EventJson(parts_.Told(event));
    post.headers = {"Content-Type: application/json",
                    "User-Agent: poolshift",
                    "Poolshift-Event: " + event.name};
    POOLSHIFT_ASSIGN(const std::string key, parts_.Secret());
    if (!key.empty()) {
      post.headers.push_back("Poolshift-Signature: " +
                             Signature(key, post.body, parts_.world.clock->Now()));
    }
    POOLSHIFT_ASSIGN(const long status, SendPost(post, parts_.options.time_limit));
    return Judge(status);
  }

 private:
  const Parts parts_;
};

class Mail final : public Sender {
 public:
  Mail(Parts parts, bool must_encrypt) : parts_(std::move(parts)), must_encrypt_(must_encrypt) {}

  absl::Status Send(const Event& event) override {
    const Notification& to = parts_.notification;
    Letter letter{to.url, to.from, to.user, "", "", to.to, must_encrypt_};
    letter.message = LetterText(event, to.from, to.to, parts_.Subject(event), parts_.Text(event));
    POOLSHIFT_ASSIGN(letter.password, parts_.Secret());
    return SendLetter(letter, parts_.options.time_limit);
  }

 private:
  const Parts parts_;
  const bool must_encrypt_;
};

class Command final : public Sender {
 public:
  explicit Command(Parts parts) : parts_(std::move(parts)) {}

  absl::Status Send(const Event& event) override {
    return CallProgram(parts_.notification.command,
                       EventJson(parts_.Told(event)) + '\n',
                       *parts_.world.clock,
                       parts_.options.time_limit);
  }

 private:
  const Parts parts_;
};

// Puts it beside the commit, where the repository is kept.
class CommitStatus final : public Sender {
 public:
  explicit CommitStatus(Parts parts) : parts_(std::move(parts)) {}

  absl::Status Send(const Event& event) override {
    const Notification& to = parts_.notification;
    // GitLab takes no second `pending` for a commit, whatever its words are.
    const bool pending = event.state == "pending" && to.forge == Notification::Forge::kGitlab;
    if (pending && pending_ == event.commit) return absl::OkStatus();
    POOLSHIFT_ASSIGN(const std::string token, parts_.Secret());
    POOLSHIFT_ASSIGN(const long status,
                     SendPost(CommitStatusPost(event, to, token), parts_.options.time_limit));
    POOLSHIFT_TRY(Judge(status));
    pending_ = pending ? event.commit : "";
    return absl::OkStatus();
  }

 private:
  const Parts parts_;
  std::string pending_;  // the commit of which that was said last
};

// `https://`, or this machine itself.
absl::Status CheckEncrypted(const Notification& notification, const char* what) {
  POOLSHIFT_ASSIGN(const WebAddress address, ParseWebAddress(notification.url, "http", "https"));
  if (address.is_encrypted() || address.is_loopback()) return absl::OkStatus();
  return absl::InvalidArgumentError(std::string(what) + " on another machine needs https://");
}

absl::StatusOr<std::unique_ptr<Sender>> MakeWebhook(Parts parts) {
  POOLSHIFT_TRY(CheckEncrypted(parts.notification, "a webhook"));
  return std::make_unique<Webhook>(std::move(parts));
}

absl::StatusOr<std::unique_ptr<Sender>> MakeMail(Parts parts) {
  const Notification& to = parts.notification;
  POOLSHIFT_ASSIGN(const WebAddress address, ParseWebAddress(to.url, "smtp", "smtps"));
  if (to.user.empty() != !to.secret.has_value())
    return absl::InvalidArgumentError("`user` and `secret` of mail go together");
  const bool must_encrypt = !address.is_loopback();
  return std::make_unique<Mail>(std::move(parts), must_encrypt);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Sender>> MakeSender(const Notification& notification,
                                                   const World& world,
                                                   const SenderOptions& options) {
  POOLSHIFT_ASSIGN(
      MessageTemplate subject,
      MessageTemplate::Parse(notification.subject.empty() ? kSubject : notification.subject,
                             kEventFields));
  POOLSHIFT_ASSIGN(
      MessageTemplate text,
      MessageTemplate::Parse(notification.text.empty() ? kText : notification.text, kEventFields));
  Parts parts{notification, std::move(subject), std::move(text), world, options};
  switch (notification.way) {
    case Notification::Way::kWebhook:
      return MakeWebhook(std::move(parts));
    case Notification::Way::kMail:
      return MakeMail(std::move(parts));
    case Notification::Way::kCommitStatus:
      POOLSHIFT_TRY(CheckEncrypted(notification, "a forge"));
      return std::make_unique<CommitStatus>(std::move(parts));
    case Notification::Way::kCommand:
      break;
  }
  if (options.command_directory.empty()) {
    return absl::InvalidArgumentError(
        "no folder of commands was named: start `poolshift serve` with --commands DIRECTORY");
  }
  if (!Notification::IsCommandName(notification.command))
    return absl::InvalidArgumentError("a command begins with the name of a program, without a /");
  parts.notification.command.front() =
      options.command_directory + '/' + notification.command.front();
  return std::make_unique<Command>(std::move(parts));
}

}  // namespace poolshift::notify
