#include "controller/federation/pages.h"

namespace poolshift {
namespace {

using Treatment = Note::Treatment;

// 004: failing over the Edge pool used for XMPP federation.
constexpr PageStep kXmppFailover[] = {
    {"004",
     "1",
     "004 step 1",
     Treatment::kNotNeeded,
     "",
     "",
     "another Edge pool is deployed and declared"},
    {"004",
     "(flag)",
     "004 step 0",
     Treatment::kCorrected,
     "F4",
     "the page forgets the pool's flag \"Enable XMPP federation (port 5269)\": it is published "
     "first",
     "the page forgets the pool's XMPP flag; it is on"},
    {"004",
     "2",
     "004 step 2",
     Treatment::kCorrected,
     "F9",
     "only the XMPP proxy stops: Stop-CsWindowsService without a name would stop remote access and "
     "A/V too",
     "nothing has to stop on the new pool; Stop-CsWindowsService without a name would cut healthy "
     "users off"},
    {"004",
     "3",
     "004 step 3",
     Treatment::kCorrected,
     "F1 F5 F26",
     "the parameter is -XmppFederationRoute, its value a pool, and every site is routed, not one",
     "every site is routed there"},
    {"004",
     "(wait)",
     "",
     Treatment::kCorrected,
     "F12",
     "",
     "replication is waited for before anything relies on it"},
    {"004",
     "4",
     "004 step 4",
     Treatment::kCorrected,
     "F6 F11",
     "the record gets the pool's public addresses, after the port answers, not before",
     "the addresses are right already"},
    {"004",
     "5",
     "004 step 5",
     Treatment::kMoved,
     "F11",
     "the SRV record is made after the port answers",
     "the SRV record exists, with port 5269"},
    {"004",
     "6",
     "004 step 6",
     Treatment::kCorrected,
     "F10",
     "the port is checked after the service started; the page checks it while everything is "
     "stopped",
     "nothing moved"},
    {"004",
     "7",
     "004 step 7",
     Treatment::kMoved,
     "F11",
     "the service starts before any record moves",
     "the proxy runs on every server already"},
};

// The page on SIP federation failover that 000 and 001 refer to (domain.md P1).
constexpr std::string_view kTwoPublishes =
    "one flag is set and the other cleared by a publish of its own, each of which is enabled";

constexpr PageStep kSipFailover[] = {
    {"P1",
     "2",
     "P1 step 2",
     Treatment::kDone,
     "",
     "both flags change in one publish, then the topology is enabled",
     "the flag is on the declared pool",
     kTwoPublishes},
    {"P1",
     "(wait)",
     "",
     Treatment::kCorrected,
     "F12",
     "",
     "replication is waited for before the wizard runs"},
    {"P1",
     "5",
     "P1 step 5",
     Treatment::kCorrected,
     "F15",
     "the wizard runs on every server of the pool, not on one",
     "the installed roles match the topology"},
    {"P1",
     "(routes)",
     "P1 step 6",
     Treatment::kCorrected,
     "F3",
     "the page forgets the sites' federation routes: every site is routed",
     "every site is routed there"},
    {"P1",
     "(records)",
     "P1 step 8",
     Treatment::kCorrected,
     "F8",
     "SRV priorities do not fail SIP federation over: the record is rewritten, or its traffic "
     "manager switched",
     "the records lead there already"},
    {"P1",
     "(check)",
     "P1 step 9",
     Treatment::kCorrected,
     "F14",
     "5061 is probed from outside before records move",
     "nothing moved"},
};

// 000/002/003: failing back the Edge pool used for Lync Server federation or XMPP federation.
constexpr PageStep kFailbackStart[] = {
    {"000",
     "1",
     "000 step 1",
     Treatment::kCorrected,
     "F13",
     "REPLICA starts first and must be current: a stale replica still claims federation",
     "the services of the restored pool run"},
};
constexpr PageStep kSipFailback[] = {
    {"000",
     "2a-e",
     "000 step 2",
     Treatment::kDone,
     "",
     "both flags change in one publish, then the topology is enabled",
     "the flag is on the restored pool",
     kTwoPublishes},
    {"000",
     "2f",
     "000 step 2f",
     Treatment::kDone,
     "",
     "the wizard runs on every server whose roles differ",
     "the installed roles of the restored pool match the topology: it was never installed anew"},
    {"000",
     "2g",
     "000 step 2g",
     Treatment::kCorrected,
     "F15",
     "the pool that stood in is installed anew too",
     "the pool that stood in needs no new installation"},
    {"000",
     "(routes)",
     "000 step 2h",
     Treatment::kCorrected,
     "F3",
     "the page forgets the sites' federation routes",
     "every site is routed there"},
    {"000",
     "(records)",
     "P1 step 8",
     Treatment::kCorrected,
     "F8",
     "the page forgets the SIP records",
     "the records lead there already"},
};
constexpr PageStep kXmppFailback[] = {
    {"000",
     "3a",
     "000 step 3a",
     Treatment::kCorrected,
     "F1 F5",
     "the parameter is -XmppFederationRoute, and every site is routed, not one",
     "every site is routed there"},
    {"000",
     "3b",
     "000 step 3b",
     Treatment::kDone,
     "",
     "the SRV record is made",
     "the SRV record exists, with port 5269"},
    {"000",
     "3c",
     "000 step 3c",
     Treatment::kCorrected,
     "F2",
     "the page sends the record to EdgeServer2, from where it just came: it gets the restored "
     "pool's addresses",
     "the addresses are right already"},
    {"000",
     "3d",
     "000 step 3d",
     Treatment::kMoved,
     "F10",
     "5269 is probed from outside before the record moves",
     "nothing moved"},
};
constexpr PageStep kFailbackEnd[] = {
    {"000",
     "4",
     "000 step 4",
     Treatment::kDone,
     "",
     "conferencing goes back to the local Edge pool",
     "no Front End pool uses another site's Edge pool"},
    {"000",
     "5",
     "000 step 5",
     Treatment::kDone,
     "F18",
     "the Front End pool goes home, with a person's approval (the page prints "
     "Invoke-CsPoolFailback with an en dash)",
     "no Front End pool is to be failed back"},
};
// 001: Edge Server disaster recovery.
constexpr PageStep kEdgeDead[] = {
    {"001",
     "last section",
     "001 step 4",
     Treatment::kCorrected,
     "F17",
     "the page ends before the publish and the wait: three cmdlets write the association, "
     "replication is waited for",
     "no Front End pool has to use another Edge pool"},
    {"001",
     "Remote access",
     "",
     Treatment::kNotNeeded,
     "",
     "",
     "it recovers by itself through SRV priorities; nothing of it is changed"},
};

// Changing the Edge pool associated with a Front End pool.
constexpr PageStep kAssociation[] = {
    {"P5",
     "associate",
     "001 step 4",
     Treatment::kCorrected,
     "F17",
     "the page ends at OK, before the publish: three cmdlets write all three services, and the "
     "replicas are waited for",
     ""},
    {"P5",
     "(reach)",
     "P5 reach",
     Treatment::kCorrected,
     "F14",
     "every Front End server must reach the Edge servers first; the page does not look",
     "nothing moved"},
};

// Failing over a Front End pool, with the central store and the Edge pools' next hop.
constexpr PageStep kFrontEndFailover[] = {
    {"P6",
     "1",
     "P6 step 1",
     Treatment::kDone,
     "",
     "the next hop leaves the pool, in the same publish as everything else",
     "no Edge pool hands over to it"},
    {"P6",
     "2-4",
     "",
     Treatment::kNotNeeded,
     "",
     "",
     "where the central store is, whether it is alive and what it is paired with is observed"},
    {"P6",
     "5",
     "P6 step 5",
     Treatment::kCorrected,
     "F25",
     "the page prints -MirrorSQLServerFqdn, which does not exist: it is -BackupSqlServerFqdn",
     "the central store is alive"},
    {"P6",
     "6",
     "P6 step 5",
     Treatment::kMoved,
     "",
     "the replicas are waited for once, behind all writes",
     "the central store did not move"},
    {"P6",
     "7",
     "P6 step 7",
     Treatment::kDone,
     "",
     "with -DisasterMode only where the pool is declared and seen dead; it may be run again when "
     "it fails",
     "no Front End pool is failed over"},
    {"P6",
     "8",
     "000 step 5",
     Treatment::kDone,
     "",
     "the pool's users go home; the central store stays where it is",
     "no Front End pool is failed back"},
};

}  // namespace

std::span<const PageStep> StepsOf(SourcePage page) {
  switch (page) {
    case SourcePage::kXmppFailover:
      return kXmppFailover;
    case SourcePage::kSipFailover:
      return kSipFailover;
    case SourcePage::kFailbackStart:
      return kFailbackStart;
    case SourcePage::kSipFailback:
      return kSipFailback;
    case SourcePage::kXmppFailback:
      return kXmppFailback;
    case SourcePage::kFailbackEnd:
      return kFailbackEnd;
    case SourcePage::kEdgeDead:
      return kEdgeDead;
    case SourcePage::kAssociation:
      return kAssociation;
    case SourcePage::kFrontEndFailover:
      return kFrontEndFailover;
  }
  return {};
}

}  // namespace poolshift
