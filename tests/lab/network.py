"""The network: a router namespace `core` with one bridge a segment, and a namespace for every machine.

    s1   10.99.1.0/24  outside of site 1        pub  10.99.9.0/24  "the Internet": partner, DNS, cache, vantage
    s2   10.99.2.0/24  outside of site 2        oob  10.99.0.0/24  management

The router has an address on management, so that fences can be put up there, and forwards nothing to or from it. `admin`, where the product runs, has management only.
"""

import pathlib
import subprocess

SEGMENTS = {"s1": "10.99.1", "s2": "10.99.2", "pub": "10.99.9", "oob": "10.99.0"}

# name: (segment of `ext`, its last octet, last octet on management); None: no such link
PLACES = {
    "s1e1": ("s1", 11, 11), "s1e2": ("s1", 12, 12), "s2e1": ("s2", 21, 21), "s2e2": ("s2", 22, 22),
    "dns": ("pub", 53, 53), "resolver": ("pub", 54, None), "vantage": ("pub", 90, 90), "partner": ("pub", 80, None),
    "users": (None, None, 7), "admin": (None, None, 5),
}
ROUTER = SEGMENTS["oob"] + ".1"
RESOLVERS = {"admin": "10.99.0.53", "partner": "10.99.9.54", "vantage": "10.99.9.53"}


def outside(place):
    segment, octet, _ = PLACES[place]
    return f"{SEGMENTS[segment]}.{octet}"


def management(place):
    return f"{SEGMENTS['oob']}.{PLACES[place][2]}"


def run(*command, place=None, text=None, check=True):
    prefix = ["ip", "netns", "exec", place] if place else []
    result = subprocess.run([*prefix, *map(str, command)], input=text, text=True, capture_output=True, check=False)
    if check and result.returncode != 0:
        raise RuntimeError(f"{place or 'here'}: {' '.join(map(str, command))}: {result.stdout}{result.stderr}")
    return result


def begin(*command, place, log):
    """Goes on in the background, until the lab ends."""
    with open(log, "ab") as output:
        return subprocess.Popen(["ip", "netns", "exec", place, *map(str, command)], stdin=subprocess.DEVNULL, stdout=output,
                                stderr=output)


def _batch(place, lines):
    result = run("ip", "-n", place, "-batch", "-", text="\n".join(lines) + "\n", check=False)
    if result.returncode != 0:
        raise RuntimeError(f"network of {place}: {result.stderr}")


def _name_service(place):
    folder = pathlib.Path("/etc/netns", place)
    folder.mkdir(parents=True)
    server = RESOLVERS.get(place, "10.99.9.53")
    (folder / "resolv.conf").write_text(f"nameserver {server}\noptions timeout:1 attempts:2\n")
    (folder / "nsswitch.conf").write_text("hosts: files dns\npasswd: files\ngroup: files\nshadow: files\n"
                                          "services: files\nprotocols: files\n")
    (folder / "hosts").write_text("127.0.0.1 localhost\n")


def build():
    run("ip", "netns", "add", "core")
    lines = ["link set lo up"]
    for name, net in SEGMENTS.items():
        lines.append(f"link add br-{name} type bridge forward_delay 0 stp_state 0")
        lines.append(f"addr add {net}.1/24 dev br-{name}")
        lines.append(f"link set br-{name} up")
    _batch("core", lines)
    run("sysctl", "-qw", "net.ipv4.ip_forward=1", place="core")
    run("nft", "-f", "-", place="core", text=f"""table inet apart {{ chain forward {{ type filter hook forward priority -10;
        iifname "br-oob" oifname != "br-oob" drop
        oifname "br-oob" iifname != "br-oob" drop
    }}; }}""")
    for place, (segment, octet, oob) in PLACES.items():
        run("ip", "netns", "add", place)
        wires, own = [], ["link set lo up"]
        if segment:
            wires += [f"link add x-{place} type veth peer name ext netns {place}",
                      f"link set x-{place} master br-{segment} up"]
            own += [f"addr add {outside(place)}/24 dev ext", "link set ext up",
                    f"route add default via {SEGMENTS[segment]}.1"]
        if oob:
            wires += [f"link add m-{place} type veth peer name oob netns {place}",
                      f"link set m-{place} master br-oob up"]
            own += [f"addr add {management(place)}/24 dev oob", "link set oob up"]
        _batch("core", wires)
        _batch(place, own)
        _name_service(place)


def impatient(place):
    """The place's TCP gives a dead peer up after some 13 s, not after a quarter of an hour."""
    run("sysctl", "-qw", "net.ipv4.tcp_retries2=5", place=place)


def black_hole(site):
    """Everything from and to the site's outside vanishes at the router, and its management goes dark."""
    net = SEGMENTS[site]
    rules = f"""table inet cut_{site} {{ chain forward {{ type filter hook forward priority 0;
        ip daddr {net}.0/24 drop
        ip saddr {net}.0/24 drop
    }}; }}"""
    run("nft", "-f", "-", place="core", text=rules)
    for place in PLACES:
        if PLACES[place][0] == site:
            run("ip", "link", "set", f"m-{place}", "down", place="core")


def end_black_hole(site):
    run("nft", "delete", "table", "inet", f"cut_{site}", place="core", check=False)
    for place in PLACES:
        if PLACES[place][0] == site:
            run("ip", "link", "set", f"m-{place}", "up", place="core")


def lift_fences():
    """What the product put up before a dead host."""
    run("nft", "delete", "table", "inet", "poolshift", place="core", check=False)


def drop_port(place, port):
    """A firewall on the way that forgets the port: connections from outside get no answer."""
    address = outside(place)
    run("nft", "-f", "-", place="core", text=f"""table inet wall {{ chain forward {{ type filter hook forward priority 0;
        ip daddr {address} tcp dport {port} drop
    }}; }}""")


def end_drop_port():
    run("nft", "delete", "table", "inet", "wall", place="core")
