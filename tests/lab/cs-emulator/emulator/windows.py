"""Services and sockets of the machine. A service may stand for a real unit: then `systemctl` starts, stops and tells it."""

import subprocess
import time

from emulator.values import Enum, Obj, PsError
from emulator.world import STATUS, XMPP_PROXY

UNIT_STATES = {"active": "Running", "inactive": "Stopped", "failed": "Stopped", "activating": "StartPending",
               "deactivating": "StopPending"}


def systemctl(world, *words):
    program = world.data.get("systemctl", ["systemctl"])
    done = subprocess.run([*program, *words], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    return done.returncode, done.stdout.strip()


def status_of(world, service):
    unit = service.get("unit")
    if not unit:
        return service["status"]
    return UNIT_STATES.get(systemctl(world, "is-active", unit)[1], "Stopped")


def find(world, name):
    for known, service in world.here["services"].items():
        if known.lower() == name.lower():
            return known, service
    raise PsError("NoServiceFoundForGivenName", f"Cannot find any service with service name '{name}'.", "ObjectNotFound")


def change(world, name, wanted):
    known, service = find(world, name)
    if wanted == "Running" and service.get("mode") == "Disabled":
        raise PsError("CouldNotStartService", f"Service '{known}' cannot be started due to the following error: it is "
                      "disabled.", "OpenError")
    if status_of(world, service) == wanted:
        return
    if service.get("stuck"):
        service["status"] = "StopPending" if wanted == "Stopped" else "StartPending"
        return
    if service.get("unit"):
        code, _ = systemctl(world, "start" if wanted == "Running" else "stop", service["unit"])
        if code != 0:
            raise PsError("CouldNotChangeService", f"Service '{known}' cannot be changed.", "OpenError")
    service["status"] = wanted
    if wanted == "Stopped" and known in (XMPP_PROXY, "RTCSRV"):
        protocol = "xmpp" if known == XMPP_PROXY else "sip"
        world.here["streams"] = [one for one in world.here.get("streams", []) if one["protocol"] != protocol]
    world.tell("service", world.machine, known, wanted)


def shown(world, name, service):
    return Obj({"Status": Enum(status_of(world, service), STATUS[status_of(world, service)]), "Name": name,
                "DisplayName": service.get("display", name), "ActivityLevel": None,
                "RoleName": list(service.get("roles", []))}, "NTService")


def sockets(world):
    """Rows of state, local address and port, remote address and port, age in seconds."""
    here, rows = world.here, []
    inside, outside = here.get("inside", "10.0.0.1"), here.get("outside", "203.0.113.1")

    def listens(service, port, address, condition=True):
        if condition and service in here["services"] and status_of(world, here["services"][service]) == "Running":
            rows.append(("Listen", address, port, "0.0.0.0", 0, 3600.0))

    installed = here.get("installed", {})
    listens("RTCSRV", 5061, inside)
    listens("RTCSRV", 443, outside)
    listens("RTCSRV", 5061, outside, installed.get("federation"))
    listens(XMPP_PROXY, 5269, outside, installed.get("xmpp"))
    listens(XMPP_PROXY, 23456, inside, installed.get("xmpp"))
    for port, service in ((443, "RTCDATAPROXY"), (443, "RTCMEDIARELAY"), (443, "RTCMRAUTH")):
        listens(service, port, outside)
    rows.append(("Established", inside, 5061, "10.0.0.9", 51000, 100.0))  # a Front End server: no peer
    for stream in here.get("streams", []):
        port = 5269 if stream["protocol"] == "xmpp" else 5061
        ends = (port, stream.get("port", 40000)) if stream.get("inbound", True) else (stream.get("port", 40000), port)
        rows.append(("Established", outside, ends[0], stream["remote"], ends[1], time.time() - stream["since"]))
    return rows
