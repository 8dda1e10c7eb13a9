"""The Lync cmdlets over the shared topology. Property names and oddities: domain.md g; parameters: reference.py."""

import io
import zipfile

from emulator import reference, windows
from emulator.commands import Command
from emulator.values import Enum, Obj, PsError, text, truth
from emulator.document import Document, child
from emulator.world import XMPP_PROXY

EVERY = ("EdgeServer", "Registrar", "ConferencingServer", "MediationServer", "Director", "CentralManagement", "UserServer")
NEGOTIATION = {"Required": 0, "Optional": 1, "NotSupported": 2}


def bare(identity):
    return identity.partition(":")[2] if identity.lower().startswith("site:") else identity


def get_site(world, bound):
    topology = world.topology()
    wanted, found = bound.look("Identity"), []
    for number, name in topology.sites.items():
        routes = world.data["sites"].get(name, {})
        pools = [cluster.getAttribute("Fqdn") for cluster in topology.clusters
                 if child(cluster, "ClusterId").getAttribute("SiteId") == number]
        services = [f"{role}:{service.pool}" for role in EVERY for service in topology.of_role(role)
                    if service.site == number]
        found.append(Obj({"Identity": "Site:" + name, "SiteId": int(number), "Services": services, "Pools": pools,
                          "FederationRoute": routes.get("federation"), "XmppFederationRoute": routes.get("xmpp"),
                          "DefaultPersistentChatPool": None, "Description": routes.get("description", ""),
                          "DisplayName": name, "SiteType": Enum("CentralSite", 0), "ParentSite": None},
                         "Site"))
    if wanted is None:
        return found
    one = [site for site in found if bare(site.get("Identity")).lower() == text(wanted).lower()]
    if not one:
        raise PsError("SiteNotFound,Microsoft.Rtc.Management.Xds.GetOcsSiteCmdlet", f'Cannot find "Site" "{wanted}" because '
                      "it does not exist.", "InvalidArgument")
    return one


def set_site(world, bound):
    name = bare(get_site(world, bound)[0].get("Identity"))
    topology, routes = world.topology(), dict(world.data["sites"].get(name, {}))
    for parameter, key, owner in (("FederationRoute", "federation", "AccessEdge"),
                                  ("XmppFederationRoute", "xmpp", "XmppFederationProxy")):
        if parameter not in bound:
            continue
        value = bound.look(parameter)
        if not value:
            if world.data.get("clear", "accepted") != "accepted":
                raise PsError("ParameterArgumentValidationErrorNullNotAllowed", f"Cannot bind argument to parameter "
                              f"'{parameter}' because it is null.", "InvalidData")
            routes[key] = None
            continue
        service = topology.service(text(value))
        if service is None:
            raise PsError("ServiceNotFound,Microsoft.Rtc.Management.Xds.SetOcsSiteCmdlet",
                          f'Cannot find the service "{value}" in the topology.', "InvalidArgument")
        if service.role == "EdgeServer" and service.port(owner, "SipServer" if key == "federation" else "XmppServer",
                                                         "External") is None:
            raise PsError("InvalidRoute,Microsoft.Rtc.Management.Xds.SetOcsSiteCmdlet",
                          f'The service "{value}" is not enabled for it.', "InvalidArgument")
        routes[key] = text(value)
    if "Description" in bound:
        routes["description"] = text(bound.look("Description"))
    if truth(bound.look("WhatIf")) or routes == world.data["sites"].get(name, {}):
        return
    world.data["sites"][name] = routes
    world.write()
    world.tell("route", name, (routes.get("federation") or ":").partition(":")[2], (routes.get("xmpp") or ":").partition(":")[2])


def get_topology(world, bound):
    local = truth(bound.look("LocalStore"))
    if not local:
        world.need_master("Get-CsTopology")
    version = world.here.get("holds", 0) if local else None
    source = world.document(version)
    if truth(bound.look("AsXml")):
        return [Obj({"Text": source}, "XElement")]
    raise PsError("NotEmulated", "Get-CsTopology without -AsXml is not emulated.", "NotImplemented")


def publish(world, bound):
    with open(world.path(text(bound.look("FileName"))), encoding="utf-8-sig") as file:
        source = file.read()
    new, old = Document(source), world.topology()
    if truth(bound.look("WhatIf")):
        return
    backup = bound.look("BackupFileName") or "Publish-CsTopology-Backup"
    world.path(text(backup)).write_text(world.document(), encoding="utf-8")
    world.write(world.sign(source))
    changed = {service.pool for service in new.of_role("EdgeServer")
               if old.service("EdgeServer:" + service.pool) is not None
               and new.projection(service.pool) != old.projection(service.pool)}
    tell_flags(world, changed)


