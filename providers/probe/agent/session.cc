#include "providers/probe/agent/session.h"

#include <vector>

#include "absl/time/clock.h"

#include "providers/probe/look/batch.h"
#include "providers/probe/wire/agent_message.h"

namespace poolshift::probe {
namespace {

constexpr absl::Duration kIdle = absl::Minutes(10);
constexpr absl::Duration kWriting = absl::Seconds(10);

// False when nobody listens any more.
bool Say(Line& line, std::string text) {
  text += '\n';
  return line.Write(text, absl::Now() + kWriting).ok();
}

bool AnswerRequest(Line& line,
                   const Eyes& eyes,
                   const Inventory& inventory,
                   const Request& request) {
  const absl::Time deadline = absl::Now() + request.deadline;
  std::vector<Question> allowed;
  bool heard = true;
  const auto tell = [&](const Answer& answer) { heard = heard && Say(line, EncodeAnswer(answer)); };
  for (const Question& question : request.questions) {
    Answer refusal;
    refusal.id = question.id;
    refusal.evidence = inventory.Objection(question);
    refusal.at = absl::ToUnixSeconds(absl::Now());
    if (refusal.evidence.empty()) {
      allowed.push_back(question);
    } else {
      tell(refusal);
    }
  }
  LookAtAll(eyes, allowed, request.patience, deadline, tell);
  return heard && Say(line, EncodeEnd());
}

}  // namespace

absl::StatusOr<std::string> LineReader::Next(absl::Time deadline, bool& ended) {
  ended = false;
  std::size_t searched = 0;
  for (;;) {
    const std::size_t end = buffer_.find('\n', searched);
    if (end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    searched = buffer_.size();
    if (buffer_.size() > longest_) return absl::InvalidArgumentError("the line is too long");
    const absl::StatusOr<std::string> bytes = line_.Read(deadline);
    if (!bytes.ok()) return bytes.status();
    if (bytes->empty()) {
      ended = true;
      return std::string();
    }
    buffer_ += *bytes;
  }
}

void ServeSession(Line& line, const Eyes& eyes, const Inventory& inventory) {
  LineReader reader(line, kLongestRequest);
  for (;;) {
    bool ended = false;
    const absl::StatusOr<std::string> text = reader.Next(absl::Now() + kIdle, ended);
    if (!text.ok() || ended) return;
    const absl::StatusOr<Request> request = DecodeRequest(*text);
    if (!request.ok()) {
      Say(line,
          EncodeRefusal({request.status().message().data(), request.status().message().size()}));
      return;
    }
    if (!AnswerRequest(line, eyes, inventory, *request)) return;
  }
}

}  // namespace poolshift::probe
