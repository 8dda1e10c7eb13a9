// Rows of the table of rules: the invariants (rule_table.cc has the others, and joins them).
#include "controller/federation/rule_rows.h"

namespace poolshift {

namespace {

using Form = Rule::Form;
using Severity = Rule::Severity;
using Clauses = Rule::Clauses;
using Scope = Rule::Scope;

constexpr Rule kInvariants[] = {
    {"I-1",
     Form::kExactlyOne,
     Severity::kEveryState,
     Clauses::kMade,
     "exactly one Edge pool carries the SIP federation flag, in every state",
     "I-1",
     "",
     Scope::kOneFlag,
     "at rest: between its two publishes both pools carry the flag"},
    {"I-2",
     Form::kBracket,
     Severity::kEveryState,
     Clauses::kMade,
     "at most one Edge pool is routed for XMPP; while sites are routed one by one, no record moves",
     "I-2, D1"},
    {"I-3",
     Form::kCheck,
     Severity::kAtRest,
     Clauses::kNone,
     "names and addresses belong to one Edge pool alone",
     "001, I-3",
     "`validate` refuses a declaration that uses one twice; no plan renames anything"},
    {"I-4",
     Form::kImplication,
     Severity::kEveryState,
     Clauses::kMade,
     "a site's route leads to a pool whose flag is on",
     "I-4",
     "",
     Scope::kProtectedRoutes,
     "at rest, and in every state of XMPP routes and of each SIP route that is written: SIP routes "
     "to "
     "the dead former host still name it when its flag is gone"},
    {"I-5",
     Form::kCheck,
     Severity::kAtRest,
     Clauses::kNone,
     "all sites agree on the hosting pool",
     "I-5",
     "`validate` refuses hosts that differ; every plan ends with every site routed as declared"},
    {"I-6",
     Form::kCheck,
     Severity::kEveryState,
     Clauses::kNone,
     "a Front End pool uses one Edge pool for all of its services, at rest the declared one",
     "I-6",
     "one action writes all three services from one pool to the other, so it is never unset"},
    {"I-7",
     Form::kGate,
     Severity::kReadiness,
     Clauses::kMade,
     "every Front End server reaches the Edge servers on the internal ports",
     "001 note, I-7, P4",
     "",
     Scope::kAlways,
     "a new host on 5061 for SIP and 23456 for XMPP before its records move, an Edge pool that "
     "takes "
     "over conferencing on 443, 5061, 5062 and 8057; a wall that is seen is a person's to open "
     "before flag and routes lead there. What no provider looks at from a Front End server is not "
     "demanded of a new host, and said; of more than 128 paths some are looked at; 4443 shows in "
     "the replicas (I-14)"},
    {"I-8",
     Form::kGate,
     Severity::kAtRest,
     Clauses::kMade,
     "the best _sipfederationtls record leads to the flagged pool",
     "I-8"},
    {"I-9",
     Form::kGate,
     Severity::kAtRest,
     Clauses::kMade,
     "the best _xmpp-server record leads to the routed pool on port 5269",
     "I-9",
     "",
     Scope::kAlways,
     "in every state the port is 5269 and no two records have one number: a record set is replaced "
     "whole"},
    {"I-10",
     Form::kImplication,
     Severity::kEveryState,
     Clauses::kMade,
     "no record names an address before its port answers there",
     "I-10, F11",
     "",
     Scope::kAlways,
     "on Lync the former host's 5269 closes before its records move (D9)"},
    {"I-11",
     Form::kImplication,
     Severity::kEveryState,
     Clauses::kMade,
     "an SRV record's target has its addresses first",
     "RFC 2782, I-11",
     "",
     Scope::kAlways,
     "`validate` refuses a target outside of its domain and a name with other characters than "
     "letters, digits and inner hyphens; a target that is seen to be an alias (CNAME) is refused, "
     "where the provider can tell"},
    {"I-12",
     Form::kCheck,
     Severity::kEveryState,
     Clauses::kNone,
     "an address set holds all public addresses of one pool and no other",
     "I-12",
     "a record set is replaced whole, by one action; a silent server's addresses are left out "
     "(D7)"},
    {"I-13",
     Form::kCheck,
     Severity::kReadiness,
     Clauses::kNone,
     "the hosting pool's certificate covers every federated domain",
     "I-13",
     "a move to a pool whose certificate does not cover a name or has expired is refused, a "
     "planned "
     "one also when it ends within a day; servers of a pool with a topology that show different "
     "certificates are named; the Web Conferencing name is not asked for, since its service may "
     "have "
     "a certificate of its own"},
    {"I-14",
     Form::kWatermark,
     Severity::kEveryState,
     Clauses::kMade,
     "work on a server waits until its local replica holds the newest topology",
     "I-14, F12"},
    {"I-15",
     Form::kBracket,
     Severity::kEveryState,
     Clauses::kMade,
     "what is published is enabled before anything relies on it",
     "Enable-CsTopology, I-15"},
    {"I-16",
     Form::kLock,
     Severity::kEveryState,
     Clauses::kNone,
     "one write to the central store at a time, and none after somebody else's",
     "I-16",
     "each such action holds the lock `cms` and names the revision that it replaces"},
    {"I-17",
     Form::kImplication,
     Severity::kEveryState,
     Clauses::kMade,
     "the central store is alive before it is written",
     "I-17"},
    {"I-18",
     Form::kImplication,
     Severity::kEveryState,
     Clauses::kMade,
     "the next hop of a new host lives, and a pool that is failed over is no Edge pool's",
     "I-18",
     "",
     Scope::kAlways,
     "where a host's is declared out of service, its backup pool takes the place first, or the "
     "move "
     "is refused; where nobody can look at one it is not dead, and no record moves before it is "
     "seen"},
    {"I-19",
     Form::kImplication,
     Severity::kEveryState,
     Clauses::kMade,
     "the Edge services of the hosting pool run on every server",
     "I-19",
     "",
     Scope::kAlways,
     "at rest they listen too: on 5061 and 5269, and on Lync the XMPP proxy inside on 23456. Where "
     "the "
     "roles of a pool that goes on hosting are installed anew, each server answers again before "
     "the "
     "next one's turn"},
    {"I-20",
     Form::kGate,
     Severity::kEveryState,
     Clauses::kMade,
     "federation is allowed by policy, and each declared XMPP partner by settings that can "
     "authenticate it",
     "I-20, b.5",
     "",
     Scope::kAlways,
     "no plan takes a permission away; what is missing is a person's to allow"},
    {"I-21",
     Form::kCheck,
     Severity::kEveryState,
     Clauses::kNone,
     "remote access is untouched: no plan changes its names, nor stops what its users need",
     "001 Remote access, I-21",
     "every plan is searched for such an action before it is shown, and refused with one"},
    {"I-22",
     Form::kCheck,
     Severity::kEveryState,
     Clauses::kNone,
     "an action that can lose data needs a person's approval",
     "I-22",
     "such an action carries the demand, and `apply` stops before it"},
};

}  // namespace

std::vector<Rule> Invariants() { return {std::begin(kInvariants), std::end(kInvariants)}; }

}  // namespace poolshift
