// Reading: one record set from one authoritative server, by a signed question.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "providers/dns/update/dns_transport.h"
#include "providers/dns/update/guard.h"
#include "providers/dns/update/record_set.h"
#include "providers/dns/update/settings.h"

namespace poolshift::dns {

// A name server's answer, or why there is none. Absent is an answer.
struct Reading {
  bool answered = false;
  bool silent = false;   // not answered, and it makes no sense to ask on: nobody speaks there
  bool refused = false;  // not answered, because our key may not
  std::string problem;   // of !answered: "[::1]:53 does not answer: …", with what to do
  std::optional<RecordSet> set;  // of answered
  // Of answered without a set: the name is an alias (CNAME), of this name, for so long.
  std::string alias;
  std::uint32_t alias_ttl = 0;
};

struct Question {
  const Zone& zone;
  const Endpoint& server;
  std::string_view name, type;  // normal form
};
Reading ReadSet(DnsTransport& transport, const Question& question, absl::Time deadline);

// What a refusal means and how it is cured. For REFUSED and NOTAUTH.
std::string RefusalText(const Reply& reply);

}  // namespace poolshift::dns
