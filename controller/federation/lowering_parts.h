// The parts of the lowering, called in this order by Lower(). Each reads the handles of those
// before it (draft.h).
#pragma once

#include "absl/time/time.h"

#include "controller/federation/draft.h"

namespace poolshift {

void CheckCertificates(Draft& draft);  // I-13: of hosts and new standbys
void LowerZombies(Draft& draft);       // what is out of service and answers is silenced (D12)
void LowerServices(Draft& draft);
void LowerCentralStore(Draft& draft);  // where it is dead and is to be failed over
void LowerSipOrder(Draft& draft);      // in which order flags and routes change, and why
void LowerTopology(Draft& draft);      // flags and next hops: one document, one publish
void LowerDirectors(Draft& draft);
void LowerRoutes(Draft& draft);
void LowerOnePublish(Draft& draft);    // where a person publishes all of it
void LowerEnabling(Draft& draft);      // what is published and was never enabled (I-15)
void LowerFirstServing(Draft& draft);  // who answers before routes change (D2)
void LowerReplication(Draft& draft);   // the gate behind all central store writes
void LowerComponents(Draft& draft);
void LowerRolling(Draft& draft);  // lowering_rolling.cc: one server after the other (I-19)
void LowerFences(Draft& draft);   // lowering_zombies.cc: what is back in service is let in again
void LowerProbes(Draft& draft);   // lowering_outside.cc
// How old what a probe saw may be when a record is changed that leads to what was probed.
inline constexpr absl::Duration kProbeCounts = absl::Seconds(10);
// How long it may take until what is there is seen.
inline constexpr absl::Duration kProbeTimeout = absl::Minutes(2);
void LowerWayInside(Draft& draft);  // the host has a way inside (k.5)
// By day, not by a run that waits in vain.
void SayNoWayInside(const Draft& draft, const EdgePool& pool, Diagnostics& warnings);
// Of the probes, lowering_inside.cc: the Front End servers reach the new host (I-7), and its next
// hop is seen (I-18). `needs` is what the host must be before anybody is led there.
void LowerInside(Draft& draft, const Move& move, Conditions& needs);
void LowerNextHop(Draft& draft, const Move& move, Conditions& needs);
// Who gets no answer from the declared host inside, in words; "" where nothing stands in the way,
// or nobody can look.
std::string WallInside(const View& view, const Move& move);
// The host's next hop could not be looked at: of a move that is prepared.
void SayUnseenNextHop(const Draft& draft, const Move& move, Diagnostics& warnings);
void KeepRoutesUntilServed(Draft& draft);  // lowering_serve_first.cc
void LowerClosing(Draft& draft);  // lowering_drain.cc: the former XMPP host stops listening (D9)
void LowerRecords(Draft& draft);
void WaitForSilence(Draft& draft);   // lowering_zombies.cc: nothing moves while a zombie answers
void WaitForEnabling(Draft& draft);  // lowering_enabling.cc
// D18: whether the records that a planned move changes may move now.
void LowerPreparation(Draft& draft);
// D18: of everything lowered keeps only what `prepare` does, with what is known about readiness.
void KeepPreparation(Draft& draft, Diagnostics readiness);
void LowerGtms(Draft& draft);  // D16: a person's step, seen by vantages
// Some vantage resolves a traffic manager's name to what is no address of the host.
bool AnyGtmDiffers(const Draft& draft);
void LowerSettling(Draft& draft);      // lowering_outside.cc: caches, and the look by name
void LowerDrain(Draft& draft);         // streams are gone
void LowerAssociations(Draft& draft);  // after federation, which does not wait for conferencing
void LowerFrontEndPools(Draft& draft);
void WaitForReturn(
    Draft& draft);  // P3.0: a way back first sees the pools alive that it supposes so
void RefuseDeadCentralStore(Draft& draft);  // something must be written and cannot be

void LowerPolicy(Draft& draft);  // what policy must allow is a person's step (I-20)
void AskPartners(Draft& draft);  // D19.1: who must allow the host's name is a person's to ask
void WaitForPartners(Draft& draft);
void CheckRemoteAccess(Draft& draft);  // lowering_checks.cc: I-21, of the operators made

// --- lowering_unseen.cc: what is left out for want of a look
// Somebody should be able to look at it, and could not.
bool IsHidden(const Draft& draft, const ResourceId& id);
// Services of the pool that is to host the protocol.
void LeaveOutUnseenServices(Draft& draft, Protocol protocol, const EdgePool& pool);
// The protocol's service of a living former host, which has to stop.
void LeaveOutUnseenListener(Draft& draft, Protocol protocol, const EdgePool& former);
// Goals whose records were not seen; not empty.
void LeaveOutRecords(Draft& draft, const std::vector<const RecordGoal*>& unseen);

// Of the zombies: the server's replica can be looked at, or will be up before anything relies on
// it.
bool CanTellCurrency(const Draft& draft, const EdgeServer& server);

// The server's replica holds what the topology will say: the gate behind the plan's writes, or, of
// a host that is served first, behind its publish; when it writes nothing and the replica is
// behind, one of its own.
Conditions ReplicaHoldsIt(Draft& draft, const EdgeServer& server);

// Removing 5061 from a live former SIP host waits until nobody is led there any more (F15).
bool IsFormerSipHost(const Draft& draft, const EdgePool& pool);

// Of the components: the server's installed roles differ from what the topology will say.
bool MustInstall(const Draft& draft, const EdgePool& pool, const EdgeServer& server);

}  // namespace poolshift
