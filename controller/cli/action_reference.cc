#include "controller/cli/action_reference.h"

#include <algorithm>
#include <sstream>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"

namespace poolshift {
namespace {

// `12`, `#12`, `a12` or, of a gate, `g12`. 0 when it is no number.
std::size_t NumberIn(const std::string& reference) {
  const bool marked =
      reference.starts_with('#') || reference.starts_with('a') || reference.starts_with('g');
  const std::string digits = marked ? reference.substr(1) : reference;
  // With leading zeros it is a source document: `004`.
  const bool is_number = !digits.empty() && digits.front() != '0' && digits.size() < 7 &&
                         digits.find_first_not_of("0123456789") == std::string::npos;
  return is_number ? std::stoul(digits) : 0;
}

bool HasWords(const Action& action, const std::string& reference) {
  const std::string title = absl::AsciiStrToLower(action.title);
  std::istringstream words(absl::AsciiStrToLower(reference));
  bool any = false;
  for (std::string word; words >> word;) {
    any = true;
    if (title.find(word) == std::string::npos) return false;
  }
  return any;
}

// An id may begin with digits.
bool HasId(const Plan& plan, const std::string& beginning) {
  return std::any_of(plan.actions.begin(), plan.actions.end(), [&](const Action& action) {
    return action.id.starts_with(beginning);
  });
}

absl::Status Ambiguous(const Plan& plan,
                       const std::vector<std::size_t>& places,
                       const std::string& reference) {
  constexpr std::size_t kMost = 5;
  std::string text = '`' + reference + "` could be";
  for (std::size_t i = 0; i < places.size() && i < kMost; ++i)
    text += (i == 0 ? " #" : ", #") + std::to_string(places[i] + 1) + " (" +
            plan.actions[places[i]].title + ')';
  if (places.size() > kMost) text += ", …";
  return absl::InvalidArgumentError(text + "; say which, for instance `#" +
                                    std::to_string(places.front() + 1) + '`');
}

}  // namespace

absl::StatusOr<std::size_t> PlaceOfAction(const Plan& plan, const std::string& reference) {
  const std::string size = std::to_string(plan.actions.size());
  if (const std::size_t number = NumberIn(reference); number > 0) {
    if (number <= plan.actions.size()) return number - 1;
    const bool may_be_id = reference.front() == 'a' || reference.front() == 'g';
    if (!may_be_id || !HasId(plan, reference))
      return absl::InvalidArgumentError("the plan has no #" + std::to_string(number) + "; it has " +
                                        size);
  }
  constexpr std::size_t kLeast = 3;  // letters of an id
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < plan.actions.size(); ++i) {
    if (plan.actions[i].id == reference) return i;
    if (reference.size() >= kLeast && plan.actions[i].id.starts_with(reference))
      places.push_back(i);
  }
  if (places.empty()) {
    for (std::size_t i = 0; i < plan.actions.size(); ++i)
      if (HasWords(plan.actions[i], reference)) places.push_back(i);
  }
  if (places.size() == 1) return places.front();
  if (!places.empty()) return Ambiguous(plan, places, reference);
  return absl::InvalidArgumentError("no action of the plan is called `" + reference + '`');
}

}  // namespace poolshift
