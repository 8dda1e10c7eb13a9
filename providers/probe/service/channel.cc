#include "providers/probe/service/channel.h"

#include <algorithm>

#include "absl/time/clock.h"

#include "fmt/format.h"
#include "providers/probe/agent/listener.h"
#include "providers/probe/look/resolving.h"

namespace poolshift::probe {
namespace {

constexpr absl::Duration kOpening = absl::Seconds(15);
constexpr std::size_t kMostKept = 4;

std::string TextOf(const absl::Status& status) { return std::string(status.message()); }

}  // namespace

bool Hearing::TakeAnswer(Answer answer) {
  const bool asked = std::any_of(request_.questions.begin(),
                                 request_.questions.end(),
                                 [&](const Question& each) { return each.id == answer.id; });
  if (!asked) {
    told_.fault = "it answers what it was not asked";
  } else if (!heard_.insert(answer.id).second) {
    told_.fault = "it answers twice";
  } else {
    told_.answers.push_back(std::move(answer));
  }
  return told_.fault.empty();
}

bool Hearing::Hear(std::string_view text) {
  absl::StatusOr<AgentLine> line = DecodeAgentLine(text);
  if (!line.ok()) {
    told_.fault = "it answers what is no answer: " + TextOf(line.status());
    return false;
  }
  if (line->kind == AgentLine::Kind::kAnswer) return TakeAnswer(std::move(line->answer));
  if (line->kind == AgentLine::Kind::kRefused) {
    told_.fault = "it refuses the request: " + line->refusal;
  } else if (heard_.size() != request_.questions.size()) {
    told_.fault = "it leaves questions without an answer";
  }
  return false;
}

TlsChannel::Way TlsChannel::TakeKept() {
  const std::scoped_lock lock(mutex_);
  if (kept_.empty()) return {};
  Way way = std::move(kept_.back());
  kept_.pop_back();
  return way;
}

absl::StatusOr<TlsChannel::Way> TlsChannel::Open(absl::Time deadline) const {
  const absl::Time until = std::min(deadline, absl::Now() + kOpening);
  Verdict verdict;
  for (const std::string& address : AddressesOf({}, place_.host, until, verdict)) {
    Connection connection = Connect(address, place_.port, until, false);
    verdict = connection.verdict;
    if (verdict.state != State::kOpen) continue;
    Stream stream(std::move(connection.socket));
    const absl::Status begun = stream.BeginClient(link_, place_.name, until);
    if (!begun.ok()) return begun;
    Way way;
    way.line = std::make_unique<StreamLine>(std::move(stream));
    way.reader = std::make_unique<LineReader>(*way.line, kLongestAnswer);
    return way;
  }
  return absl::UnavailableError(
      fmt::format("{}: {}", Place(place_.host, place_.port), verdict.evidence));
}

Told TlsChannel::AskOn(Way& way, const Request& request, absl::Time deadline) {
  Hearing hearing(request);
  const absl::Status sent = way.line->Write(EncodeRequest(request) + '\n', deadline);
  if (!sent.ok()) hearing.Break(TextOf(sent));
  for (bool more = sent.ok(); more;) {
    bool ended = false;
    const absl::StatusOr<std::string> line = way.reader->Next(deadline, ended);
    more = line.ok() && !ended && hearing.Hear(*line);
    if (ended) hearing.Break("it ended the connection");
    if (!line.ok()) hearing.Break(TextOf(line.status()));
  }
  return hearing.Take();
}

Told TlsChannel::Ask(const Request& request, absl::Time deadline) {
  for (;;) {
    Way way = TakeKept();
    const bool kept = way.line != nullptr;
    if (!kept) {
      absl::StatusOr<Way> opened = Open(deadline);
      if (!opened.ok()) return {{}, TextOf(opened.status())};
      way = *std::move(opened);
    }
    Told told = AskOn(way, request, deadline);
    if (told.fault.empty()) {
      const std::scoped_lock lock(mutex_);
      if (kept_.size() < kMostKept) kept_.push_back(std::move(way));
      return told;
    }
    // One that was kept may have ended meanwhile; a new one tells more.
    if (!kept || !told.answers.empty() || absl::Now() >= deadline) return told;
  }
}

Told SshChannel::Ask(const Request& request, absl::Time deadline) {
  ssh::Command command{.line = place_.command, .input = EncodeRequest(request) + '\n'};
  command.largest_output = request.questions.size() * kLongestAnswer + 100;
  const absl::StatusOr<ssh::Output> output = place_.host->Run(command, deadline);
  if (!output.ok()) return {{}, TextOf(output.status())};
  Hearing hearing(request);
  std::string_view rest = output->out;
  for (std::size_t end = 0; (end = rest.find('\n')) != std::string_view::npos;
       rest.remove_prefix(end + 1)) {
    if (!hearing.Hear(rest.substr(0, end))) return hearing.Take();
  }
  hearing.Break(fmt::format("`{}` ended with status {}: {}",
                            place_.command,
                            output->status,
                            Printable(output->err.empty() ? "it said nothing" : output->err, 400)));
  return hearing.Take();
}

}  // namespace poolshift::probe
