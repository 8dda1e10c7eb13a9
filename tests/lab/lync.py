"""A Lync organisation on the lab's machines: the control plane is the **emulator** cs-emulator, one sshd a server on port 2222, over one
shared topology. Its service cmdlets drive what really serves: RTCSRV is Kamailio and the XMPP proxy is Prosody of that machine.
"""

import json
import pathlib
import subprocess

import door
import network
import providers
from authority import TTL
from machine import LAB

EMULATOR = pathlib.Path(__file__).resolve().parent / "cs-emulator"
FOLDER = LAB / "lync"
WORLD = FOLDER / "world"
PORT = 2222
ADMIN = ("jump.contoso.test", "users")
SERVERS = {"edgeserver1a.contoso.test": "s1e1", "edgeserver1b.contoso.test": "s1e2",
           "edgeserver2a.contoso.test": "s2e1", "edgeserver2b.contoso.test": "s2e2"}
UNITS = {"RTCSRV": "kamailio.service", "EMUXMPPPROXY": "prosody.service"}
OF_THE_LAB = (("203.0.113.", "10.99.1."), ("198.51.100.", "10.99.2."), ("sip.contoso", "sip1.contoso"), (".com", ".test"))
# systemctl of the machine whose emulated server this is: its systemd is the only one with that root.
SYSTEMCTL = """#!/bin/sh
exec nsenter -t "$(cat {folder}/$CS_EMULATOR_HOST.pid)" -m -u -p -n -i -C env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin systemctl "$@"
"""
ORGANISATION = """apiVersion: poolshift/v1
kind: Organization
metadata: {{name: contoso}}
spec:
  hosts: {{federation: {host}, xmpp: {host}}}
  centralStore: frontend2
---
apiVersion: poolshift/v1
kind: Domain
metadata: {{name: contoso.test}}
spec:
  sip: {{dns: srvTarget, ttl: {ttl}s}}
  xmpp: {{dns: floatingA, host: xmpp.contoso.test, ttl: {ttl}s}}
---
apiVersion: poolshift/v1
kind: Partner
metadata: {{name: fabrikam.test}}
spec:
  protocols: [sip, xmpp]
---
apiVersion: poolshift/v1
kind: Policy
metadata: {{name: lab}}
spec:
  probes: {{vantages: [vantage], required: 1, successes: {successes}}}
"""
SITE = """---
apiVersion: poolshift/v1
kind: Site
metadata: {{name: Site{site}}}
---
apiVersion: poolshift/v1
kind: EdgePool
metadata: {{name: edge{site}}}
spec:
  site: Site{site}
  internalFqdn: edgepool{site}.contoso.test
  accessEdge: {{fqdn: sip{site}.contoso.test}}
  webConferencing: {{fqdn: webcon{site}.contoso.test}}
  av: {{fqdn: av{site}.contoso.test}}
  servers:
    - {{fqdn: edgeserver{site}a.contoso.test, addresses: [10.99.{site}.{site}1]}}
    - {{fqdn: edgeserver{site}b.contoso.test, addresses: [10.99.{site}.{site}2]}}
  nextHop: frontend{site}
{condition}---
apiVersion: poolshift/v1
kind: FrontEndPool
metadata: {{name: frontend{site}}}
spec:
  site: Site{site}
  fqdn: frontend{site}.contoso.test
  servers: [fe{site}a.contoso.test, fe{site}b.contoso.test]
  backupPool: frontend{other}
"""
OUT = "  condition: outOfService\n  reason: its site is cut off\n  standIn: edge{other}\n"
PROVIDER = """---
apiVersion: poolshift/v1
kind: Provider
metadata: {{name: lync}}
spec:
  type: lync
  serves:
    - kinds: [Topology, SiteRoute, Enablement, EdgeAssociation, CentralStore, AccessConfig, XmppPartner, EdgeService, EdgeComponents,
              Replica, Streams, Certificate]
  config:
    flags: xml
    ssh: {{user: root, key: edges, port: {port}, knownHosts: {folder}/known_hosts, connectTimeout: 3s}}
    admin: {{name: {admin}, ssh: {{address: {admin_address}}}}}
    servers:
{servers}    timeouts: {{settle: 1s}}
  secrets: {{edges: "file:{lab}/ssh/id"}}
"""


class Organisation:
    def __init__(self, laboratory):
        WORLD.parent.mkdir(exist_ok=True)
        self.edges = {name: laboratory.edges[place] for name, place in SERVERS.items()}
        subprocess.run([EMULATOR / "make-world", WORLD, "0.5"], check=True)
        for file in WORLD.iterdir():
            text = file.read_text(encoding="utf-8")
            for theirs, ours in OF_THE_LAB:
                text = text.replace(theirs, ours)
            file.write_text(text, encoding="utf-8")
        script = FOLDER / "systemctl"
        script.write_text(SYSTEMCTL.format(folder=FOLDER))
        script.chmod(0o755)
        world = self.world()
        world["systemctl"] = [str(script)]
        for name, machine in self.edges.items():
            (FOLDER / f"{name}.pid").write_text(machine.init())
            for service, unit in UNITS.items():
                world["servers"][name]["services"][service]["unit"] = unit
        (WORLD / "world.json").write_text(json.dumps(world, indent=1), encoding="utf-8")
        known = [self._open(name, place) for name, place in (*SERVERS.items(), ADMIN)]
        (FOLDER / "known_hosts").write_text("\n".join(known) + "\n")

    @staticmethod
    def _open(name, place):
        command = f"env CS_EMULATOR_WORLD={WORLD} CS_EMULATOR_HOST={name} {EMULATOR}/cs-emulator"
        return door.open_ssh(place, network.management(place), PORT, f"ForceCommand exec {command}\n")

    @staticmethod
    def world():
        return json.loads((WORLD / "world.json").read_text(encoding="utf-8"))

    @staticmethod
    def write(folder, host, out, key_file, successes):
        """As manifests.write."""
        text = ORGANISATION.format(host=host, ttl=TTL, successes=successes)
        for site, other in ((1, 2), (2, 1)):
            condition = OUT.format(other=other) if out == f"edge{site}" else ""
            text += SITE.format(site=site, other=other, condition=condition)
        (folder / "contoso.yaml").write_text(text, encoding="utf-8")
        servers = "".join(f"      {name}: {{ssh: {{address: {network.management(place)}}}}}\n" for name, place in SERVERS.items())
        own = PROVIDER.format(port=PORT, folder=FOLDER, admin=ADMIN[0], admin_address=network.management(ADMIN[1]), servers=servers,
                              lab=LAB)
        (folder / "providers.yaml").write_text(providers.zone(key_file) + own + providers.outside(), encoding="utf-8")
        (folder / "providers.yaml").chmod(0o600)

    @staticmethod
    def close():
        for place in (*SERVERS.values(), ADMIN[1]):
            door.close_ssh(place, PORT)
