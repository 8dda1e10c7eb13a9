// RecordSet: all records of one name and type, between the wire and resources of kind DnsRecordSet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/model/value.h"
#include "providers/dns/update/record.h"

namespace poolshift::dns {

struct RecordSet {
  std::uint32_t ttl = 0;
  std::vector<Fields> records;
};

// Sorted texts, as the resource has them.
std::vector<std::string> Texts(std::string_view type, const std::vector<Fields>& records);

// The same records and TTL, in whatever order and spelling.
bool SameSet(std::string_view type, const RecordSet& a, const RecordSet& b);

// "203.0.113.11, 203.0.113.12 (ttl 300)"; "no such record set" when empty.
std::string Describe(std::string_view type, const std::optional<RecordSet>& set);

// The writable properties {records, ttl} of a resource. A member that `value` lacks is taken from
// `fallback`, a change may hold only what it changes. Invalid argument: no record at all, no TTL
// from 0 to 2^31-1, a bad record.
absl::StatusOr<RecordSet> ParseRecordSet(std::string_view type,
                                         const Value& value,
                                         const Value& fallback);

// "xmpp.contoso.com/A" taken apart, in normal form; invalid argument when it is no such name.
absl::StatusOr<std::pair<std::string, std::string>> ParseSetName(std::string_view name);

}  // namespace poolshift::dns
