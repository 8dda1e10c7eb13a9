// Record data as text, in the one form that the kind DnsRecordSet uses.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace poolshift::sim {

// What is wrong with a record set "<name>/<type>", in words; empty when it is good. No records is
// good.
std::string RecordSetFault(std::string_view key, const std::vector<std::string>& records);

}  // namespace poolshift::sim
