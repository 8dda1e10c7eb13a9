// The referee: reads puzzles and the plans made for them (puzzle.h has the language), solves every
// puzzle by itself, exactly, and says whether each plan is as small, as short and as safe as it
// claims. Exit status 0 only without a mismatch.
//   poolshift-referee < PUZZLES
#include <algorithm>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "tests/referee/ideals.h"
#include "tests/referee/optimum.h"
#include "tests/referee/quickest.h"
#include "tests/referee/space.h"

namespace referee {
namespace {

constexpr std::int64_t kMostStates = 3'000'000;  // of one puzzle's search
constexpr std::int64_t kMostIdeals = 1'000'000;  // of one plan

struct Tally {
  std::int64_t puzzles = 0, states = 0, pairs = 0, impossible = 0, actions = 0, longest = 0;
  std::int64_t mismatches = 0, ideals = 0, most_ideals = 0, unsafe = 0, stranded = 0;
  std::int64_t shorter_with_more = 0, undecided = 0, tried = 0;
};

class Judge {
 public:
  // Reads one puzzle with its plans, up to "end".
  void Read(std::istream& in) {
    puzzle_ = {};
    space_.reset();
    goal_ = kNone;
    in >> puzzle_.name;
    ++tally_.puzzles;
    std::string word;
    while (in >> word && word != "end") {
      if (word == "plan" || word == "try" || word == "none") {
        if (tally_.pairs == asked_) Begin();
        Plan plan = ReadPlan(word != "none", in, puzzle_);
        plan.is_best = word != "try";
        Look(plan);
      } else {
        ReadPart(word, in, puzzle_);
      }
    }
    if (word != "end") throw std::runtime_error("the puzzle has no end");
    const auto pairs = tally_.pairs - asked_;
    if (puzzle_.all && pairs != static_cast<std::int64_t>(space_->size() * space_->size()))
      Complain("not every pair of safe states has its plan");
    asked_ = tally_.pairs;
  }

  const Tally& tally() const { return tally_; }

 private:
  static constexpr std::size_t kNone = SIZE_MAX;

  void Begin() {
    puzzle_.Finish();
    if (!puzzle_.even) return;
    space_ = std::make_unique<Space>(puzzle_);
    tally_.states += static_cast<std::int64_t>(space_->size());
  }

  void Complain(const std::string& text) {
    constexpr std::int64_t kShown = 20;
    if (++tally_.mismatches <= kShown) std::cout << puzzle_.name << ": " << text << '\n';
  }

  static std::string Text(const Plan& plan) {
    std::string text;
    for (const char value : plan.start)
      text += std::to_string(static_cast<int>(value)) + ' ';
    text += "->";
    for (const int value : plan.goal)
      text += ' ' + std::to_string(value);
    return text;
  }

  void Look(const Plan& plan) {
    ++tally_.pairs;
    Optimum optimum = space_ != nullptr ? FromSpace(plan)
                      : puzzle_.quick   ? FindQuickest(puzzle_, plan, kMostStates)
                                        : FindOptimum(puzzle_, plan, kMostStates);
    if (space_ == nullptr) tally_.states += optimum.states;
    if (!optimum.decided) {
      ++tally_.undecided;
      return;
    }
    if (plan.exists != optimum.exists) {
      Complain(Text(plan) +
               (plan.exists ? ": a plan, where there is none" : ": no plan, yet there is one"));
      return;
    }
    if (!plan.exists) {
      ++tally_.impossible;
      return;
    }
    Compare(plan, optimum);
    LookAround(plan);
  }

  Optimum FromSpace(const Plan& plan) {
    State goal;
    for (const int value : plan.goal)
      goal.push_back(static_cast<char>(value));
    const std::size_t from = space_->Find(plan.start);
    const std::size_t to = space_->Find(goal);
    if (from == space_->size() || to == space_->size())
      throw std::runtime_error("start and goal must be safe states");
    if (to != goal_) {
      goal_ = to;
      rounds_ = space_->RoundsOfSmallest(to);
      rounds_of_any_ = space_->RoundsOfAny(to);
    }
    Optimum optimum{true, space_->Distance(from, to) != Space::kNever, 0, 0, 0};
    if (!optimum.exists) return optimum;
    const Space::Quickest any = rounds_of_any_[from];
    optimum.cost = puzzle_.quick ? any.actions : space_->Distance(from, to);
    optimum.milliseconds =
        (puzzle_.quick ? any.rounds : rounds_[from]) * puzzle_.moves.front().milliseconds;
    tally_.shorter_with_more += any.rounds < rounds_[from] ? 1 : 0;
    return optimum;
  }

