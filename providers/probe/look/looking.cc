#include "providers/probe/look/looking.h"

#include <algorithm>
#include <future>
#include <set>

#include "absl/time/clock.h"

#include "fmt/format.h"
#include "providers/probe/look/conversation.h"
#include "providers/probe/look/resolving.h"

namespace poolshift::probe {
namespace {

// One address of the target.
class AddressLook {
 public:
  AddressLook(const Eyes& eyes, const Question& question, const Limits& limits)
      : eyes_(eyes), question_(question), limits_(limits) {}

  Answer Run(const std::string& address) {
    const absl::Time begun = absl::Now();
    Connection connection = Reach(address);
    Begin(connection.verdict, absl::Now() - begun);
    if (connection.verdict.state != State::kOpen) return std::move(answer_);
    if (question_.speech == Speech::kXmpp) {
      TalkOfDomains(address, std::move(connection.socket));
    } else if (question_.speech != Speech::kTcp) {
      Stream stream(std::move(connection.socket));
      const absl::Time until = Until();
      Take(question_.speech == Speech::kSip ? TalkSip(eyes_, stream, question_, until)
                                            : TalkTls(eyes_, stream, question_, until));
    }
    // Nobody can tell what it would have said.
    if (cut_short_ && !answer_.spoke && absl::Now() >= limits_.last) {
      answer_.state = State::kBlind;
      AddEvidence("there was no time left to hear it out", answer_.evidence);
    }
    return std::move(answer_);
  }

 private:
  Connection Reach(const std::string& address) const {
    const GiveUp give_up(limits_);
    return Connect(address, question_.port, give_up.time, give_up.cut_short);
  }

  // For a conversation that begins now.
  absl::Time Until() {
    const GiveUp give_up(limits_);
    cut_short_ = cut_short_ || give_up.cut_short;
    return give_up.time;
  }

  void Begin(const Verdict& verdict, absl::Duration took) {
    answer_.state = verdict.state;
    answer_.evidence = verdict.state == State::kOpen
                           ? fmt::format("open in {} ms", absl::ToInt64Milliseconds(took))
                           : verdict.evidence;
  }

  // Each domain may be served with another certificate, or not at all.
  void TalkOfDomains(const std::string& address, Socket first) {
    bool all = !question_.names.empty();
    if (!all) AddEvidence("no domain is configured to ask for", answer_.evidence);
    for (const std::string& domain : question_.names) {
      Socket socket = std::move(first);
      if (!socket.is_open()) {
        Connection again = Reach(address);
        if (again.verdict.state != State::kOpen)
          AddEvidence("the next connection: " + again.verdict.evidence, answer_.evidence);
        socket = std::move(again.socket);
      }
      answer_.spoke = false;
      if (socket.is_open()) {
        Stream stream(std::move(socket));
        Take(TalkXmpp(eyes_, stream, domain, Until()));
      }
      all = all && answer_.spoke;
    }
    answer_.spoke = all;
  }

  void Take(Conversation talk) {
    answer_.spoke = talk.spoke;
    AddEvidence(talk.evidence, answer_.evidence);
    if (!talk.certificate.shown) return;
    for (const std::string& name : talk.certificate.names.All())
      names_.insert(Printable(name, 255));
    not_after_ = std::min(not_after_, talk.certificate.not_after);
    answer_.certificate_names.assign(names_.begin(), names_.end());
    answer_.certificate_not_after =
        absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", not_after_, absl::UTCTimeZone());
  }

  const Eyes& eyes_;
  const Question& question_;
  const Limits& limits_;
  bool cut_short_ = false;
  std::set<std::string> names_;
  absl::Time not_after_ = absl::InfiniteFuture();
  Answer answer_;
};

// Open beats everything; blind beats what would be a finding, because the address that could not be
// looked at may be open.
int Rank(const Answer& answer) {
  constexpr State kOrder[] = {
      State::kOpen, State::kBlind, State::kRefused, State::kFiltered, State::kUnreachable};
  const auto at = std::find(std::begin(kOrder), std::end(kOrder), answer.state);
  return static_cast<int>(at - std::begin(kOrder)) * 2 + (answer.spoke ? 0 : 1);
}

Answer LookAtAddresses(const Eyes& eyes,
                       const Question& question,
                       const std::vector<std::string>& addresses,
                       const Limits& limits) {
  std::vector<std::future<Answer>> looks;
  for (const std::string& address : addresses) {
    looks.push_back(std::async(addresses.size() == 1 ? std::launch::deferred : std::launch::async,
                               [&] { return AddressLook(eyes, question, limits).Run(address); }));
  }
  Answer best;
  bool any = false;
  std::string evidence;
  for (std::size_t i = 0; i < looks.size(); ++i) {
    Answer answer = looks[i].get();
    AddEvidence(
        addresses[i] == question.host ? answer.evidence : addresses[i] + ' ' + answer.evidence,
        evidence);
    if (!any || Rank(answer) < Rank(best)) best = std::move(answer);
    any = true;
  }
  best.evidence = std::move(evidence);
  return best;
}

}  // namespace

GiveUp::GiveUp(const Limits& limits) : time(absl::Now() + limits.patience) {
  cut_short = limits.last < time;
  time = std::min(time, limits.last);
}

Answer Look(const Eyes& eyes, const Question& question, const Limits& limits) {
  Answer answer;
  if (question.resolve) {
    answer = LookUp(eyes, question, GiveUp(limits).time);
  } else {
    Verdict verdict;
    const std::vector<std::string> addresses =
        AddressesOf(eyes, question.host, GiveUp(limits).time, verdict);
    if (addresses.empty()) {
      answer.state = verdict.state;
      answer.evidence = verdict.evidence;
    } else {
      answer = LookAtAddresses(eyes, question, addresses, limits);
    }
  }
  answer.id = question.id;
  answer.at = absl::ToUnixSeconds(absl::Now());
  answer.evidence = Printable(answer.evidence, 900);
  return answer;
}

}  // namespace poolshift::probe
