#include "providers/lync/manual/manual_shell.h"

#include <algorithm>
#include <array>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/time/clock.h"

#include "controller/model/try.h"
#include "providers/lync/manual/names.h"
#include <sys/random.h>

namespace poolshift::lync::manual {
namespace {

constexpr absl::Duration kPoll = absl::Milliseconds(100);

absl::Status NotBegun(const absl::Status& status) {
  return absl::UnavailableError(status.message());
}

}  // namespace

ManualShell::ManualShell(Target target)
    : target_(std::move(target)), folder_(target_.folder), look_(LookBase(target_.name)) {}

absl::StatusOr<ShellOutput> ManualShell::Do(const Errand& errand) {
  return errand.call == nullptr ? Look(errand) : Change(errand);
}

Request ManualShell::Fresh() const {
  std::array<char, 16> bytes{};
  Request request;
  // Without randomness there is no number, and no request (ReadRequest).
  if (::getrandom(bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()))
    request.number = absl::BytesToHexString(absl::string_view(bytes.data(), bytes.size()));
  request.machine = target_.name;
  // The record of it has milliseconds.
  request.issued = absl::FromUnixMillis(absl::ToUnixMillis(absl::Now()));
  return request;
}

std::string ManualShell::Ask(const std::string& base) const {
  return "run " + folder_.PathOf(RequestName(base)) + " on " + target_.name +
         ", in its Management Shell, and put the file that it writes there back as " +
         folder_.PathOf(AnswerName(base));
}

std::optional<Reply> ManualShell::Find(const std::string& name,
                                       const Part& part,
                                       Folder::Content& content,
                                       std::string& why) const {
  auto read = folder_.Read(name);
  if (!read.ok()) {
    why = "the answer is not believed: " + std::string(read.status().message());
    return std::nullopt;
  }
  if (!read->has_value()) {
    why = "no answer yet";
    return std::nullopt;
  }
  content = *std::move(*read);
  const std::vector<Reply> replies = ReadAnswers(content.bytes);
  const Reply* reply = FindReply(replies, part.id);
  if (reply != nullptr && reply->whole) return *reply;
  why = folder_.PathOf(name) +
        (reply != nullptr
             ? " is not whole: it is still being copied, or was wrapped or changed on the way"
         : replies.empty() ? " holds no answer of a request"
                           : " does not answer this request but another, perhaps an earlier one");
  return std::nullopt;
}

// --- looks

absl::StatusOr<ShellOutput> ManualShell::Look(const Errand& errand) {
  const absl::Time begun = absl::FromUnixMillis(absl::ToUnixMillis(absl::Now()));
  const absl::Time until = std::min(errand.deadline - kPoll, begun + target_.look_waits);
  std::string before;
  for (;;) {
    const absl::StatusOr<Glance> glance = GlanceAtLook(errand, begun);
    if (!glance.ok()) return NotBegun(glance.status());
    if (glance->output) return *glance->output;
    if (absl::Now() + kPoll > until)
      return absl::UnavailableError(before + glance->why + ": " + Ask(look_));
    if (glance->asked_anew) before = glance->why + "; now there is ";
    absl::SleepFor(kPoll);
  }
}

std::optional<Request> ManualShell::ReadLook() const {
  const auto content = folder_.Read(RequestName(look_));
  if (!content.ok() || !content->has_value()) return std::nullopt;
  absl::StatusOr<Request> request = ReadRequest((*content)->bytes);
  if (!request.ok() || request->machine != target_.name || request->changes()) return std::nullopt;
  return *std::move(request);
}

absl::Status ManualShell::WriteLook(const Request& request) {
  const std::string name = RequestName(look_);
  return folder_.Write(name, Render(request, name, AnswerName(look_)));
}

absl::Status ManualShell::ForgetLooks() {
  POOLSHIFT_TRY(folder_.Remove(RequestName(look_)));
  return folder_.Remove(AnswerName(look_));
}

void ManualShell::Outdate() {
  // When it cannot be locked, no look can be answered either.
  const auto alone = folder_.Lock();
  if (alone.ok()) (void)ForgetLooks();
}

ManualShell::Next ManualShell::JudgeLook(const Request& open,
                                         const Part& part,
                                         absl::Time begun,
                                         Glance& glance) const {
  Folder::Content content;
  const auto reply = Find(AnswerName(look_), part, content, glance.why);
  if (!reply) {
    const std::vector<Reply> replies = ReadAnswers(content.bytes);
    const bool others = std::ranges::any_of(open.parts, [&](const Part& other) {
      const Reply* answered = FindReply(replies, other.id);
      return answered != nullptr && answered->whole;
    });
    // The person had taken the request along before this was asked for as well.
    return others && FindReply(replies, part.id) == nullptr ? Next::kAskForAll : Next::kWait;
  }
  const absl::Time now = absl::Now();
  const absl::Time latest = std::max(open.issued, std::min(content.appeared, now));
  const absl::Duration age = now - std::clamp(reply->at, open.issued, latest);
  // What was asked since this look began cannot be too old for it.
  if (open.issued >= begun || age <= target_.answers_hold_for) {
    glance.output = ShellOutput{0, reply->text + '\n', ""};
    return Next::kWait;
  }
  glance.asked_anew = true;
  glance.why = "the last answer was made " +
               absl::FormatDuration(absl::Trunc(age, absl::Seconds(1))) + " ago, and holds for " +
               absl::FormatDuration(target_.answers_hold_for);
  return Next::kAskAgain;
}

absl::StatusOr<ManualShell::Glance> ManualShell::GlanceAtLook(const Errand& errand,
                                                              absl::Time begun) {
  POOLSHIFT_ASSIGN(const Descriptor alone, folder_.Lock());
  const std::optional<Request> open = ReadLook();
  const Part* part = open ? FindPart(*open, errand.script, errand.arguments) : nullptr;
  Glance glance{std::nullopt, "no answer yet"};
  Next next = Next::kAskForAll;
  if (part != nullptr) {
    next = JudgeLook(*open, *part, begun, glance);
    if (next == Next::kWait) return glance;
  }
  Request request = Fresh();
  POOLSHIFT_ASSIGN(const bool answered, folder_.Has(AnswerName(look_)));
  // While nobody has answered it is still the same request, and asks for more.
  if (open && !answered) {
    request.number = open->number;
    request.issued = open->issued;
  }
  if (open && next == Next::kAskForAll) {
    for (const Part& other : open->parts)
      request.parts.push_back(MakePart(request, other.script, other.arguments));
  }
  if (FindPart(request, errand.script, errand.arguments) == nullptr)
    request.parts.push_back(MakePart(request, errand.script, errand.arguments));
  POOLSHIFT_TRY(folder_.Remove(AnswerName(look_)));
  POOLSHIFT_TRY(WriteLook(request));
  return glance;
}

}  // namespace poolshift::lync::manual