  void Compare(const Plan& plan, const Optimum& optimum) {
    const int cost = CostOf(puzzle_, plan);
    const std::int64_t time = CriticalPath(puzzle_, plan);
    tally_.actions += cost;
    tally_.longest = std::max(tally_.longest, static_cast<std::int64_t>(cost));
    if (!plan.is_best) {
      ++tally_.tried;
      if (cost != plan.cost || time != plan.milliseconds || time < optimum.milliseconds)
        Complain(Text(plan) + ": counts or times wrongly");
      return;
    }
    if (cost != optimum.cost || cost != plan.cost) {
      Complain(Text(plan) + ": " + std::to_string(cost) + " actions, claimed " +
               std::to_string(plan.cost) + ", exact " + std::to_string(optimum.cost));
    } else if (time != optimum.milliseconds || time != plan.milliseconds) {
      Complain(Text(plan) + ": takes " + std::to_string(time) + " ms, claimed " +
               std::to_string(plan.milliseconds) + ", exact " +
               std::to_string(optimum.milliseconds));
    }
  }

  void LookAround(const Plan& plan) {
    const std::size_t start = space_ == nullptr ? 0 : space_->Find(plan.start);
    const Ideals ideals = LookAtIdeals(puzzle_, plan, kMostIdeals, [&](const State& state) {
      if (space_ == nullptr) return;
      const std::size_t here = space_->Find(state);
      if (here == space_->size() || space_->Distance(here, start) == Space::kNever)
        ++tally_.stranded;
    });
    tally_.ideals += ideals.count;
    tally_.most_ideals = std::max(tally_.most_ideals, ideals.count);
    tally_.unsafe += ideals.unsafe;
    if (!ideals.complete) ++tally_.undecided;
    if (ideals.unsafe > 0) Complain(Text(plan) + ": an unsafe state can be reached");
    if (ideals.complete && ideals.unsafe == 0 && !ideals.at_goal)
      Complain(Text(plan) + ": the plan does not end at its goal");
  }

  Puzzle puzzle_;
  std::unique_ptr<Space> space_;  // when all pairs are asked for
  std::size_t goal_ = kNone;      // that the rounds are for
  std::vector<int> rounds_;
  std::vector<Space::Quickest> rounds_of_any_;
  std::int64_t asked_ = 0;  // pairs of earlier puzzles
  Tally tally_;
};

int Run(std::istream& in) {
  Judge judge;
  std::string word;
  while (in >> word) {
    if (word != "puzzle") throw std::runtime_error("`puzzle` expected, not " + word);
    judge.Read(in);
  }
  const Tally& tally = judge.tally();
  std::cout << tally.puzzles << " puzzles, " << tally.states << " states, " << tally.pairs
            << " pairs (" << tally.impossible << " without a plan), " << tally.mismatches
            << " mismatches, " << tally.actions << " actions, longest " << tally.longest << ", "
            << tally.ideals << " ideals, most " << tally.most_ideals << ", " << tally.unsafe
            << " unsafe, " << tally.stranded << " without a way back, " << tally.shorter_with_more
            << " shorter with more actions, " << tally.tried << " not said to be the best, "
            << tally.undecided << " undecided\n";
  return tally.pairs > 0 && tally.mismatches == 0 && tally.unsafe == 0 && tally.stranded == 0 &&
                 tally.undecided == 0 && tally.tried == 0
             ? 0
             : 1;
}

}  // namespace
}  // namespace referee

int main() {
  std::ios::sync_with_stdio(false);
  try {
    return referee::Run(std::cin);
  } catch (const std::exception& fault) {
    std::cerr << "referee: " << fault.what() << '\n';
    return 2;
  }
}
