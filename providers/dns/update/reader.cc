#include "providers/dns/update/reader.h"

#include <algorithm>

#include "fmt/format.h"

namespace poolshift::dns {
namespace {

std::string Unsigned(const Reply& reply) { return reply.verified ? "" : " (unsigned)"; }

// Why an answer says nothing of the zone; empty when it does.
std::string AnswerFault(const Reply& reply, const Zone& zone) {
  if (reply.rcode == Rcode::kRefused || reply.rcode == Rcode::kNotAuth) {
    const std::string reason = RefusalText(reply);
    return fmt::format("answers {}{}: {}", ToString(reply.rcode), Unsigned(reply), reason);
  }
  if (reply.rcode != Rcode::kNoError && reply.rcode != Rcode::kNxDomain) {
    return fmt::format("answers {}{}", ToString(reply.rcode), Unsigned(reply));
  }
  if (reply.authoritative) return "";
  return fmt::format(
      "is not authoritative for {}, or has delegated the name: list only the zone's own servers",
      zone.name);
}

}  // namespace

std::string RefusalText(const Reply& reply) {
  switch (reply.tsig_error) {
    case kBadSig:
      return "it knows the key's name, but the secret differs (BADSIG): compare both sides' secret "
             "and algorithm";
    case kBadKey:
      return "it does not know the key, or does not let it do this (BADKEY): compare the key's "
             "name "
             "and algorithm, and the grant";
    case kBadTime:
      return "its clock and ours differ by more than the 300 s allowed (BADTIME): set the clocks";
    case kBadTrunc:
      return "it wants a longer signature (BADTRUNC)";
    default:
      return "the key is not allowed to do this here";
  }
}

Reading ReadSet(DnsTransport& transport, const Question& question, absl::Time deadline) {
  Reading reading;
  const Reply reply = transport.Query(question.server, question.name, question.type, deadline);
  const std::string server = ToString(question.server);
  if (reply.state != Reply::State::kAnswered) {
    reading.silent = true;
    reading.problem = fmt::format("{} does not answer: {}", server, reply.problem);
    return reading;
  }
  const std::string fault = AnswerFault(reply, question.zone);
  if (!fault.empty()) {
    reading.refused = reply.rcode == Rcode::kRefused || reply.rcode == Rcode::kNotAuth;
    reading.problem = fmt::format("{} {}", server, fault);
    return reading;
  }
  reading.answered = true;
  for (const Record& record : reply.records) {
    if (record.name == question.name && record.type == "CNAME" && !record.fields.empty()) {
      reading.alias = NormalName(record.fields.front());
      reading.alias_ttl = record.ttl;
    }
    if (record.name != question.name || record.type != question.type) continue;
    if (!reading.set) reading.set = RecordSet{.ttl = record.ttl, .records = {}};
    reading.set->ttl = std::min(reading.set->ttl, record.ttl);
    reading.set->records.push_back(record.fields);
  }
  return reading;
}

}  // namespace poolshift::dns
