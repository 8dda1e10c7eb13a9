#!/usr/bin/env python3
"""`./dev verify starts`: one goal from many other starting states, through the real programs.

A starting state is the world of a scenario in which anything that a run may have left half-done, or a hand may have
changed, is something else: flags, routes, records, services, installed components, local copies that are behind, what was written
and never enabled, associations. The goal is that the first pool hosts both, or, of the other half, that it has died and the second
does. From each of them `apply` must end in the same observable state, and the next plan must be empty, byte for byte the same.
Whether the XMPP proxies of the pool that hosts nothing run is not declared: what ran may run on, but none is started.
A state that a rule refuses to start from (its reason is printed with --verbose) is replaced by the next seed."""

import argparse
import collections
import concurrent.futures
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

import controllers

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
POOLS = ("edgepool1.contoso.com", "edgepool2.contoso.com")
SERVERS = {POOLS[0]: ("edgeserver1a.contoso.com", "edgeserver1b.contoso.com"),
           POOLS[1]: ("edgeserver2a.contoso.com", "edgeserver2b.contoso.com")}
ADDRESSES = {POOLS[0]: "[203.0.113.11, 203.0.113.12]", POOLS[1]: "[198.51.100.21, 198.51.100.22]"}
SIP_NAMES = {POOLS[0]: "sip.contoso.com", POOLS[1]: "sip2.contoso.com"}
ROLES = ("accessEdge", "webConf", "avAuth", "avRelay", "xmppProxy", "replica")
# Scenario, and the pool that hosts nothing there.
GOALS = (("nothing-to-do", POOLS[1]), ("both-failover", POOLS[0]))
REFUSED = 12


def goal_of(seed):
    return GOALS[seed % len(GOALS)]


def edits(seed):
    """(path, value) pairs, most of the world left as it is."""
    chance = random.Random(seed)
    rate = chance.choice([0.1, 0.3, 0.6])
    found = []

    def maybe(path, values):
        if chance.random() < rate:
            found.append((path, chance.choice(values)))

    flagged = chance.choice(POOLS) if chance.random() < rate else POOLS[0]
    for pool in POOLS:
        found.append((f"edgePools/{pool}/federation", "true" if pool == flagged else "false"))
    for site in ("Site1", "Site2"):
        maybe(f"sites/{site}/federation", [flagged])
        maybe(f"sites/{site}/xmpp", POOLS)
    maybe("dns/records/xmpp.contoso.com/A/records", list(ADDRESSES.values()))
    maybe("dns/records/xmpp.contoso.com/A/ttl", ["2", "30"])
    maybe("dns/records/_sipfederationtls._tcp.contoso.com/SRV/records",
          [f"[0 0 5061 {name}]" for name in SIP_NAMES.values()])
    for pool, servers in SERVERS.items():
        for server in servers:
            for role in ROLES:
                maybe(f"edgePools/{pool}/servers/{server}/services/{role}", ["stopped", "running"])
            for part in ("federation", "xmpp"):
                maybe(f"edgePools/{pool}/servers/{server}/installed/{part}", ["true", "false"])
            maybe(f"edgePools/{pool}/servers/{server}/replica/watermark", ["0"])
    for pool in ("frontend1.contoso.com", "frontend2.contoso.com"):
        maybe(f"frontEndPools/{pool}/edgePool", POOLS)
    maybe("centralStore/notEnabled", ["routes", "document"])
    return found


def observe(programs, folder, resource):
    return subprocess.run([programs.sim, "world", "observe", str(folder / "platform"), resource],
                          capture_output=True, text=True, check=True).stdout


def standby(goal):
    return [f"EdgeService/{server}/xmppProxy" for server in SERVERS[goal[1]]]


def running(programs, folder, goal):
    return {each for each in standby(goal) if "state: running" in observe(programs, folder, each)}


