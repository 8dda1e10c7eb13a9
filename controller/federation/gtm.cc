#include "controller/federation/gtm.h"

#include <algorithm>
#include <map>

#include "controller/federation/silence.h"

namespace poolshift {
namespace {

Value::List Family(const std::vector<std::string>& all, bool v6) {
  Value::List addresses;
  for (const std::string& address : all)
    if ((address.find(':') != std::string::npos) == v6) addresses.emplace_back(address);
  return addresses;
}

const Value::List* Records(const Observation& seen) {
  const Value* records = seen.properties.Find("records");
  return records == nullptr || records->list().empty() ? nullptr : &records->list();
}

class Reader {
 public:
  Reader(const View& view, const EdgePool& host, const Domain& domain)
      : view_(view), addresses_(AnsweringAddresses(view.organization(), view.observed(), host)) {
    read_.domain = &domain;
  }

  Gtm Run() {
    Expect("A", Family(addresses_, false));
    Expect("AAAA", Family(addresses_, true));
    Judge();
    return std::move(read_);
  }

 private:
  // What one family of addresses must be, from every vantage. A family that nobody sees is not
  // asked for, unless it is the host's only one.
  void Expect(const char* type, const Value::List& addresses) {
    const ResourceId id = kinds::DnsRecordSet(read_.domain->sip->gtm_name, type);
    bool seen_present = false;
    for (const std::string& vantage : view_.vantages()) {
      const Observation* seen = view_.observed().Find(id, vantage);
      if (seen == nullptr || seen->presence == Presence::kUnreachable) continue;
      ++read_.looked;
      seen_present = seen_present || seen->presence == Presence::kPresent;
      read_.ttl = std::max(read_.ttl, seen->properties.IntegerOr("ttl", 0));
    }
    const bool only_family = addresses.size() == addresses_.size();
    if (!seen_present && !only_family) return;
    for (const std::string& vantage : view_.vantages()) {
      if (addresses.empty()) {
        read_.expectations.push_back({{id, vantage}, "", Expectation::Compare::kEquals, Value()});
      } else {
        read_.expectations.push_back(
            {{id, vantage}, "records", Expectation::Compare::kAmong, addresses});
      }
    }
  }

  // As the gate will judge it: enough vantages see it for each family.
  void Judge() {
    std::map<ResourceId, int> agreeing;
    std::map<std::string, std::string> vantages;  // by answer
    bool elsewhere = false;
    for (const Expectation& expectation : read_.expectations) {
      const ObservationKey& key = expectation.subject;
      const Observation* seen = view_.observed().Find(key.id, key.vantage);
      const bool agrees = Agrees(expectation, seen);
      agreeing[key.id] += agrees ? 1 : 0;
      elsewhere = elsewhere || (!agrees && seen != nullptr && Records(*seen) != nullptr);
      std::string& names = vantages[AnswerText(seen)];
      const std::string vantage = key.vantage.empty() ? "the provider" : key.vantage;
      if (names.find(vantage) == std::string::npos) names += (names.empty() ? "" : ", ") + vantage;
    }
    const int required = std::min(view_.organization().policy.vantages_required,
                                  static_cast<int>(view_.vantages().size()));
    read_.leads_there = std::all_of(agreeing.begin(), agreeing.end(), [&](const auto& entry) {
      return entry.second >= required;
    });
    read_.leads_elsewhere = !read_.leads_there && elsewhere;
    for (const auto& [answer, names] : vantages)
      read_.answers += (read_.answers.empty() ? "" : "; ") + answer + " seen by " + names;
  }

  static bool Agrees(const Expectation& expectation, const Observation* seen) {
    if (seen == nullptr || seen->presence == Presence::kUnreachable) return false;
    if (expectation.property.empty()) return seen->presence == Presence::kAbsent;
    const Value::List* records = Records(*seen);
    if (records == nullptr) return false;
    const Value::List& wanted = expectation.value.list();
    return std::all_of(records->begin(), records->end(), [&](const Value& record) {
      return std::find(wanted.begin(), wanted.end(), record) != wanted.end();
    });
  }

  static std::string AnswerText(const Observation* seen) {
    if (seen == nullptr || seen->presence == Presence::kUnreachable) return "(could not look)";
    const Value::List* records = Records(*seen);
    if (records == nullptr) return "(no such name)";
    return DisplayText(*records);
  }

  const View& view_;
  const std::vector<std::string> addresses_;  // of the host, that answer
  Gtm read_;
};

}  // namespace

std::vector<Gtm> Gtms(const View& view, const EdgePool& host) {
  std::vector<Gtm> all;
  for (const auto& [name, domain] : view.organization().domains) {
    if (domain.sip.has_value() && domain.sip->style == SipDnsStyle::kGtm)
      all.push_back(Reader(view, host, domain).Run());
  }
  return all;
}

}  // namespace poolshift
