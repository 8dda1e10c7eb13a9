// Record: one resource record, as the wire has it and as resources of kind DnsRecordSet spell it.
//
// Supported types: A, AAAA, SRV, TXT. A record's `fields` are its data taken apart, exactly as a
// server holds them:
//   A, AAAA {"203.0.113.11"}; SRV {"10", "0", "5269", "Xmpp.contoso.com"} (the target keeps its
//   letters); TXT its character strings, raw bytes, each at most 255 long.
// Prerequisites are made of fields that were read, so that they match a record byte for byte
// however it was written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace poolshift::dns {

using Fields = std::vector<std::string>;

struct Record {
  std::string name;  // lower case, no trailing dot
  std::string type;  // "A", "AAAA", "SRV", "TXT", "SOA" (fields {serial}; only ever read)
  std::uint32_t ttl = 0;
  Fields fields;
};

// The DnsRecordSet spelling: SRV "10 0 5269 xmpp.contoso.com" in lower case, AAAA as RFC 5952 asks,
// TXT joined.
std::string RecordText(std::string_view type, const Fields& fields);

// The inverse; a fault says what the text should look like. TXT is cut into strings of 255 bytes.
absl::StatusOr<Fields> ParseRecordText(std::string_view type, std::string_view text);

// As a zone file and nsupdate spell it: SRV "10 0 5269 xmpp.contoso.com.", TXT quoted and escaped.
std::string ZoneFileText(std::string_view type, const Fields& fields);

// Lower case, without the trailing dot.
std::string NormalName(std::string_view name);

// Whether `name` can be an owner name: labels of 1 to 63 letters, digits, `-`, `_`; at most 253 in
// all.
bool IsOwnerName(std::string_view name);

// Whether `name` is `zone` or below it. Both in normal form.
bool IsInZone(std::string_view name, std::string_view zone);

bool IsSupportedType(std::string_view type);

}  // namespace poolshift::dns
