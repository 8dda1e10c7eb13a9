#include "providers/probe/look/batch.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

#include "absl/time/clock.h"

#include "fmt/format.h"

namespace poolshift::probe {
namespace {

// Runs `work` for 0 to `count` - 1 on at most `at_once` threads.
void SideBySide(std::size_t count,
                std::size_t at_once,
                const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  const auto each = [&] {
    for (std::size_t i = next++; i < count; i = next++)
      work(i);
  };
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < std::min(count, at_once); ++i)
    threads.emplace_back(each);
  each();
}

// Whether the vantage's own network works, found out once, when it first matters.
class References {
 public:
  References(const Eyes& eyes, absl::Duration patience, absl::Time deadline)
      : eyes_(eyes), patience_(patience), deadline_(deadline) {}

  // "" when one of them answers, or there are none.
  std::string Fault() {
    const std::scoped_lock lock(mutex_);
    if (!fault_) fault_ = Look();
    return *fault_;
  }

 private:
  std::string Look() const {
    if (eyes_.references.empty()) return "";
    const absl::Time give_up = std::min(deadline_, absl::Now() + patience_);
    std::atomic<bool> answers = false;
    SideBySide(eyes_.references.size(), eyes_.references.size(), [&](std::size_t i) {
      const HostPort& each = eyes_.references[i];
      const State state = Connect(each.address, each.port, give_up, false).verdict.state;
      if (state == State::kOpen || state == State::kRefused) answers = true;
    });
    if (answers) return "";
    return fmt::format("the vantage is cut off: not even {} answers",
                       eyes_.references.size() == 1
                           ? Place(eyes_.references[0].address, eyes_.references[0].port)
                           : "one of its references");
  }

  const Eyes& eyes_;
  const absl::Duration patience_;
  const absl::Time deadline_;
  std::mutex mutex_;
  std::optional<std::string> fault_;
};

}  // namespace

void LookAtAll(const Eyes& eyes,
               const std::vector<Question>& questions,
               absl::Duration patience,
               absl::Time deadline,
               const Tell& tell) {
  // Some of the time is kept for references and for telling.
  const Limits limits{patience, deadline - absl::Milliseconds(200)};
  References references(eyes, patience, deadline);
  std::mutex telling;
  SideBySide(
      questions.size(), static_cast<std::size_t>(std::max(eyes.at_once, 1)), [&](std::size_t i) {
        Answer answer = Look(eyes, questions[i], limits);
        if (answer.state == State::kFiltered || answer.state == State::kUnreachable) {
          const std::string fault = references.Fault();
          if (!fault.empty()) {
            answer.state = State::kBlind;
            answer.evidence = fault + " (" + answer.evidence + ')';
          }
        }
        const std::scoped_lock lock(telling);
        tell(answer);
      });
}

}  // namespace poolshift::probe