def final_state(programs, folder, goal):
    """Everything that the moves change, as the platform itself shows it; when it was written is no part of it."""
    text = ""
    resources = ["Topology/contoso", "SiteRoute/Site1", "SiteRoute/Site2", "DnsRecordSet/xmpp.contoso.com/A",
                 "DnsRecordSet/_sipfederationtls._tcp.contoso.com/SRV"]
    resources += [f"EdgeAssociation/{name}.contoso.com" for name in ("frontend1", "frontend2")]
    for servers in SERVERS.values():
        for server in servers:
            resources += [f"EdgeComponents/{server}"] + [f"EdgeService/{server}/{role}" for role in ROLES]
    for resource in resources:
        if resource in standby(goal):
            continue
        seen = observe(programs, folder, resource)
        text += resource + "\n" + "".join(line + "\n" for line in seen.splitlines()
                                          if not line.startswith(("watermark:", "serial:")))
    return text


def manifest(goal):
    text = (SOURCE / "manifests" / goal[0] / "contoso.yaml").read_text()
    text = controllers.edited(text, "world: world.sim", "world: world.sim, state: ../platform")
    text = controllers.edited(text, "successes: 3", "successes: 1")
    return re.sub(r"\bttl: \d+", "ttl: 1", text)


def world(goal):
    """Caches forget at once: a start may be one from which a run waits for them."""
    text = re.sub(r"\bttl: \d+", "ttl: 1", (SOURCE / "manifests" / goal[0] / "world.sim").read_text())
    return controllers.edited(text, "lag: 200ms", "lag: 20ms")


def one(programs, seed):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="poolshift-starts-"))
    goal = goal_of(seed)
    try:
        controller = controllers.Controller(programs, folder, "controller", manifest(goal), world(goal))
        (folder / "platform").mkdir(mode=0o700)
        subprocess.run([programs.sim, "world", "init", "controller/world.sim", "platform"], cwd=folder, check=True,
                       stdout=subprocess.DEVNULL)
        for path, value in edits(seed):
            subprocess.run([programs.sim, "world", "set", "platform", path, value], cwd=folder, check=True,
                           capture_output=True)
        ran = running(programs, folder, goal)
        ended = controller.run("apply", "--auto-approve")
        if ended == REFUSED:
            return "refused", controller.log(), ""
        if ended != 0:
            return "failed", controller.log(), ""
        plan = subprocess.run(controller.command("plan", "--json"), cwd=folder, capture_output=True, check=False)
        if plan.returncode != 0:
            return "failed", controller.log() + plan.stdout.decode(), ""
        if started := running(programs, folder, goal) - ran:
            return "failed", f"nobody asked for {sorted(started)}\n" + controller.log(), ""
        return "done", final_state(programs, folder, goal), plan.stdout
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=SOURCE / "build")
    parser.add_argument("--starts", type=int, default=100)
    parser.add_argument("--from", dest="first", type=int, default=0, help="the first seed")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    programs = controllers.Programs(options.build)
    counts, ends, plans = collections.Counter(), {}, {}
    seed = options.first
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        while counts["done"] + counts["failed"] < options.starts and seed < options.first + 10 * options.starts:
            wanted = options.starts - counts["done"] - counts["failed"]
            batch = range(seed, seed + wanted)
            seed += wanted
            for number, (result, text, plan) in zip(batch, pool.map(lambda each: one(programs, each), batch)):
                counts[result] += 1
                if result == "done":
                    ends.setdefault((goal_of(number), text), number)
                    plans.setdefault((goal_of(number), plan), number)
                elif result == "failed" or options.verbose:
                    print(f"seed {number}: {result}\n{text}")
    print(f"{counts['done']} starts reached the goal, {counts['failed']} did not, {counts['refused']} were refused; "
          f"{len(GOALS)} goals, {len(ends)} end state(s), {len(plans)} next plan(s)")
    one_each = all(sum(key[0] == goal for key in found) == 1 for found in (ends, plans) for goal in GOALS)
    if not one_each:
        for (goal, text), number in ends.items():
            print(f"-- end of seed {number}, {goal[0]}\n{text}")
    return 0 if counts["done"] == options.starts and one_each else 1


if __name__ == "__main__":
    sys.exit(main())