def tell_flags(world, pools):
    for pool in sorted(pools):
        flags = world.topology().projection(pool)
        world.tell("flags", pool, text(flags["federation"]).lower(), text(flags["xmpp"]).lower(), flags["hop"])


def enable(world, bound):
    if truth(bound.look("WhatIf")):
        return
    world.data["enabled"] = world.version()
    world.tell("enable")


def describe(service, role):
    made = {"Identity": f"{role}:{service.pool}"}
    if role == "EdgeServer":
        hop = service.depends_on("Registrar")
        made |= {"Registrar": None if hop is None else ("Director:" if hop.is_director() else "Registrar:") + hop.pool,
                 "AccessEdgeInternalSipPort": service.port_number("AccessEdge", "SipServer", "Internal"),
                 "AccessEdgeExternalSipPort": service.port_number("AccessEdge", "SipServer", "External"),
                 "AccessEdgeClientSipPort": service.port_number("AccessEdge", "SipClient", "External"),
                 "XmppInternalPort": service.port_number("XmppFederationProxy", "XptServer", "Internal"),
                 "XmppListeningPort": service.port_number("XmppFederationProxy", "XmppServer", "External"),
                 "AccessEdgeExternalFqdn": configured(service, "AccessEdge", "SipClient"),
                 "DataEdgeExternalFqdn": configured(service, "DataEdge", "PsomClient"),
                 "AVEdgeExternalFqdn": configured(service, "MediaRelayEdge", "TURNServer")}
    elif role in ("Registrar", "ConferencingServer", "MediationServer", "Director"):
        edge = service.depends_on("EdgeServer")
        made["EdgeServer"] = None if edge is None else "EdgeServer:" + edge.pool
    made |= {"ServiceId": f"{service.site}-{service.role}-{service.id.getAttribute('Instance')}",
             "SiteId": "Site:" + service.document.sites[service.site], "PoolFqdn": service.pool, "Version": 5, "Role": role}
    return Obj(made, "Display" + role)


def configured(service, owner, usage):
    port = service.port(owner, usage, "External")
    return None if port is None else port.getAttribute("ConfiguredFqdn") or None


def get_service(world, bound):
    world.need_master("Get-CsService")
    topology, wanted = world.topology(), [role for role in EVERY if truth(bound.look(role))]
    if len(wanted) > 1:
        raise PsError("AmbiguousParameterSet,Microsoft.Rtc.Management.Xds.GetOcsServiceCmdlet",
                      "Parameter set cannot be resolved using the specified named parameters.", "InvalidArgument")
    found = [describe(service, role) for role in wanted or EVERY for service in topology.of_role(role)]
    for parameter, name in (("Identity", "Identity"), ("PoolFqdn", "PoolFqdn")):
        if bound.look(parameter):
            found = [one for one in found if one.get(name).lower() == text(bound.look(parameter)).lower()]
    return found


def setter(role, parameter, other):
    """A Set-Cs* cmdlet that changes which service another one depends on."""
    def change(world, bound):
        identity = text(bound.look("Identity"))
        topology = world.topology(fresh=True)
        service = topology.service(identity if ":" in identity else f"{role}:{identity}")
        if service is None:
            raise PsError("ServiceNotFound", f'Cannot find the service "{identity}" in the topology.', "InvalidArgument")
        if parameter not in bound:
            return
        value = bound.look(parameter)
        target = topology.service(text(value)) if value else None
        if value and target is None:
            raise PsError("ServiceNotFound", f'Cannot find the service "{value}" in the topology.', "InvalidArgument")
        if truth(bound.look("WhatIf")):
            return
        service.depend(other, target)
        world.write(topology.text())
        if role == "EdgeServer":
            tell_flags(world, [service.pool])
        else:
            world.tell("association", role, service.pool, "" if target is None else target.pool)
    return change


def replication(world, bound):
    if truth(bound.look("CentralManagementStoreStatus")):
        master = world.data["master"]
        alive = master.get("alive", True)
        return [Obj({"ActiveMasterFqdn": master.get("server", master["pool"]) if alive else None,
                     "ActiveFileTransferAgents": [master.get("server", master["pool"])] if alive else []},
                    "CentralManagementStoreStatusResult")]
    world.need_master("Get-CsManagementStoreReplicationStatus")
    wanted, found = bound.look("ReplicaFqdn"), []
    for name, server in world.data["servers"].items():
        if wanted and text(wanted).lower() != name.lower():
            continue
        known = server.get("created") is not None and world.follows(server)
        busy = world.data.get("neverUpToDate") or server["holds"] < world.version()
        found.append(Obj({"UpToDate": known and not busy, "ReplicaFqdn": name,
                          "LastStatusReport": world.date(server["created"] + 0.01) if known else None,
                          "LastUpdateCreation": world.date(server["created"]) if known else None,
                          "ProductVersion": world.data.get("version", "5.0.8308.0") if known else None}, "ReplicaState"))
    return found


