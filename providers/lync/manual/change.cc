// How a change is sent out, waited for and given up.
#include <algorithm>

#include "absl/time/clock.h"

#include "controller/model/try.h"
#include "providers/lync/manual/manual_shell.h"
#include "providers/lync/manual/names.h"

namespace poolshift::lync::manual {
namespace {

constexpr absl::Duration kPoll = absl::Milliseconds(100);

// So that the answer of the call is not lost as well.
constexpr absl::Duration kMargin = absl::Milliseconds(500);

absl::Status NotBegun(const absl::Status& status) {
  return absl::UnavailableError(status.message());
}

// Parts of the change and of a later look are only alike when what was asked stands in the record.
bool IsLook(const Part& part) { return part.script.starts_with("look-"); }

}  // namespace

absl::StatusOr<ShellOutput> ManualShell::Change(const Errand& errand) {
  const std::unique_lock turn(changing_, absl::ToChronoTime(errand.deadline));
  if (!turn.owns_lock())
    return absl::UnavailableError("another change of this machine waits for a person");
  const std::string base = ChangeBase(target_.name, errand);
  const absl::Status sent = Send(errand, base);
  if (!sent.ok()) return NotBegun(sent);
  return AwaitChange(errand, base);
}

absl::StatusOr<std::vector<std::string>> ManualShell::OpenChanges() {
  POOLSHIFT_ASSIGN(const std::vector<std::string> names, folder_.List());
  std::vector<std::string> bases;
  for (const std::string& name : names) {
    if (auto base = BaseOfChange(target_.name, name)) bases.push_back(*std::move(base));
  }
  return bases;
}

absl::StatusOr<Request> ManualShell::ReadChange(const std::string& base) const {
  for (const std::string& name : {RequestName(base), WithdrawnName(base)}) {
    POOLSHIFT_ASSIGN(const auto content, folder_.Read(name));
    if (!content.has_value()) continue;
    POOLSHIFT_ASSIGN(Request request, ReadRequest(content->bytes));
    if (request.machine == target_.name && request.changes()) return request;
    return absl::InvalidArgumentError(folder_.PathOf(name) + " is another machine's request");
  }
  return absl::NotFoundError(folder_.PathOf(RequestName(base)) + " is there no more");
}

// Changes that came before must be known to have ended.
absl::Status ManualShell::ClearTheWay(const std::string& base) {
  POOLSHIFT_ASSIGN(const std::vector<std::string> open, OpenChanges());
  for (const std::string& other : open) {
    if (other == base) continue;
    const absl::StatusOr<Request> request = ReadChange(other);
    Folder::Content content;
    std::string why = "it cannot be read";
    if (request.ok() && Find(AnswerName(other), request->parts.front(), content, why)) {
      POOLSHIFT_TRY(TakeUp(other, *request, content.bytes));
      continue;
    }
    return absl::UnavailableError("an earlier change was sent out and may have been run (" + why +
                                  "). " + WhatToDo(other));
  }
  return absl::OkStatus();
}

std::string ManualShell::WhatToDo(const std::string& base) const {
  const absl::StatusOr<bool> withdrawn = folder_.Has(WithdrawnName(base));
  const std::string name = withdrawn.ok() && *withdrawn ? WithdrawnName(base) : RequestName(base);
  return "Put the answer of " + folder_.PathOf(name) + " back as " +
         folder_.PathOf(AnswerName(base)) +
         "; or, when nobody has run it and nobody will, delete the request";
}

absl::Status ManualShell::Send(const Errand& errand, const std::string& base) {
  POOLSHIFT_ASSIGN(const Descriptor alone, folder_.Lock());
  POOLSHIFT_TRY(ClearTheWay(base));
  if (errand.call->cancelled()) return absl::CancelledError("it was given up before it was sent");
  const absl::StatusOr<Request> before = ReadChange(base);
  if (!before.ok() && !absl::IsNotFound(before.status())) return before.status();
  Request request = Fresh();
  std::vector<Part> looks;
  if (before.ok()) {
    // The very same request: whoever ran it has answered this one.
    request.number = before->number;
    request.issued = before->issued;
    looks.assign(before->parts.begin() + 1, before->parts.end());
  } else {
    POOLSHIFT_TRY(folder_.Remove(AnswerName(base)));
    if (const auto look = ReadLook())
      std::ranges::copy_if(look->parts, std::back_inserter(looks), IsLook);
  }
  request.key = errand.key;
  request.memo = errand.memo;
  request.until = absl::Now() + target_.changes_hold_for;
  request.parts.push_back(MakePart(request, errand.script, errand.arguments));
  for (const Part& look : looks)
    request.parts.push_back(MakePart(request, look.script, look.arguments));
  // What was seen until now says nothing of what is there from now on.
  POOLSHIFT_TRY(ForgetLooks());
  const std::string name = RequestName(base);
  if (absl::Status written = folder_.Write(name, Render(request, name, AnswerName(base)));
      !written.ok()) {
    if (!before.ok()) (void)folder_.Remove(name);
    return written;
  }
  // It lies there from now on, whatever else goes wrong.
  (void)folder_.Remove(WithdrawnName(base));
  return absl::OkStatus();
}

absl::StatusOr<ShellOutput> ManualShell::AwaitChange(const Errand& errand,
                                                     const std::string& base) {
  std::string told;
  for (;;) {
    const absl::StatusOr<Glance> glance = GlanceAtChange(base);
    if (absl::IsNotFound(glance.status())) {
      return absl::UnavailableError(std::string(glance.status().message()) +
                                    ": somebody deleted it, which says that nobody has run it");
    }
    if (glance.ok() && glance->output) return *glance->output;
    const std::string why = glance.ok() ? glance->why : std::string(glance.status().message());
    if (why != told) errand.call->Progress(why + ": " + Ask(base));
    told = why;
    const bool late = absl::Now() + kMargin >= errand.deadline;
    if (late || errand.call->cancelled()) {
      if (!late) Withdraw(base);
      return absl::DeadlineExceededError(why + ", and whether it was run is not known. " +
                                         WhatToDo(base));
    }
    absl::SleepFor(kPoll);
  }
}

absl::StatusOr<ManualShell::Glance> ManualShell::GlanceAtChange(const std::string& base) {
  POOLSHIFT_ASSIGN(const Descriptor alone, folder_.Lock());
  POOLSHIFT_ASSIGN(const Request request, ReadChange(base));
  Glance glance;
  Folder::Content content;
  const auto reply = Find(AnswerName(base), request.parts.front(), content, glance.why);
  if (!reply) return glance;
  POOLSHIFT_TRY(TakeUp(base, request, content.bytes));
  glance.output = ShellOutput{0, reply->text + '\n', ""};
  return glance;
}

// The answer to the change is used once, and goes; what it says of the looks stays. In this order:
// killed in between, the same is done again.
absl::Status ManualShell::TakeUp(const std::string& base,
                                 const Request& request,
                                 std::string_view answer) {
  Request looks = request;
  looks.key.clear();
  looks.memo = Value();
  looks.parts.erase(looks.parts.begin());
  POOLSHIFT_TRY(ForgetLooks());
  const std::vector<Reply> replies = ReadAnswers(answer);
  const bool seen = std::ranges::any_of(looks.parts, [&](const Part& part) {
    const Reply* reply = FindReply(replies, part.id);
    return reply != nullptr && reply->whole;
  });
  if (seen) {
    POOLSHIFT_TRY(WriteLook(looks));
    POOLSHIFT_TRY(folder_.Write(AnswerName(look_), answer));
  }
  POOLSHIFT_TRY(folder_.Remove(RequestName(base)));
  POOLSHIFT_TRY(folder_.Remove(WithdrawnName(base)));
  return folder_.Remove(AnswerName(base));
}

void ManualShell::Withdraw(const std::string& base) {
  const auto alone = folder_.Lock();
  if (alone.ok()) (void)folder_.Rename(RequestName(base), WithdrawnName(base));
}

std::optional<Recalled> ManualShell::Recall(std::string_view key) {
  Recalled recalled{"", Value(), absl::UnavailableError("")};
  std::string found;
  {
    const auto alone = folder_.Lock();
    const auto open = alone.ok() ? OpenChanges() : alone.status();
    for (const std::string& base : open.ok() ? *open : std::vector<std::string>()) {
      const absl::StatusOr<Request> request = ReadChange(base);
      if (!request.ok() || request->key != key) continue;
      found = base;
      recalled.script = request->parts.front().script;
      recalled.memo = request->memo;
    }
  }
  if (found.empty()) return std::nullopt;
  const absl::Time until = absl::Now() + target_.look_waits;
  for (;;) {
    const absl::StatusOr<Glance> glance = GlanceAtChange(found);
    if (absl::IsNotFound(glance.status())) return std::nullopt;
    if (glance.ok() && glance->output) {
      recalled.output = *glance->output;
      return recalled;
    }
    if (absl::Now() + kPoll > until) {
      const std::string why = glance.ok() ? glance->why : std::string(glance.status().message());
      recalled.output = absl::UnavailableError(target_.name + ": " + why + ". " + WhatToDo(found));
      return recalled;
    }
    absl::SleepFor(kPoll);
  }
}

}  // namespace poolshift::lync::manual
