#include "providers/probe/look/resolving.h"

#include <algorithm>
#include <future>

#include "absl/strings/ascii.h"
#include "absl/time/clock.h"

#include "fmt/format.h"
#include "fmt/ranges.h"
#include <arpa/inet.h>
#include <ldns/ldns.h>
#include <netdb.h>

namespace poolshift::probe {
namespace {

using Dname = std::unique_ptr<ldns_rdf, Releases<ldns_rdf_deep_free>>;
using Packet = std::unique_ptr<ldns_pkt, Releases<ldns_pkt_free>>;
using Resolver = std::unique_ptr<ldns_resolver, Releases<ldns_resolver_deep_free>>;

constexpr std::size_t kMostRecords = 200;
constexpr std::size_t kMostAddresses = 8;

bool IsAddress(const std::string& text) {
  unsigned char bytes[sizeof(in6_addr)];
  return inet_pton(AF_INET, text.c_str(), bytes) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

Resolver MakeResolver(const HostPort& place, absl::Duration patience) {
  Resolver resolver(ldns_resolver_new());
  if (resolver == nullptr) return nullptr;
  const bool v6 = place.address.find(':') != std::string::npos;
  const Dname address(
      ldns_rdf_new_frm_str(v6 ? LDNS_RDF_TYPE_AAAA : LDNS_RDF_TYPE_A, place.address.c_str()));
  if (address == nullptr ||
      ldns_resolver_push_nameserver(resolver.get(), address.get()) != LDNS_STATUS_OK)
    return nullptr;
  ldns_resolver_set_port(resolver.get(), static_cast<std::uint16_t>(place.port));
  ldns_resolver_set_recursive(resolver.get(), true);
  ldns_resolver_set_retry(resolver.get(), 2);
  ldns_resolver_set_retrans(resolver.get(), 0);
  const absl::Duration each = patience / 2;
  ldns_resolver_set_timeout(resolver.get(),
                            absl::ToTimeval(std::max(each, absl::Milliseconds(50))));
  return resolver;
}

// "10 0 5269 xmpp.contoso.com"
std::string RecordText(const ldns_rr& record) {
  std::string text;
  const bool is_text = ldns_rr_get_type(&record) == LDNS_RR_TYPE_TXT;
  for (std::size_t i = 0; i < ldns_rr_rd_count(&record); ++i) {
    const std::unique_ptr<char, Releases<::free>> field(ldns_rdf2str(ldns_rr_rdf(&record, i)));
    std::string word = field == nullptr ? "?" : field.get();
    if (is_text && word.size() >= 2 && word.front() == '"') word = word.substr(1, word.size() - 2);
    if (!is_text && word.size() > 1 && word.back() == '.') word.pop_back();
    if (!is_text) word = absl::AsciiStrToLower(word);
    text += (text.empty() || is_text ? "" : " ") + word;
  }
  return Printable(text, 500);
}

Resolved Failure(std::string problem) {
  Resolved resolved;
  resolved.problem = std::move(problem);
  return resolved;
}

Resolved ReadPacket(const ldns_pkt& packet, ldns_rr_type type) {
  const ldns_pkt_rcode rcode = ldns_pkt_get_rcode(&packet);
  if (rcode != LDNS_RCODE_NOERROR && rcode != LDNS_RCODE_NXDOMAIN) {
    const std::unique_ptr<char, Releases<::free>> name(ldns_pkt_rcode2str(rcode));
    return Failure(fmt::format("answers {}", name == nullptr ? "an error" : name.get()));
  }
  Resolved resolved;
  resolved.kind = Resolved::Kind::kNone;
  const ldns_rr_list* answers = ldns_pkt_answer(&packet);
  for (std::size_t i = 0; i < ldns_rr_list_rr_count(answers); ++i) {
    const ldns_rr* record = ldns_rr_list_rr(answers, i);
    if (ldns_rr_get_type(record) != type || resolved.records.size() >= kMostRecords) continue;
    const std::int64_t ttl = ldns_rr_ttl(record);
    resolved.ttl = resolved.records.empty() ? ttl : std::min(resolved.ttl, ttl);
    resolved.records.push_back(RecordText(*record));
    resolved.kind = Resolved::Kind::kFound;
  }
  std::sort(resolved.records.begin(), resolved.records.end());
  return resolved;
}

std::string Told(const Resolved& resolved) {
  if (resolved.kind == Resolved::Kind::kFailed) return resolved.problem;
  if (resolved.kind == Resolved::Kind::kNone) return "has none";
  return fmt::format("has {}", fmt::join(resolved.records, ", "));
}

std::vector<Resolved> AskAll(const Eyes& eyes,
                             const std::string& name,
                             const std::string& type,
                             absl::Time deadline) {
  std::vector<std::future<Resolved>> asked;
  for (const HostPort& resolver : eyes.resolvers) {
    asked.push_back(std::async(std::launch::async,
                               [&] { return AskResolver(resolver, name, type, deadline); }));
  }
  std::vector<Resolved> told;
  for (std::future<Resolved>& each : asked)
    told.push_back(each.get());
  return told;
}

void AddSystemAddresses(const std::string& host,
                        std::vector<std::string>& found,
                        Verdict& verdict) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error = getaddrinfo(host.c_str(), nullptr, &hints, &list);
  if (error != 0) {
    const bool none = error == EAI_NONAME || error == EAI_NODATA;
    verdict = {none ? State::kUnreachable : State::kBlind,
               fmt::format("{} does not resolve here: {}", host, gai_strerror(error))};
    return;
  }
  for (const addrinfo* each = list; each != nullptr; each = each->ai_next) {
    char text[INET6_ADDRSTRLEN] = "";
    if (getnameinfo(
            each->ai_addr, each->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) == 0)
      found.emplace_back(text);
  }
  freeaddrinfo(list);
}

void AddAddresses(const Eyes& eyes,
                  const std::string& host,
                  absl::Time deadline,
                  std::vector<std::string>& found,
                  Verdict& verdict) {
  std::string problems;
  bool heard = false;
  for (const char* type : {"A", "AAAA"}) {
    for (const Resolved& told : AskAll(eyes, host, type, deadline)) {
      found.insert(found.end(), told.records.begin(), told.records.end());
      heard = heard || told.kind != Resolved::Kind::kFailed;
      if (told.kind == Resolved::Kind::kFailed) problems = told.problem;
    }
  }
  if (!found.empty()) return;
  verdict = heard ? Verdict{State::kUnreachable, host + " has no address"}
                  : Verdict{State::kBlind, fmt::format("no resolver knows {}: {}", host, problems)};
}

}  // namespace

Resolved AskResolver(const HostPort& place,
                     const std::string& name,
                     const std::string& type,
                     absl::Time deadline) {
  const absl::Duration patience = deadline - absl::Now();
  const Resolver resolver = MakeResolver(place, patience);
  const Dname owner(ldns_dname_new_frm_str(name.c_str()));
  const ldns_rr_type wanted = ldns_get_rr_type_by_name(type.c_str());
  const std::string who = Place(place.address, place.port);
  if (resolver == nullptr || owner == nullptr)
    return Failure(who + ": the question makes no sense");
  ldns_pkt* answer = nullptr;
  const ldns_status status = ldns_resolver_query_status(
      &answer, resolver.get(), owner.get(), wanted, LDNS_RR_CLASS_IN, LDNS_RD);
  const Packet packet(answer);
  if (status != LDNS_STATUS_OK || packet == nullptr)
    return Failure(fmt::format("{}: {}", who, ldns_get_errorstr_by_id(status)));
  Resolved resolved = ReadPacket(*packet, wanted);
  if (resolved.kind == Resolved::Kind::kFailed) resolved.problem = who + ' ' + resolved.problem;
  return resolved;
}

Answer LookUp(const Eyes& eyes, const Question& question, absl::Time deadline) {
  Answer answer;
  answer.id = question.id;
  if (eyes.resolvers.empty()) {
    answer.evidence = "the vantage has no resolvers";
    return answer;
  }
  const std::vector<Resolved> told = AskAll(eyes, question.host, question.type, deadline);
  const auto first = std::find_if(told.begin(), told.end(), [](const Resolved& each) {
    return each.kind != Resolved::Kind::kFailed;
  });
  bool differ = false;
  std::string all;
  for (std::size_t i = 0; i < told.size(); ++i) {
    differ = differ || first == told.end() || told[i].kind != first->kind ||
             told[i].records != first->records;
    const bool failed = told[i].kind == Resolved::Kind::kFailed;
    const HostPort& resolver = eyes.resolvers[i];
    all +=
        (all.empty() ? "" : "; ") +
        (failed ? told[i].problem : Place(resolver.address, resolver.port) + ' ' + Told(told[i]));
  }
  answer.evidence = Printable(all, 500);
  if (first == told.end()) return answer;
  answer.state = State::kOpen;
  answer.found = first->kind == Resolved::Kind::kFound;
  answer.records = first->records;
  answer.ttl = first->ttl;
  if (differ) answer.disagreement = answer.evidence;
  return answer;
}

std::vector<std::string> AddressesOf(const Eyes& eyes,
                                     const std::string& host,
                                     absl::Time deadline,
                                     Verdict& verdict) {
  if (IsAddress(host)) return {host};
  std::vector<std::string> found;
  if (eyes.resolvers.empty()) {
    AddSystemAddresses(host, found, verdict);
  } else {
    AddAddresses(eyes, host, deadline, found, verdict);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  if (found.size() > kMostAddresses) found.resize(kMostAddresses);
  return found;
}

}  // namespace poolshift::probe
