// What partners see: records at their authoritative servers, and what answers at the host's
// addresses.
#include <algorithm>
#include <map>

#include "controller/diff/comparison.h"
#include "controller/federation/access_policy.h"
#include "controller/federation/allow_lists.h"
#include "controller/federation/gtm.h"
#include "controller/federation/records.h"

namespace poolshift {
namespace {

using Impact = Difference::Impact;

// A part of the declared records still leads to the right pool; anything else leads astray.
Impact ImpactOf(const Value& wanted, const Value& found) {
  if (!wanted.is_list() || !found.is_list() || found.list().empty()) return Impact::kTraffic;
  const auto& all = wanted.list();
  const bool subset = std::all_of(found.list().begin(), found.list().end(), [&](const Value& item) {
    return std::count(all.begin(), all.end(), item) > 0;
  });
  return subset ? Impact::kRedundancy : Impact::kTraffic;
}

class RecordComparer {
 public:
  RecordComparer(Comparison& comparison, const RecordGoal& goal)
      : comparison_(comparison),
        goal_(goal),
        origin_(comparison.declared.domains.at(goal.domain).origin),
        rule_(!goal.is_locator                  ? "I-12"
              : goal.protocol == Protocol::kSip ? "I-8"
                                                : "I-9") {}

  void Run() {
    if (!comparison_.CanSee(goal_.id, rule_, origin_)) return;
    const Value absent;
    const Value* properties = comparison_.observed.Properties(goal_.id);
    const Value& seen = properties == nullptr ? absent : *properties;
    if (const std::string alias(seen.StringOr("alias", "")); !alias.empty())
      return CompareAlias(alias);
    const Value* records = seen.Find("records");
    const Value* desired = goal_.desired.Find("records");
    const Value found = records == nullptr ? Value() : *records;
    const Value wanted = desired == nullptr ? Value() : *desired;
    if (wanted != found) {
      Add("records",
          wanted,
          found,
          ImpactOf(wanted, found),
          goal_.id.name + " is " + DisplayText(found) + ", declared is " + DisplayText(wanted));
    } else if (properties != nullptr && !goal_.is_asserted) {
      CompareTtl(seen);
    }
    const std::string disagreement(seen.StringOr("disagreement", ""));
    if (disagreement.empty()) return;
    Add("disagreement",
        "",
        disagreement,
        Impact::kTraffic,
        "the authoritative servers of " + goal_.id.name + " disagree: " + disagreement);
  }

 private:
  // RFC 2782: the target of an SRV record is no alias.
  void CompareAlias(const std::string& alias) {
    if (goal_.desired.is_null()) return;
    rule_ = "I-11";
    Add("alias",
        "",
        alias,
        Impact::kTraffic,
        goal_.id.name + ", which an SRV record names, is an alias (CNAME) of " + alias);
  }

  void CompareTtl(const Value& seen) {
    const std::int64_t wanted = goal_.desired.IntegerOr("ttl", 0);
    const std::int64_t found = seen.IntegerOr("ttl", 0);
    if (wanted == found) return;
    rule_ = "goal";
    Add("ttl",
        wanted,
        found,
        Impact::kCosmetic,
        "the TTL of " + goal_.id.name + " is " + std::to_string(found) + " s, declared is " +
            std::to_string(wanted) + " s");
  }

  void Add(std::string property, Value wanted, Value found, Impact impact, std::string text) {
    comparison_.Add({goal_.id,
                     "",
                     std::move(property),
                     std::move(wanted),
                     std::move(found),
                     impact,
                     std::move(text),
                     std::string(rule_),
                     origin_});
  }

