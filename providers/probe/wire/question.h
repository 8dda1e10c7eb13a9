// Question and Answer: what a vantage is asked to look at, and what it saw. Plain values; the same
// whether the vantage is this process or an agent at the other end of the world.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace poolshift::probe {

enum class Speech {
  kTcp,   // open a connection, say nothing
  kTls,   // and begin TLS, to see the certificate
  kSip,   // OPTIONS over mutual TLS (RFC 3261)
  kXmpp,  // a server stream with STARTTLS (RFC 6120)
};
std::string_view Name(Speech speech);

struct Question {
  int id = 0;
  bool resolve = false;  // ask the resolvers for records of `host`, connect to nothing
  std::string host;      // IPv4 or IPv6 address, or a name that the vantage resolves
  int port = 0;
  Speech speech = Speech::kTcp;
  // Domains to ask for, one conversation each (XMPP), or the names that the server is called by,
  // the first of which is asked for (SIP, TLS). The certificate must cover each.
  std::vector<std::string> names;
  std::string type;  // of `resolve`: A, AAAA, SRV, TXT
  bool operator==(const Question&) const = default;
};

enum class State {
  kBlind,  // could not look; nothing may be concluded about the target
  kOpen,
  kRefused,
  kFiltered,
  kUnreachable,
};
std::string_view Name(State state);

struct Answer {
  int id = 0;
  State state = State::kBlind;
  bool spoke = false;  // answered in the protocol, in a way that a partner's server would accept
  std::vector<std::string> certificate_names;
  std::string certificate_not_after;  // RFC 3339, "" = no certificate was seen
  std::string evidence;               // one line of printable ASCII
  std::int64_t at = 0;                // seconds since 1970, on the vantage's clock
  // Of `resolve`, when state is kOpen:
  bool found = false;
  std::vector<std::string> records;  // sorted, as kind DnsRecordSet spells them
  std::int64_t ttl = 0;
  std::string disagreement;  // "" or how the resolvers differ
  bool operator==(const Answer&) const = default;
};

// Printable ASCII of at most `longest` bytes: anything else becomes `?`. For what others wrote.
std::string Printable(std::string_view text, std::size_t longest = 200);

// "203.0.113.11:5061", "[2001:db8::1]:5061"
std::string Place(std::string_view host, int port);

}  // namespace poolshift::probe
