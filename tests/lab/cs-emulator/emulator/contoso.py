"""The organisation of the source documents as a world: two sites, two Edge pools of two servers, two Front End pools."""

import json
import pathlib
import time

from emulator.world import XMPP_PROXY

PORTS = "urn:schema:Microsoft.Rtc.Management.Deploy.ServiceRoles.2008"
POOLS = {1: {"edge": "edgepool1.contoso.com", "access": "sip.contoso.com", "fe": "frontend1.contoso.com",
             "edges": {"edgeserver1a.contoso.com": "203.0.113.11", "edgeserver1b.contoso.com": "203.0.113.12"},
             "fes": ["fe1a.contoso.com", "fe1b.contoso.com"], "host": True},
         2: {"edge": "edgepool2.contoso.com", "access": "sip2.contoso.com", "fe": "frontend2.contoso.com",
             "edges": {"edgeserver2a.contoso.com": "198.51.100.21", "edgeserver2b.contoso.com": "198.51.100.22"},
             "fes": ["fe2a.contoso.com", "fe2b.contoso.com"], "host": False}}


def port(owner, usage, side, number, protocol, path="/", more="", authorizes="false"):
    return (f'        <Port Owner="urn:component:{owner}" Usage="{usage}" InterfaceSide="{side}" InterfaceNumber="1" '
            f'Port="{number}" Protocol="{protocol}" UrlPath="{path}" AuthorizesRequests="{authorizes}"{more} />\n')


def cluster(site, number, pool, machines):
    body = "".join(
        f'      <Machine OrdinalInCluster="{index}" Fqdn="{machine}">\n'
        + (f'        <NetInterface InterfaceSide="Internal" InterfaceNumber="1" IPAddress="10.0.{site}.{index}" />\n'
           f'        <NetInterface InterfaceSide="External" InterfaceNumber="1" IPAddress="0.0.0.0" '
           f'ConfiguredIPAddress="{outside}" />\n' if outside else
           '        <NetInterface InterfaceSide="Primary" InterfaceNumber="1" IPAddress="0.0.0.0" />\n')
        + "      </Machine>\n" for index, (machine, outside) in enumerate(machines, 1))
    return (f'    <Cluster RequiresReplication="true" RequiresSetup="true" Fqdn="{pool}">\n'
            f'      <ClusterId SiteId="{site}" Number="{number}" />\n{body}    </Cluster>\n')


def service(site, role, number, depends, ports, tail=""):
    dependencies = "".join(f'        <Dependency Usage="Default">\n          <ServiceId SiteId="{site}" RoleName="{one}" '
                           'Instance="1" />\n        </Dependency>\n' for one in depends)
    return (f'    <Service RoleVersion="2" ServiceVersion="6">\n'
            f'      <ServiceId SiteId="{site}" RoleName="{role}" Instance="1" />\n'
            f'      <DependsOn>\n{dependencies}      </DependsOn>\n'
            f'      <InstalledOn>\n        <ClusterId SiteId="{site}" Number="{number}" />\n      </InstalledOn>\n'
            f'      <Ports xmlns="{PORTS}">\n{ports}      </Ports>\n{tail}    </Service>\n')


def edge_ports(pool):
    name = f' ConfiguredFqdn="{pool["access"]}"'
    return (port("AccessEdge", "SipServer", "Internal", 5061, "Mtls")
            + port("AccessEdge", "SipClient", "External", 443, "Tls", more=name)
            + port("DataEdge", "PsomServer", "Internal", 8057, "Mtls")
            + port("DataEdge", "PsomClient", "External", 443, "Tls",
                   more=name.replace("sip", "webcon1" if pool["host"] else "webcon").replace("webcon2.", "webcon2."))
            + port("MediaRelayAuthenticationEdge", "SipServer", "Internal", 5062, "Mtls", more=' GruuType="MRAS"')
            + port("MediaRelayEdge", "TURNServer", "External", 443, "Tcp",
                   more=f' ConfiguredFqdn="{"av1" if pool["host"] else "av2"}.contoso.com"')
            + (port("AccessEdge", "SipServer", "External", 5061, "Mtls", more=name) if pool["host"] else "")
            + port("XmppFederationProxy", "XmppServer", "External", 5269, "Tls", authorizes="true")
            + port("XmppFederationProxy", "XptServer", "Internal", 23456, "Mtls", "/XmppFederation/"))