  Comparison& comparison_;
  const RecordGoal& goal_;
  const Origin& origin_;
  std::string_view rule_;
};

// What all vantages say of one address.
struct Sight {
  std::map<std::string, int, std::less<>> states;  // state -> vantages that see it
  int looked = 0;
  std::string reason;  // of a vantage that could not look
};

Sight Look(const Comparison& comparison, const ResourceId& id) {
  Sight sight;
  for (const std::string& vantage : comparison.view.vantages()) {
    if (const Value* seen = comparison.observed.Properties(id, vantage)) {
      ++sight.states[std::string(seen->StringOr("state", ""))];
      ++sight.looked;
      continue;
    }
    const Observation* raw = comparison.observed.Find(id, vantage);
    if (sight.reason.empty() && raw != nullptr) sight.reason = raw->reason;
  }
  return sight;
}

// "refused (2 of 3 vantages), filtered (1 of 3 vantages)"; without counts when one vantage is all.
std::string Describe(const Sight& sight, std::size_t vantages) {
  std::string text;
  for (const auto& [state, count] : sight.states) {
    if (state == "open") continue;
    text += (text.empty() ? "" : ", ") + state;
    if (vantages > 1)
      text += " (" + std::to_string(count) + " of " + std::to_string(vantages) + " vantages)";
  }
  return text;
}

// One difference an address: that several places see it makes it no worse.
void CompareAddress(Comparison& comparison,
                    const EdgePool& pool,
                    const std::string& address,
                    Protocol protocol) {
  const ResourceId id = kinds::Reachability(address, Port(protocol));
  const Sight sight = Look(comparison, id);
  const std::size_t vantages = comparison.view.vantages().size();
  const auto open = sight.states.find("open");
  const int closed = sight.looked - (open == sight.states.end() ? 0 : open->second);
  if (sight.looked > 0 && closed == 0) return;
  const std::string where = address + ':' + std::to_string(Port(protocol)) + " of " + pool.name;
  if (sight.looked == 0) {
    comparison.Add(
        {id,
         "",
         "state",
         "open",
         Value(),
         Impact::kUnknown,
         "could not look at " + where + (sight.reason.empty() ? "" : ": " + sight.reason),
         "I-19",
         pool.origin});
    return;
  }
  const bool serves = comparison.view.FromOutside(pool, protocol) == View::Answer::kAnswers;
  const bool single = sight.states.size() == 1;
  comparison.Add({id,
                  "",
                  "state",
                  "open",
                  single ? Value(sight.states.begin()->first) : Value("partly open"),
                  serves ? Impact::kRedundancy : Impact::kTraffic,
                  where + " is " + Describe(sight, vantages),
                  "I-19",
                  pool.origin});
}

// D16: where enough vantages are led elsewhere than to the host.
void CompareGtms(Comparison& comparison, const EdgePool& host) {
  for (const Gtm& gtm : Gtms(comparison.view, host)) {
    if (!gtm.leads_elsewhere) continue;
    const std::string& name = gtm.domain->sip->gtm_name;
    Value::List addresses;
    for (const std::string& address : host.addresses())
      addresses.emplace_back(address);
    comparison.Add({kinds::DnsRecordSet(name, "A"),
                    "",
                    "records",
                    std::move(addresses),
                    gtm.answers,
                    Impact::kTraffic,
                    name + " should lead to " + host.name + ", and answers " + gtm.answers,
                    "D16",
                    gtm.domain->origin});
  }
}

// I-20: who hosts is of no use while policy forbids.
void ComparePolicy(Comparison& comparison) {
  for (PolicyFault& fault : PolicyFaults(comparison.view)) {
    comparison.Add({std::move(fault.id),
                    "",
                    std::move(fault.property),
                    std::move(fault.wanted),
                    false,
                    Impact::kTraffic,
                    fault.text(),
                    "I-20",
                    std::move(fault.origin)});
  }
}

// D19.1: the host is not reached by, and does not reach, a partner that does not let it in.
void CompareAllowLists(Comparison& comparison) {
  for (const AllowListGap& gap : AllowListGaps(comparison.view)) {
    for (const std::string& name : gap.names) {
      comparison.Add({kinds::PartnerAcceptance(gap.partner->domain, name),
                      "",
                      "accepted",
                      true,
                      false,
                      Impact::kTraffic,
                      gap.partner->domain + " does not let " + name + " in, and " +
                          std::string(Title(gap.protocol)) + " is hosted there",
                      "D19.1",
                      gap.partner->accepts_origin});
    }
  }
}

}  // namespace

void CompareOutsideWorld(Comparison& comparison) {
  ComparePolicy(comparison);
  CompareAllowLists(comparison);
  for (const RecordGoal& goal : RecordGoals(comparison.declared, comparison.observed))
    RecordComparer(comparison, goal).Run();
  for (const Protocol protocol : kProtocols) {
    const std::string host = DeclaredHost(comparison.declared, protocol);
    if (host.empty()) continue;
    const EdgePool& pool = comparison.declared.edge_pools.at(host);
    if (protocol == Protocol::kSip) CompareGtms(comparison, pool);
    for (const std::string& address : pool.addresses())
      CompareAddress(comparison, pool, address, protocol);
  }
}

}  // namespace poolshift