def fail_over(world, bound):
    master = world.data["master"]
    dead = not master.get("alive", True)
    if truth(bound.look("Force")) != bool(bound.look("BackupSqlServerFqdn")):
        raise PsError("AmbiguousParameterSet", "Parameter set cannot be resolved using the specified named parameters.",
                      "InvalidArgument")
    if dead and not truth(bound.look("Force")):
        world.need_master("Invoke-CsManagementServerFailover")
    target = world.topology().pool_of(world.machine)
    if not target or world.data.get("backups", {}).get(master["pool"]) != target:
        raise PsError("ProcessingFailed", "This computer is in no pool that holds a backup of the Central Management store.",
                      "InvalidOperation")
    if truth(bound.look("WhatIf")):
        return
    world.data["master"] = {"pool": target, "server": world.machine, "alive": True}
    world.write()
    world.tell("master", target)


def windows_services(world, bound):
    wanted = bound.look("Name")
    if bound.look("ComputerName"):
        raise PsError("NotEmulated", "-ComputerName is not emulated: Edge Servers are in no domain.", "NotImplemented")
    if wanted:
        return [windows.shown(world, *windows.find(world, text(wanted)))]
    return [windows.shown(world, name, service) for name, service in world.here["services"].items()]


def starter(wanted):
    def change(world, bound):
        if truth(bound.look("WhatIf")):
            return
        name = bound.look("Name")
        for one in [text(name)] if name else list(world.here["services"]):
            windows.change(world, one, wanted)
        if wanted == "Stopped":
            return
        server = world.here
        server["following"] = server.get("following") if world.follows(server) else None
    return change


def certificates(world, _):
    return [Obj({"Issuer": one.get("issuer", "CN=Contoso CA"), "NotAfter": world.date(one["notAfter"]),
                 "NotBefore": world.date(one["notAfter"] - 31536000), "Subject": one["subject"],
                 "AlternativeNames": one["names"], "Thumbprint": one["thumbprint"], "Use": Enum(one["use"], 3)},
                "CertificateReference") for one in world.here.get("certificates", [])]


def partners(world, bound):
    wanted = bound.look("Identity")
    return [Obj({"Identity": one["domain"], "Domain": one["domain"], "AdditionalDomains": [],
                 "PartnerType": Enum("Federated", 0), "TlsNegotiation": Enum(one["tls"], NEGOTIATION[one["tls"]]),
                 "SaslNegotiation": Enum(one["sasl"], NEGOTIATION[one["sasl"]]),
                 "SupportDialbackNegotiation": one["dialback"]}, "XmppAllowedPartner")
            for one in world.data.get("partners", []) if not wanted or one["domain"].lower() == text(wanted).lower()]


def access_edge(world, _):
    access = world.data["access"]
    return [Obj({"Identity": "Global", "AllowAnonymousUsers": False, "AllowFederatedUsers": access["federated"],
                 "AllowOutsideUsers": True, "EnablePartnerDiscovery": True, "DnsSrvCacheRecordCount": 131072,
                 "RoutingMethod": Enum("UseDnsSrvRouting", 0)}, "AccessEdgeSettings")]


def policies(world, _):
    access = world.data["access"]
    made = {"Identity": "Global", "EnableFederationAccess": access["federation"], "EnablePublicCloudAccess": False,
            "EnableOutsideAccess": True}
    if world.data.get("xmpp", True):
        made["EnableXmppAccess"] = access["xmpp"]
    return [Obj(made, "ExternalAccessPolicy")]


def export(world, bound):
    if not truth(bound.look("AsBytes")):
        raise PsError("NotEmulated", "Export-CsConfiguration into a file is not emulated.", "NotImplemented")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr(zipfile.ZipInfo("DocItemSet.xml"), world.document())
    return [packed.getvalue()]