def topology():
    clusters, services = "", ""
    for site, pool in POOLS.items():
        clusters += cluster(site, 1, pool["fe"], [(machine, "") for machine in pool["fes"]])
        clusters += cluster(site, 2, pool["edge"], list(pool["edges"].items()))
        services += service(site, "Registrar", 1, ["UserServices", "EdgeServer"],
                            port("Registrar", "SipServer", "Primary", 5061, "Mtls"),
                            f'      <RegistrarService xmlns="{PORTS}" IsDirector="false" />\n')
        services += service(site, "UserServices", 1, [], "")
        services += service(site, "ConfServices", 1, ["UserServices", "EdgeServer"], "")
        services += service(site, "MediationServer", 1, ["Registrar", "EdgeServer"], "")
        services += service(site, "EdgeServer", 2, ["Registrar"], edge_ports(pool))
        services += service(site, "ManagementServices", 2, [],
                            port("ReplicationService", "Replication", "Internal", 4443, "Https"))
        services += service(site, "CentralMgmt", 1, [], "")
    sites = "".join(f'    <CentralSite SiteId="{site}">\n      <Name>Site{site}</Name>\n    </CentralSite>\n' for site in POOLS)
    return ('<Topology xmlns="urn:schema:Microsoft.Rtc.Management.Deploy.Topology.2008" '
            'Signature="b2af3192-c411-44c8-93e5-30bced09eba1">\n'
            '  <InternalDomains AllowAllDomains="false" DefaultDomain="contoso.com">\n'
            '    <InternalDomain Name="contoso.com" Authoritative="false" AllowSubDomains="false" />\n  </InternalDomains>\n'
            f'  <Sites>\n{sites}  </Sites>\n  <Clusters>\n{clusters}  </Clusters>\n  <Services>\n{services}  </Services>\n'
            '</Topology>')


def edge_server(pool, machine, address, index, now):
    installed = {"federation": pool["host"], "xmpp": True, "hop": pool["fe"]}
    running = {"status": "Running", "mode": "Auto"}
    services = {"REPLICA": running | {"display": "Lync Server Replica Replicator Agent", "roles": []},
                "RTCSRV": running | {"display": "Lync Server Access Edge", "roles": ["EdgeServer"]},
                "RTCDATAPROXY": running | {"display": "Lync Server Web Conferencing Edge", "roles": ["EdgeServer"]},
                "RTCMRAUTH": running | {"display": "Lync Server Audio/Video Authentication", "roles": ["EdgeServer"]},
                "RTCMEDIARELAY": running | {"display": "Lync Server Audio/Video Edge", "roles": ["EdgeServer"]},
                "RTCCLSAGT": running | {"display": "Lync Server Centralized Logging Service Agent", "roles": ["ClsAgent"]},
                XMPP_PROXY: {"status": "Running" if pool["host"] else "Stopped", "mode": "Auto",
                             "display": "Lync Server XMPP Translating Gateway Proxy", "roles": ["EdgeServer"]}}
    names = [pool["access"], "sip.contoso.com", "webcon1.contoso.com" if pool["host"] else "webcon2.contoso.com", "contoso.com"]
    certificates = [{"use": "AccessEdgeExternal", "subject": f"CN={pool['access']}, O=Contoso", "names": names,
                     "notAfter": 2085000000, "thumbprint": f"AB{index}0" * 10},
                    {"use": "Internal", "subject": f"CN={pool['edge']}", "names": [pool["edge"]],
                     "notAfter": 2085000000, "thumbprint": f"CD{index}1" * 10}]
    return {"power": True, "holds": 1, "created": now - 60, "following": now - 3600, "installed": installed,
            "services": services, "inside": f"10.0.{1 if pool['host'] else 2}.{index}", "outside": address, "streams": [],
            "certificates": certificates, "managementShell": True}


def front_end(now):
    services = {name: {"status": "Running", "mode": "Auto"} for name in ("REPLICA", "RTCSRV", "RTCXMPPTGW", "RTCCLSAGT")}
    return {"power": True, "holds": 1, "created": now - 60, "following": now - 3600, "services": services}


def make(folder, lag):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    now = time.time()
    servers = {}
    for pool in POOLS.values():
        for index, (machine, address) in enumerate(pool["edges"].items(), 1):
            servers[machine] = edge_server(pool, machine, address, index, now)
        servers |= {machine: front_end(now) for machine in pool["fes"]}
    route = "EdgeServer:" + POOLS[1]["edge"]
    world = {"lag": lag, "version": "5.0.8308.0", "xmpp": True, "master": {"pool": POOLS[2]["fe"], "server": "fe2a.contoso.com",
                                                                           "alive": True},
             "writes": [now - 60.1], "enabled": 1,
             "sites": {f"Site{site}": {"federation": route, "xmpp": route} for site in POOLS},
             "access": {"federated": True, "federation": True, "xmpp": True},
             "partners": [{"domain": "fabrikam.com", "tls": "Required", "sasl": "Required", "dialback": True}],
             "allowedDomains": ["fabrikam.com"], "sipDomains": ["contoso.com"],
             "backups": {POOLS[1]["fe"]: POOLS[2]["fe"], POOLS[2]["fe"]: POOLS[1]["fe"]},
             "servers": servers, "others": {"jump.contoso.com": {}}}
    (folder / "document-1.xml").write_text(topology(), encoding="utf-8")
    (folder / "world.json").write_text(json.dumps(world, indent=1), encoding="utf-8")
