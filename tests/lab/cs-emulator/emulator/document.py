"""The topology document as the emulated cmdlets read and change it (domain.md b.4). Independent of the product's own reader."""

from xml.dom import minidom
from xml.parsers.expat import ExpatError

from emulator.values import PsError

TOPOLOGY = "urn:schema:Microsoft.Rtc.Management.Deploy.Topology.2008"
ROLES = {"Registrar": "Registrar", "ConferencingServer": "ConfServices", "MediationServer": "MediationServer",
         "EdgeServer": "EdgeServer", "CentralManagement": "CentralMgmt", "UserServer": "UserServices",
         "Director": "Registrar"}


def children(node, name):
    return [child for child in node.childNodes if child.nodeType == child.ELEMENT_NODE and child.localName == name]


def child(node, *names):
    for name in names:
        found = children(node, name)
        if not found:
            return None
        node = found[0]
    return node


class Service:
    def __init__(self, document, node):
        self.document, self.node = document, node
        self.id = child(node, "ServiceId")
        self.role = self.id.getAttribute("RoleName")
        self.site = self.id.getAttribute("SiteId")
        cluster = child(node, "InstalledOn", "ClusterId")
        self.cluster = None if cluster is None else document.cluster(cluster)

    @property
    def pool(self):
        return "" if self.cluster is None else self.cluster.getAttribute("Fqdn")

    def is_director(self):
        own = child(self.node, "RegistrarService")
        return own is not None and own.getAttribute("IsDirector") == "true"

    def key(self):
        return tuple(self.id.getAttribute(name) for name in ("SiteId", "RoleName", "Instance"))

    def dependency(self, role):
        for dependency in children(child(self.node, "DependsOn"), "Dependency"):
            other = child(dependency, "ServiceId")
            if other.getAttribute("RoleName") == role:
                return dependency
        return None

    def depends_on(self, role):
        dependency = self.dependency(role)
        if dependency is None:
            return None
        other = child(dependency, "ServiceId")
        key = tuple(other.getAttribute(name) for name in ("SiteId", "RoleName", "Instance"))
        return next(service for service in self.document.services if service.key() == key)

    def depend(self, role, target):
        old = self.dependency(role)
        if target is None:
            if old is not None:
                old.parentNode.removeChild(old)
            return
        if old is None:
            old = self.document.dom.createElement("Dependency")
            old.setAttribute("Usage", "Default")
            old.appendChild(self.document.dom.createElement("ServiceId"))
            child(self.node, "DependsOn").appendChild(old)
        for name, value in zip(("SiteId", "RoleName", "Instance"), target.key()):
            child(old, "ServiceId").setAttribute(name, value)

    def port(self, owner, usage, side):
        for port in children(child(self.node, "Ports"), "Port"):
            if (port.getAttribute("Owner"), port.getAttribute("Usage"), port.getAttribute("InterfaceSide")) == (
                    "urn:component:" + owner, usage, side):
                return port
        return None

    def port_number(self, owner, usage, side):
        port = self.port(owner, usage, side)
        return None if port is None else int(port.getAttribute("Port"))


class Document:
    def __init__(self, source):
        try:
            self.dom = minidom.parseString(source.encode())
        except ExpatError as error:
            raise PsError("InvalidTopology,Microsoft.Rtc.Management.Xds.PublishTopologyCmdlet",
                          f"The topology document is not well-formed: {error}", "InvalidData") from None
        root = self.dom.documentElement
        if root.localName != "Topology" or root.namespaceURI != TOPOLOGY:
            raise PsError("InvalidTopology,Microsoft.Rtc.Management.Xds.PublishTopologyCmdlet",
                          "The document is no topology. Topology Builder files (.tbxml) cannot be published.", "InvalidData")
        self.root = root
        self.sites = {site.getAttribute("SiteId"): child(site, "Name").firstChild.data
                      for site in children(child(root, "Sites"), "CentralSite")}
        self.clusters = children(child(root, "Clusters"), "Cluster")
        self.services = [Service(self, node) for node in children(child(root, "Services"), "Service")]

    def text(self):
        return self.dom.documentElement.toxml()

    def signed(self, signature):
        old = self.root.getAttribute("Signature")
        source = self.text()
        return source.replace(f'Signature="{old}"', f'Signature="{signature}"', 1)

    def cluster(self, identity):
        for cluster in self.clusters:
            own = child(cluster, "ClusterId")
            if all(own.getAttribute(name) == identity.getAttribute(name) for name in ("SiteId", "Number")):
                return cluster
        return None

    def machines(self, cluster):
        return children(cluster, "Machine")

    def of_role(self, shown):
        role = ROLES[shown]
        return [service for service in self.services if service.role == role
                and (role != "Registrar" or service.is_director() == (shown == "Director"))]

    def service(self, identity):
        """By `EdgeServer:pool`, with a blank after the colon or without, in any case."""
        shown, _, pool = identity.partition(":")
        pool = pool.strip()
        for known in ROLES:
            if known.lower() == shown.strip().lower():
                for service in self.of_role(known):
                    if service.pool.lower() == pool.lower():
                        return service
        return None

    def projection(self, pool):
        service = self.service("EdgeServer:" + pool)
        hop = service.depends_on("Registrar")
        return {"federation": service.port_number("AccessEdge", "SipServer", "External") == 5061,
                "xmpp": service.port_number("XmppFederationProxy", "XmppServer", "External") == 5269,
                "hop": "" if hop is None else hop.pool}

    def pool_of(self, machine):
        for cluster in self.clusters:
            if any(own.getAttribute("Fqdn").lower() == machine.lower() for own in self.machines(cluster)):
                return cluster.getAttribute("Fqdn")
        return ""
