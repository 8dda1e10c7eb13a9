"""DNS: the authority (BIND, or Knot) that the product may update for some names only, and the cache that partners ask."""

import subprocess
import time

import network
from machine import LAB

FOLDER = LAB / "dns"
KEY = "lab-update"
TTL = 3
ZONE = """$ORIGIN contoso.test.
$TTL {ttl}
@      IN SOA ns.contoso.test. hostmaster.contoso.test. ( 1 60 30 3600 {ttl} )
       IN NS  ns.contoso.test.
ns     IN A   10.99.9.53
{records}
_xmpp-server._tcp       IN SRV 0 0 5269 xmpp.contoso.test.
_sipfederationtls._tcp  IN SRV 0 0 5061 sip1.contoso.test.
"""
PARTNER_ZONE = f"""$ORIGIN fabrikam.test.
$TTL {TTL}
@      IN SOA ns.fabrikam.test. hostmaster.fabrikam.test. ( 1 60 30 3600 {TTL} )
       IN NS  ns.fabrikam.test.
ns     IN A   10.99.9.53
@      IN A   10.99.9.80
im     IN A   10.99.9.80
_xmpp-server._tcp       IN SRV 0 0 5269 im.fabrikam.test.
_sipfederationtls._tcp  IN SRV 0 0 5061 im.fabrikam.test.
"""
NAMED = """{key}
options {{ directory "{folder}"; pid-file "{folder}/named.pid"; session-keyfile "{folder}/session.key";
  listen-on {{ 127.0.0.1; 10.99.9.53; 10.99.0.53; }}; listen-on-v6 {{ none; }};
  recursion no; allow-transfer {{ key {name}; }}; notify no; minimal-responses no; dnssec-validation no; }};
controls {{ }};
logging {{ channel f {{ file "{log}"; print-time iso8601; severity info; }}; category default {{ f; }}; category update {{ f; }}; }};
{grant}
zone "fabrikam.test" {{ type primary; file "fabrikam.test.zone"; }};
"""
KNOT = """server:
    rundir: "{folder}"
    listen: [10.99.9.53@53, 10.99.0.53@53, 127.0.0.1@53]
    pidfile: "knot.pid"
database:
    storage: "{folder}"
log:
  - target: "{log}"
    any: info
key:
  - id: {name}
    algorithm: hmac-sha256
    secret: "{secret}"
{grant}
zone:
  - domain: contoso.test
    storage: "{folder}"
    file: "contoso.test.zone"
    acl: [{acl}]
    zonefile-sync: -1
    zonefile-load: difference-no-serial
    journal-content: all
  - domain: fabrikam.test
    storage: "{folder}"
    file: "fabrikam.test.zone"
"""
UNBOUND = """server:
  directory: "{folder}"
  chroot: ""
  username: ""
  pidfile: "{folder}/unbound.pid"
  use-syslog: no
  logfile: "{log}"
  interface: 10.99.9.54
  access-control: 10.99.0.0/16 allow
  do-ip6: no
  num-threads: 1
  module-config: "iterator"
  local-zone: "test." nodefault
remote-control:
  control-enable: yes
  control-use-cert: no
  control-interface: {folder}/unbound.ctl
stub-zone:
  name: "contoso.test"
  stub-addr: 10.99.9.53
stub-zone:
  name: "fabrikam.test"
  stub-addr: 10.99.9.53
"""


class Authority:
    def __init__(self, product, grant):
        """`product`: bind or knot; `grant`: what it must allow, as the product under test prints it."""
        self.product = product
        FOLDER.mkdir(parents=True)
        self.key = subprocess.run(["tsig-keygen", "-a", "hmac-sha256", KEY], check=True, capture_output=True, text=True).stdout
        self.key_file = FOLDER / "tsig.key"
        self.key_file.write_text(self.key)
        self.key_file.chmod(0o600)
        records = "\n".join(f"{name} IN A {address}" for name, address in self.addresses())
        (FOLDER / "contoso.test.zone").write_text(ZONE.format(ttl=TTL, records=records))
        (FOLDER / "fabrikam.test.zone").write_text(PARTNER_ZONE)
        values = {"key": self.key, "folder": FOLDER, "name": KEY, "grant": grant, "log": LAB / f"log/{product}.log",
                  "secret": self.key.split('secret "')[1].split('"')[0]}
        if product == "knot":
            values["grant"], values["acl"] = grant[:grant.index("\nzone:")], "poolshift-contoso.test"
        else:
            values["grant"] = grant.replace("{", '{ type primary; file "contoso.test.zone";', 1)
        (FOLDER / "authority.conf").write_text((NAMED if product == "bind" else KNOT).format(**values))
        (FOLDER / "unbound.conf").write_text(UNBOUND.format(folder=FOLDER, log=LAB / "log/unbound.log"))
        self.start()

    @staticmethod
    def addresses():
        sites = {"1": ("s1e1", "s1e2"), "2": ("s2e1", "s2e2")}
        for site, places in sites.items():
            for place in places:
                yield "sip" + site, network.outside(place)
        for place in sites["1"]:
            yield "xmpp", network.outside(place)

    def start(self):
        program = ["named", "-c"] if self.product == "bind" else ["knotd", "-d", "-c"]
        network.run(*program, FOLDER / "authority.conf", place="dns")
        network.run("unbound", "-c", FOLDER / "unbound.conf", place="resolver")
        end = time.monotonic() + 15
        while not self.look("xmpp.contoso.test", "A"):
            if time.monotonic() > end:
                raise RuntimeError(f"{self.product} does not answer")
            time.sleep(0.05)

    @staticmethod
    def look(name, kind, at="10.99.9.53"):
        answer = network.run("dig", "+short", "+time=1", "+tries=1", f"@{at}", name, kind, place="partner", check=False)
        return sorted(line for line in answer.stdout.split("\n") if line and not line.startswith(";"))

    def _update(self, *lines):
        text = "\n".join(["server 10.99.0.53", "zone contoso.test.", *lines, "send", ""])
        network.run("nsupdate", "-k", self.key_file, place="admin", text=text)

    def by_hand(self, name, addresses):
        """What a person does with nsupdate: the address set of `name` is replaced, whatever it was."""
        self._update(f"update delete {name}.contoso.test. A",
                     *(f"update add {name}.contoso.test. {TTL} A {address}" for address in addresses))

    def move_sip_by_hand(self, target):
        name = "_sipfederationtls._tcp.contoso.test."
        self._update(f"update delete {name} SRV", f"update add {name} {TTL} SRV 0 0 5061 {target}.contoso.test.")

    def drop_marks(self):
        """As if the product had never written here."""
        self._update("update delete _poolshift.contoso.test. TXT")

    @staticmethod
    def forget():
        """The cache starts empty again."""
        network.run("unbound-control", "-c", FOLDER / "unbound.conf", "flush_zone", ".", place="resolver")
