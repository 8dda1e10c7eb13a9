// The protocol between a provider and its agents: lines of JSON over a stream that is already
// trusted (mutual TLS, or SSH). docs/probe-provider.md describes it.
//
//   > {"poolshift-probe":1,"patience_ms":5000,"deadline_ms":20000,"questions":[{"id":0,…}]}
//   < {"id":0,"state":"open",…}      in the order in which they are known
//   < {"end":1}
//   < {"refused":"…"}                instead, when the request makes no sense
//
// Both sides read each other as hostile: a line has a largest length, lists and texts have limits,
// unknown members are ignored, wrong ones are an error.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "providers/probe/wire/question.h"

namespace poolshift::probe {

inline constexpr std::size_t kLongestRequest = std::size_t{1} << 20U;
inline constexpr std::size_t kLongestAnswer = std::size_t{1} << 16U;
inline constexpr std::size_t kMostQuestions = 1000;

struct Request {
  absl::Duration patience = absl::Seconds(5);   // for one question
  absl::Duration deadline = absl::Seconds(20);  // for all
  std::vector<Question> questions;
  bool operator==(const Request&) const = default;
};

struct AgentLine {
  enum class Kind { kAnswer, kEnd, kRefused };
  Kind kind = Kind::kAnswer;
  Answer answer;
  std::string refusal;
};

// Each without its line end.
std::string EncodeRequest(const Request& request);
std::string EncodeAnswer(const Answer& answer);
std::string EncodeEnd();
std::string EncodeRefusal(std::string_view why);

absl::StatusOr<Request> DecodeRequest(std::string_view line);
absl::StatusOr<AgentLine> DecodeAgentLine(std::string_view line);

}  // namespace poolshift::probe
