"""The scenarios. Each is a function of a Stage; its first line of text is why it is here. What it asserts is traffic, records and
the product's exit status, never the product's account of what it did."""

import time

import edge
import lync
import manifests
import network
from stage import PROTOCOLS


def failover(stage):
    """Site 1 is a black hole: both federations move to edge2 in one commit"""
    to = stage.begin("edge1")
    cut = stage.mark("site 1 is cut off")
    network.black_hole("s1")
    try:
        time.sleep(3)
        stage.commit(to, out="edge1")
        since = time.time()
        stage.end_of(stage.apply(), 0)
        stage.settle(to)
        time.sleep(3)
        stage.stop_traffic()
        stage.check_records(to, "records lead to edge2")
        for protocol, source in stage.traffic.sources.items():
            last = source.outcome(since=time.time() - 10)
            stage.check(source.first_answer(to, since) is not None, f"{protocol} is answered by edge2")
            stage.check(set(last["pools"]) <= {to}, f"and by nobody else at the end: {last}")
        stage.report_move(to, since)
        stage.fact("from the cut to the commit", f"{since - cut:.1f} s")
    finally:
        network.end_black_hole("s1")


def failback(stage):
    """A planned move of both federations in one commit, of at least 300 messages each: nothing bounces, no SIP message is lost, and of XMPP
    at most the one that ejabberd is sending while its stream is closed"""
    to = stage.begin("edge2")
    stage.commit(to)
    since = time.time()
    stage.end_of(stage.apply(), 0)
    stage.settle(to)
    # As many messages as are claimed, most of them before and during the move.
    while min(len(source.sent) for source in stage.traffic.sources.values()) < 330:
        time.sleep(0.2)
    stage.stop_traffic()
    stage.check_records(to, "records lead to edge1")
    for protocol, outcome in stage.outcomes().items():
        stage.check(outcome["sent"] >= 300, f"{outcome['sent']} {protocol} messages were sent")
        under_way = 1 if protocol == "xmpp" else 0
        stage.check(outcome["bounced"] == 0 and outcome["lost"] <= under_way,
                    f"{protocol}: {outcome['bounced']} bounced, {outcome['lost']} lost, at most {under_way} under way")
        stage.check(set(outcome["pools"]) == {"edge1", "edge2"}, f"{protocol} was answered by one pool, then by the other")
    stage.report_move(to, since)
    drift = stage.product.drift()
    stage.check(drift.returncode == 0, f"`poolshift drift` finds nothing: {drift.stdout.strip()[-300:]}")


def stop_first(stage):
    """Negative control, without the product: whoever stops the old pool first loses messages"""
    to = stage.begin("edge1")
    since = stage.mark("by hand: edge1 stops")
    stage.lab.on_all(lambda machine: machine.stop(), stage.lab.pool("edge1"))
    stage.mark("by hand: edge2 starts")
    stage.lab.on_all(lambda machine: machine.start(), stage.lab.pool(to))
    stage.traffic.wait_for_users(edge.POOLS[to])
    stage.mark("by hand: records lead to edge2")
    stage.lab.move_records_by_hand(to)
    stage.settle(to)
    time.sleep(2)
    stage.stop_traffic()
    for protocol, outcome in stage.outcomes(since).items():
        stage.check(outcome["bounced"] + outcome["lost"] > 0,
                    f"{protocol} loses: {outcome['bounced']} bounced, {outcome['lost']} lost")
    stage.report_move(to, since)


