#include "providers/sip/server/dispatcher.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

namespace poolshift::sip {
namespace {

constexpr std::size_t kMostNamed = 3;
constexpr std::size_t kLongestUri = 100;  // letters of one in a remark

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

std::optional<std::int64_t> NumberIn(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool AreFlags(std::string_view text) {
  return text.size() == 2 && std::string_view("AITD").find(text[0]) != std::string_view::npos &&
         (text[1] == 'P' || text[1] == 'X');
}

// Reads "NRSETS", and of each "SET" its "ID", and of each "DEST" in it "URI" and "FLAGS"; what else
// a destination has stands in blocks of its own.
class ListReader {
 public:
  absl::Status Read(std::string_view line) {
    if (line.empty()) return absl::OkStatus();
    if (ended_) return Fault("goes on after its end", line);
    if (line == "}") return Close();
    if (line == "{" || line.ends_with(": {")) return Open(line);
    if (blocks_.empty()) return Fault("does not begin as a list", line);
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) return absl::OkStatus();
    return Member(line.substr(0, colon), Trimmed(line.substr(colon + 2)));
  }

  absl::StatusOr<std::vector<Destination>> Take() {
    if (!ended_) return absl::InvalidArgumentError("the list is cut off");
    if (sets_ != declared_sets_)
      return absl::InvalidArgumentError("the list has " + std::to_string(sets_) +
                                        " sets and says NRSETS: " + std::to_string(declared_sets_));
    return std::move(destinations_);
  }

 private:
  static absl::Status Fault(std::string_view what, std::string_view line) {
    return absl::InvalidArgumentError("the list " + std::string(what) + ": `" +
                                      std::string(line.substr(0, kLongestUri)) + '`');
  }

  absl::Status Open(std::string_view line) {
    if (line == "{" && !blocks_.empty()) return Fault("has a block without a name", line);
    const bool within = std::find(blocks_.begin(), blocks_.end(), "DEST") != blocks_.end();
    blocks_.emplace_back(line.substr(0, line.find(':')));
    if (blocks_.back() == "SET") {
      ++sets_;
      set_.reset();
    } else if (blocks_.back() == "DEST") {
      if (!set_.has_value()) return Fault("has a destination in no set", line);
      if (within) return Fault("has a destination in a destination", line);
      destinations_.push_back({*set_, "", ""});
    }
    return absl::OkStatus();
  }

  absl::Status Close() {
    if (blocks_.empty()) return Fault("ends before it begins", "}");
    const std::string closed = std::move(blocks_.back());
    blocks_.pop_back();
    ended_ = blocks_.empty();
    if (closed != "DEST") return absl::OkStatus();
    const Destination& made = destinations_.back();
    if (made.uri.empty() || made.flags.empty())
      return Fault("has a destination without URI or FLAGS", made.uri);
    return absl::OkStatus();
  }

  absl::Status Member(std::string_view name, std::string_view value) {
    const std::string& block = blocks_.back();
    if (blocks_.size() == 1 && name == "NRSETS") {
      declared_sets_ = NumberIn(value).value_or(-1);
    } else if (block == "SET" && name == "ID") {
      set_ = NumberIn(value);
      if (!set_.has_value()) return Fault("has a set without a number", value);
    } else if (block == "DEST" && name == "URI") {
      destinations_.back().uri = std::string(value);
    } else if (block == "DEST" && name == "FLAGS") {
      if (!AreFlags(value)) return Fault("has flags that dispatcher does not document", value);
      destinations_.back().flags = std::string(value);
    }
    return absl::OkStatus();
  }

  std::vector<std::string> blocks_;  // that are open, outermost first
  std::optional<std::int64_t> set_;
  std::int64_t sets_ = 0, declared_sets_ = -1;
  std::vector<Destination> destinations_;
  bool ended_ = false;
};

std::string_view StateOf(const Destination& destination) {
  return destination.flags[0] == 'D' ? "disabled" : "inactive";
}

// "a; b; c; and 4 more"
std::string Joined(const std::vector<std::string>& remarks) {
  std::string text;
  for (std::size_t at = 0; at < std::min(remarks.size(), kMostNamed); ++at)
    text += (text.empty() ? "" : "; ") + remarks[at];
  if (remarks.size() > kMostNamed)
    text += "; and " + std::to_string(remarks.size() - kMostNamed) + " more";
  return text;
}

}  // namespace

absl::StatusOr<std::optional<std::vector<Destination>>> DestinationsIn(std::string_view printed) {
  std::string_view text = Trimmed(printed);
  // As ctl.so and the module answer: "error: 500 - command dispatcher.list not found".
  if (text.starts_with("error:")) {
    if (text.ends_with("command dispatcher.list not found")) return std::nullopt;
    if (text.ends_with("No Destination Sets")) return std::vector<Destination>();
    return absl::UnavailableError(std::string(text.substr(0, kLongestUri)));
  }
  ListReader reader;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const absl::Status read = reader.Read(Trimmed(text.substr(0, end)));
    if (!read.ok()) return read;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return reader.Take();
}

linux_host::Ways WaysAmong(const std::vector<Destination>& destinations,
                           const std::vector<std::int64_t>& sets) {
  std::set<std::string_view> alive;
  std::set<std::pair<std::int64_t, std::string>> dead;  // sorted: Kamailio lists sets in any order
  std::set<std::int64_t> missing(sets.begin(), sets.end());
  std::vector<std::string> remarks;
  for (const Destination& each : destinations) {
    if (!sets.empty() && std::find(sets.begin(), sets.end(), each.set) == sets.end()) continue;
    missing.erase(each.set);
    if (each.lives()) {
      alive.insert(each.uri);
    } else {
      dead.emplace(each.set,
                   each.uri.substr(0, kLongestUri) + " of dispatcher set " +
                       std::to_string(each.set) + " is " + std::string(StateOf(each)));
    }
  }
  for (const auto& [set, remark] : dead)
    remarks.push_back(remark);
  for (const std::int64_t set : missing)
    remarks.push_back("dispatcher has no set " + std::to_string(set));
  if (alive.empty() && remarks.empty()) remarks.emplace_back("dispatcher has no destination");
  return {static_cast<std::int64_t>(alive.size()), Joined(remarks)};
}

}  // namespace poolshift::sip
