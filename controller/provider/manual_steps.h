// What a person does by hand for one action, step by step, and how it will be seen that it is done
// (domain decision D17). Pure text: nothing is looked at or changed.
#pragma once

#include <string>
#include <vector>

#include "controller/model/plan.h"

namespace poolshift {

// "1. …", "2. …", and last "done when: …". Kinds without words of their own get the properties to
// be set.
std::vector<std::string> ManualSteps(const Action& action);

// Whether there are words for a kind: a person can change it even where the eyes only observe it.
bool HasManualSteps(const std::string& kind);

// Which observations will agree: "DnsRecordSet/xmpp.contoso.com/A is observed with
// records=… ttl=300"; of a joint change every one.
std::string DoneWhen(const Action& action);

// What an observation still lacks, member by member: "ttl is 3600, wanted 300"; empty when it shows
// `after`.
std::vector<std::string> StillDifferent(const Observation& seen, const Value& after);

// The same of all that the action changes: `seen` holds its target, then each of `also`, in order.
// Where it changes several things, each text begins with the thing.
std::vector<std::string> StillDifferent(const std::vector<Observation>& seen, const Action& action);

}  // namespace poolshift