def dns_only(stage):
    """Records alone move no XMPP stream, and the product does not call that converged"""
    to = stage.begin("edge1", others_run=True)
    stage.commit(to)
    since = stage.mark("by hand: records lead to edge2, nothing else")
    stage.lab.move_records_by_hand(to)
    time.sleep(8)
    late = stage.traffic.sources["xmpp"].outcome(since=since + 5, until=time.time() - 1)
    stage.check(set(late["pools"]) == {"edge1"}, f"XMPP stays where its stream is: {late}")
    drift = stage.product.drift()
    stage.check(drift.returncode == 2, f"`poolshift drift` tells of it: exit {drift.returncode}: {drift.stdout.strip()[-400:]}")
    stage.check("stream" in drift.stdout, "and names the streams that are left")
    stage.end_of(stage.apply(), 0)
    stage.settle(to)
    time.sleep(2)
    stage.stop_traffic()
    last = stage.traffic.sources["xmpp"].outcome(since=time.time() - 8)
    stage.check(set(last["pools"]) == {to}, f"after an apply XMPP is answered by edge2: {last}")
    for protocol, outcome in stage.outcomes().items():
        stage.check(outcome["bounced"] == 0 and outcome["lost"] == 0,
                    f"{protocol}: {outcome['bounced']} bounced, {outcome['lost']} lost")


def filtered(stage):
    """A firewall drops 5269 at the new pool: no record moves until it is open"""
    to = stage.begin("edge1", others_run=True)
    for place in edge.POOLS[to]:
        network.drop_port(place, 5269)
    stage.mark("a firewall drops 5269 of edge2")
    stage.commit(to)
    run = stage.apply()
    time.sleep(15)
    stage.check(stage.records()["xmpp"] == sorted(network.outside(place) for place in edge.POOLS["edge1"]),
                "15 s later the address record still leads to edge1")
    stage.check(run.process.poll() is None, "the run waits for a person")
    stage.mark("a person opens the firewall")
    network.end_drop_port()
    stage.end_of(run, 0)
    stage.settle(to)
    stage.stop_traffic()
    stage.check_records(to, "then records lead to edge2")
    for protocol, outcome in stage.outcomes().items():
        stage.check(outcome["bounced"] == 0 and outcome["lost"] == 0,
                    f"{protocol}: {outcome['bounced']} bounced, {outcome['lost']} lost")


def wrong_certificate(stage):
    """The new pool's certificate lacks the domain's name: refused before anything is touched"""
    to = stage.begin("edge1")
    for machine in stage.lab.pool(to):
        machine.install_certificate("wrong")
    try:
        stage.commit(to)
        stage.end_of(stage.apply(), 12)
        stage.check_records("edge1", "records still lead to edge1")
        time.sleep(2)
        stage.stop_traffic()
        for protocol, outcome in stage.outcomes().items():
            stage.check(set(outcome["pools"]) == {"edge1"} and outcome["bounced"] + outcome["lost"] == 0,
                        f"{protocol} is untouched: {outcome}")
    finally:
        for machine in stage.lab.pool(to):
            machine.install_certificate(machine.name)


def check_under_way(stage):
    """ejabberd may lose what it is sending in the moment when the stream is closed; more is never lost."""
    for protocol, outcome in stage.outcomes().items():
        most = 1 if protocol == "xmpp" else 0
        stage.check(outcome["bounced"] == 0 and outcome["lost"] <= most,
                    f"{protocol}: {outcome['bounced']} bounced, {outcome['lost']} lost, at most {most} under way")


def one_server_down(stage):
    """One of the two servers of the new pool has no power: the move goes to the other, and says that redundancy is lost"""
    to = stage.begin("edge1")
    dead = stage.lab.edges["s2e2"]
    stage.mark("s2e2 loses power")
    dead.power_off()
    try:
        stage.commit(to)
        since = time.time()
        stage.end_of(stage.apply(), (0, 1))
        stage.settle(to)
        time.sleep(2)
        stage.stop_traffic()
        stage.check_records(to, "records lead to the living server alone", places=["s2e1"])
        check_under_way(stage)
        for protocol, outcome in stage.outcomes().items():
            stage.check("s2e1" in outcome["servers"] and "s2e2" not in outcome["servers"], f"{protocol}: {outcome['servers']}")
        stage.report_move(to, since)
    finally:
        dead.power_on()