def bootstrapper(shell, _named, positional, __):
    path = text(positional[0])
    if not path.endswith("\\Deployment\\Bootstrapper.exe"):
        raise PsError("CommandNotFoundException", f"The term '{path}' is not recognized as the name of a program.",
                      "ObjectNotFound", path)
    world = shell.world
    with world.turn(writes=True):
        shell.scopes[0]["lastexitcode"] = 0
        topology = Document(world.document(world.here["holds"]))
        pool = topology.pool_of(world.computer_name())
        if not pool:  # it disables first, then finds no roles
            for name in world.here["services"]:
                world.here["services"][name]["status"] = "Stopped"
            world.here["installed"] = {"federation": False, "xmpp": False, "hop": ""}
            return ["Checking prerequisites for bootstrapper...", "No roles found for this computer."]
        installed = topology.projection(pool)
        world.here["installed"] = installed
        if installed["xmpp"]:
            world.here["services"].setdefault(XMPP_PROXY, {
                "status": "Stopped", "mode": "Auto", "display": "Lync Server XMPP Translating Gateway Proxy"})
        else:
            world.here["services"].pop(XMPP_PROXY, None)
        world.tell("installed", world.machine, text(installed["federation"]).lower(), text(installed["xmpp"]).lower(),
                   installed["hop"])
        return ["Checking prerequisites for bootstrapper...", "Executing Enable-CsComputer.", "Bootstrapper: done"]


READS = {
    "Get-CsSite": get_site, "Get-CsTopology": get_topology, "Get-CsService": get_service,
    "Get-CsManagementStoreReplicationStatus": replication, "Get-CsWindowsService": windows_services,
    "Get-CsCertificate": certificates, "Get-CsXmppAllowedPartner": partners, "Get-CsAccessEdgeConfiguration": access_edge,
    "Get-CsExternalAccessPolicy": policies, "Export-CsConfiguration": export,
    "Get-CsAllowedDomain": lambda world, _: [Obj({"Identity": name, "Domain": name, "ProxyFqdn": None}, "AllowedDomain")
                                             for name in world.data.get("allowedDomains", [])],
    "Get-CsSipDomain": lambda world, _: [Obj({"Identity": name, "Name": name, "IsDefault": index == 0}, "SipDomain")
                                         for index, name in enumerate(world.data.get("sipDomains", []))],
    "Get-CsPoolBackupRelationship": lambda world, bound: [Obj(
        {"PoolFqdn": text(bound.look("PoolFqdn")), "BackupPoolFqdn": world.data.get("backups", {}).get(
            text(bound.look("PoolFqdn")))}, "BackupRelation")],
    "Get-CsComputer": lambda world, _: [Obj({"Identity": machine.getAttribute("Fqdn"), "Pool": cluster.getAttribute("Fqdn"),
                                             "Fqdn": machine.getAttribute("Fqdn")}, "Machine")
                                        for cluster in world.topology().clusters
                                        for machine in world.topology().machines(cluster)],
}
WRITES = {
    "Set-CsSite": set_site, "Publish-CsTopology": publish, "Enable-CsTopology": enable,
    "Set-CsEdgeServer": setter("EdgeServer", "Registrar", "Registrar"),
    "Set-CsRegistrar": setter("Registrar", "EdgeServer", "EdgeServer"),
    "Set-CsConferenceServer": setter("ConferencingServer", "EdgeServer", "EdgeServer"),
    "Set-CsMediationServer": setter("MediationServer", "EdgeServer", "EdgeServer"),
    "Set-CsDirector": setter("Director", "EdgeServer", "EdgeServer"),
    "Invoke-CsManagementServerFailover": fail_over,
    "Invoke-CsManagementStoreReplication": lambda world, _: None,
    "Start-CsWindowsService": starter("Running"), "Stop-CsWindowsService": starter("Stopped"),
}
WITHOUT_MASTER = {"Start-CsWindowsService", "Stop-CsWindowsService", "Invoke-CsManagementServerFailover"}


def wrapped(name, function, writes):
    def run(shell, bound, _rest, _stream):
        world = shell.world
        with world.turn(writes=writes):
            world.allow(name)
            if writes and name not in WITHOUT_MASTER:
                world.need_master(name)
            return function(world, bound)
    return run


class Program:
    """What `&` runs: the Bootstrapper, nothing else."""
    name = "Bootstrapper.exe"
    run = staticmethod(bootstrapper)


def table(world):
    commands = {}
    for functions, writes in ((READS, False), (WRITES, True)):
        for name, function in functions.items():
            if name in reference.XMPP_CMDLETS and not world.data.get("xmpp", True):
                continue
            parameters = reference.CS[name]
            if name in ("Set-CsSite", "Set-CsEdgeServer") and not world.data.get("xmpp", True):
                parameters = " ".join(one for one in parameters.split(" ") if not one.startswith("Xmpp"))
            commands[name] = Command(name, parameters, wrapped(name, function, writes))
    for name in world.data.get("oddParameter", {}):
        commands[name].parameters.append(world.data["oddParameter"][name])
    if not world.here.get("managementShell", True):
        commands = {}
    commands["\0program"] = Program
    return commands
