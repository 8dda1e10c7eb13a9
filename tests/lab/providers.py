"""The Provider documents of the lab: the zone, the machines and the router, and eyes at the vantage."""

import certificates
import edge
import network
from machine import LAB

ZONE = """apiVersion: poolshift/v1
kind: Provider
metadata: {{name: zone}}
spec:
  type: dns
  serves: [{{kinds: [DnsRecordSet]}}]
  config:
    zones:
      - {{zone: contoso.test, servers: [{{address: {server}}}], adopt: declared}}
    tsig: {{name: lab-update, algorithm: hmac-sha256}}
  secrets: {{tsig: "file:{key_file}"}}
"""
MACHINES = """---
apiVersion: poolshift/v1
kind: Provider
metadata: {{name: machines}}
spec:
  type: host
  serves: [{{kinds: [EdgeService, Streams, Certificate, Fence]}}]
  config:
    ssh: {{user: root, knownHosts: {lab}/ssh/known_hosts, connectTimeout: 3s}}
    settle: 1s
    servers:
{servers}    routers:
      core: {{ssh: {{address: {router}}}, fences: [{fences}]}}
  secrets: {{ssh: "file:{lab}/ssh/id"}}
"""
SERVER = """      {fqdn}:
        ssh: {{address: {address}}}
        services: {{accessEdge: kamailio.service, xmppProxy: prosody.service}}
        certificates: {{sip: /etc/kamailio/edge.pem, xmpp: /etc/prosody/certs/edge.pem}}
        xmpp: {{software: prosody}}
        sip: {{close: kill}}
"""
OUTSIDE = """---
apiVersion: poolshift/v1
kind: Provider
metadata: {{name: outside}}
spec:
  type: probe
  serves: [{{kinds: [Reachability]}}]
  config:
    vantages:
      - {{name: vantage, tls: {{host: {vantage}, port: 7269, name: vantage.contoso.test}}}}
    link: {{certificate: {ca}/controller.pem, trust: {ca}/ca.pem}}
    names: {{xmpp: [contoso.test]}}
    targets:
{targets}    patience: 4s
  secrets: {{linkKey: "file:{ca}/controller.key"}}
"""
TARGET = "      - {{hosts: [{hosts}], sip: [{name}], xmpp: [contoso.test]}}\n"
AGENT = """listen {vantage}:7269
certificate {ca}/vantage.pem
key {ca}/vantage.key
ca {ca}/ca.pem
controller controller.contoso.test
from probe.test
probe-certificate {ca}/probe.pem
probe-key {ca}/probe.key
trust {ca}/ca.pem
allow 10.99.1.0/24 5061 5269
allow 10.99.2.0/24 5061 5269
reference {reference}
"""


def zone(key_file):
    return ZONE.format(server=network.management("dns"), key_file=key_file)


def outside(more=""):
    targets = "".join(TARGET.format(hosts=", ".join(network.outside(place) for place in places), name=f"sip{name[-1]}.contoso.test")
                      for name, places in edge.POOLS.items())
    return OUTSIDE.format(vantage=network.management("vantage"), ca=certificates.FOLDER, targets=targets + more)


def text(key_file, more_machines="", more_targets="", sites=False):
    """`sites`: the servers' settings say at which site each stands, for `poolshift import`."""
    places = [(place, name) for name, places in edge.POOLS.items() for place in places]
    servers = "".join(SERVER.format(fqdn=f"{place}.contoso.test", address=network.management(place))
                      + (f"        site: Site{name[-1]}\n" if sites else "") for place, name in places)
    fences = ", ".join(f"{network.SEGMENTS[site]}.0/24" for site in ("s1", "s2"))
    return (zone(key_file)
            + MACHINES.format(lab=LAB, servers=servers + more_machines, router=network.ROUTER, fences=fences)
            + outside(more_targets))


def start_agent(programs):
    """The vantage's agent, with certificates of its own."""
    for name in ("vantage", "controller"):
        certificates.make(name, [f"{name}.contoso.test"])
    certificates.make("probe", ["probe.test"])
    for name in ("controller", "vantage", "probe"):
        (certificates.FOLDER / f"{name}.key").chmod(0o600)
    settings = LAB / "agent.conf"
    settings.write_text(AGENT.format(vantage=network.management("vantage"), ca=certificates.FOLDER,
                                     reference=network.outside("dns") + ":53"))
    return network.begin(programs / "poolshift-probe-agent", "--config", settings, place="vantage", log=LAB / "log/agent.log")