def killed(stage):
    """The controller dies between the records and the drain: the next run ends what it began"""
    to = stage.begin("edge1")
    stage.commit(to)
    since = time.time()
    run = stage.apply()
    run.wait_for("point A xmpp")
    run.kill()
    stage.marks += run.marks
    stage.mark("the controller is killed")
    stage.check_records_of_xmpp(to)
    time.sleep(1)
    stage.end_of(stage.apply("--override", "the first controller died", verb="resume"), 0)
    stage.settle(to)
    time.sleep(2)
    stage.stop_traffic()
    stage.check_records(to, "records lead to edge2")
    last = stage.traffic.sources["xmpp"].outcome(since=time.time() - 8)
    stage.check(set(last["pools"]) == {to}, f"XMPP is answered by edge2 alone: {last}")
    check_under_way(stage)
    stage.report_move(to, since)
    drift = stage.product.drift()
    stage.check(drift.returncode == 0, f"`poolshift drift` finds nothing: {drift.stdout.strip()[-300:]}")


def changed_by_hand(stage):
    """Somebody changes the A record while the run is under way: it is not overwritten; the next plan takes it into account"""
    to = stage.begin("edge1")
    stage.commit(to)
    run = stage.apply()
    run.wait_for("start ")
    stage.mark("by hand: the A record names one server only")
    stage.lab.authority.by_hand("xmpp", [network.outside("s1e2")])
    stage.end_of(run, (1, 13))
    stage.check(stage.records()["xmpp"] == [network.outside("s1e2")], f"what was written by hand stands: {stage.records()}")
    stage.end_of(stage.apply(), 0)
    stage.settle(to)
    time.sleep(2)
    stage.stop_traffic()
    stage.check_records(to, "after another plan records lead to edge2")
    for protocol, outcome in stage.outcomes().items():
        stage.check(outcome["bounced"] == 0 and outcome["lost"] == 0,
                    f"{protocol}: {outcome['bounced']} bounced, {outcome['lost']} lost")


def lync_emulator(stage):
    """The Lync emulator is the control plane, and its services are the real ones: both federations move off a site that is cut off"""
    organisation = lync.Organisation(stage.lab)
    try:
        stage.write = organisation.write
        to = stage.begin("edge1", others_run=True)
        for machine in stage.lab.pool(to):
            machine.run("systemctl", "stop", "prosody")
        stage.mark("site 1 is cut off")
        network.black_hole("s1")
        time.sleep(2)
        stage.commit(to, out="edge1")
        since = time.time()
        stage.end_of(stage.apply(), 0)
        stage.settle(to)
        time.sleep(3)
        stage.stop_traffic()
        stage.check_records(to, "records lead to edge2")
        for protocol, source in stage.traffic.sources.items():
            stage.check(source.first_answer(to, since) is not None, f"{protocol} is answered by edge2")
        for name, site in organisation.world()["sites"].items():
            stage.check(set(site.values()) == {"EdgeServer:edgepool2.contoso.test"}, f"routes of {name} in the emulated store: {site}")
        stage.report_move(to, since)
    finally:
        network.end_black_hole("s1")
        organisation.close()


