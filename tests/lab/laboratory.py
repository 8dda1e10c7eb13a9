"""The whole lab from nothing: network, name servers, Edge servers, partner, and what the product needs to reach them."""

import concurrent.futures
import subprocess
import time

import authority
import certificates
import door
import edge
import network
import partner
import providers
from machine import LAB


class Laboratory:
    def __init__(self, name_server, grant, programs):
        began = time.monotonic()
        self.laps = []

        def lap(what):
            self.laps.append(f"{what} {time.monotonic() - began:.1f}")

        for folder in ("log", "ssh", "machines"):
            (LAB / folder).mkdir()
        network.build()
        network.impatient("partner")
        lap("network")
        certificates.make_authority()
        certificates.make("wrong", ["other.test"])
        self.authority = authority.Authority(name_server, grant)
        lap("name servers")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(LAB / "ssh/id")], check=True)
        places = [place for places in edge.POOLS.values() for place in places]
        with concurrent.futures.ThreadPoolExecutor() as workers:
            partner_made = workers.submit(partner.Partner)
            self.edges = dict(zip(places, workers.map(edge.Edge, places)))
            self.partner = partner_made.result()
            lap("prepared")
            machines = [*self.edges.values(), self.partner]
            for each in machines:
                each.boot()
            list(workers.map(lambda each: each.wait(), machines))
            lap("booted")
            work = [workers.submit(self.partner.start)]
            work += [workers.submit(each.make_user) for each in self.edges.values()]
            for each in work:
                each.result()
            lap("served")
        known = [f"{network.management(place)} {machine.host_key()}" for place, machine in self.edges.items()]
        known.append(door.open_ssh("core", network.ROUTER))
        known.append(door.open_ssh("vantage", network.management("vantage")))
        (LAB / "ssh/known_hosts").write_text("\n".join(known) + "\n")
        self.agent = providers.start_agent(programs)
        self.seconds = time.monotonic() - began

    def pool(self, name):
        return [self.edges[place] for place in edge.POOLS[name]]

    def rest(self, host, others_run):
        """`host` serves and is named in DNS; the other pool runs idle, or not at all; nobody remembers anything."""
        for name in edge.POOLS:
            self.on_all(lambda machine, runs=name == host or others_run: machine.start() if runs else machine.stop(),
                        self.pool(name))
        network.lift_fences()
        for name, places in edge.POOLS.items():
            self.authority.by_hand(f"sip{name[-1]}", [network.outside(place) for place in places])
        self.move_records_by_hand(host)
        self.authority.drop_marks()
        self.authority.forget()
        self.partner.forget_streams()

    def move_records_by_hand(self, pool):
        self.authority.by_hand("xmpp", [network.outside(place) for place in edge.POOLS[pool]])
        self.authority.move_sip_by_hand(f"sip{pool[-1]}")

    def on_all(self, work, machines):
        with concurrent.futures.ThreadPoolExecutor() as workers:
            list(workers.map(work, machines))