def imported(stage):
    """Manifests are imported from servers and zone alone: planning them is empty, and another host in them is a move"""
    to = stage.begin("edge1")
    for machine in stage.lab.pool("edge1"):
        machine.enable(True)
    try:
        seed, result = stage.manifests.parent / "seed", stage.manifests.parent / "imported"
        seed.mkdir()
        manifests.write_seed(seed, stage.lab.authority.key_file, stage.successes)
        first = stage.product.call("import", seed, "--output", result, "--state-dir", stage.state)
        stage.check(first.returncode == 0, f"`poolshift import` finds nothing to do: exit {first.returncode}: {first.stderr.strip()[-600:]}")
        stage.product.manifests = result
        head = (result / "organization.yaml").read_text()
        pools = (result / "pools.yaml").read_text()
        stage.check("hosts: {federation: sip1, xmpp: sip1}" in head, f"the pool that serves and is named in DNS hosts both: {head}")
        for site in "12":
            servers = [f"addresses: [{network.outside(place)}]" for place in edge.POOLS[f"edge{site}"]]
            stage.check(f"metadata: {{name: sip{site}}}" in pools and f"accessEdge: {{fqdn: sip{site}.contoso.test}}" in pools
                        and all(server in pools for server in servers), f"the servers of site {site} are one pool, at their public addresses")
        plan = stage.product.plan()
        stage.check(plan.returncode == 0, f"`poolshift plan` finds nothing to do: exit {plan.returncode}: {plan.stdout.strip()[-600:]}")
        marked = stage.product.call("adopt", "--auto-approve", *stage.product.places)
        stage.check(marked.returncode == 0, f"`poolshift adopt` marks the records: exit {marked.returncode}: {(marked.stdout + marked.stderr).strip()[-600:]}")
        again = stage.product.call("adopt", *stage.product.places)
        plan = stage.product.plan()
        stage.check(again.returncode == 0 and plan.returncode == 0, f"then there is nothing to adopt and nothing to do: exit {again.returncode},"
                    f" {plan.returncode}: {again.stdout.strip()[-300:]}")

        stage.mark("commit: sip2 hosts both")
        (result / "organization.yaml").write_text(head.replace("{federation: sip1, xmpp: sip1}", "{federation: sip2, xmpp: sip2}"))
        moved, plan = stage.product.plan_json()
        titles = [action["title"] for action in plan.get("actions", [])]
        stage.check(moved == 2 and any("point A xmpp.contoso.test" in title for title in titles), f"another host is a move: exit {moved}: {titles}")
        since = time.time()
        stage.end_of(stage.apply(), 0)
        stage.settle(to)
        time.sleep(2)
        stage.stop_traffic()
        stage.check_records(to, "records lead to edge2")
        stage.report_move(to, since)
    finally:
        for name in edge.POOLS:
            for machine in stage.lab.pool(name):
                machine.enable(False)


def imported_undecided(stage):
    """Two pools serve and records lead to both, or a site cannot be looked at: import says so and chooses nobody"""
    stage.begin("edge1", others_run=True)
    stage.stop_traffic()
    seed = stage.manifests.parent / "seed"
    seed.mkdir()
    manifests.write_seed(seed, stage.lab.authority.key_file, stage.successes)
    stage.mark("by hand: the A record names both pools")
    stage.lab.authority.by_hand("xmpp", [network.outside(place) for places in edge.POOLS.values() for place in places])
    both = stage.product.call("import", seed, "--state-dir", stage.state)
    stage.check(both.returncode == 10, f"exit {both.returncode}: {both.stderr.strip()[-600:]}")
    stage.check("which pool hosts XMPP federation cannot be told: records lead to sip1 and sip2 alike; sip1 and sip2 serve" in both.stderr,
                "both pools are named on stderr")
    stage.check("hosts: {federation: sip1}" in both.stdout and "# XMPP federation: cannot be told" in both.stdout,
                "the other protocol's host is written, this one's is a comment")
    stage.lab.move_records_by_hand("edge1")
    network.black_hole("s1")
    try:
        away = stage.product.call("import", seed, "--state-dir", stage.state)
    finally:
        network.end_black_hole("s1")
    stage.check(away.returncode == 10, f"with site 1 cut off: exit {away.returncode}: {away.stderr.strip()[-600:]}")
    stage.check("could not be asked for its addresses" in away.stdout and "no server of it could be looked at" in away.stdout,
                "what could not be looked at is in the comments")
    stage.check("hosts: {" not in away.stdout, "and nobody is taken for the host because the other one is silent")


SHORT = (failover, failback)
ALL = (failover, failback, stop_first, dns_only, filtered, wrong_certificate, one_server_down, killed, changed_by_hand,
       imported, imported_undecided, lync_emulator)
ON_KNOT = (failover, failback, imported)

__all__ = ["SHORT", "ALL", "ON_KNOT", "PROTOCOLS"]
