"""The partner organisation fabrikam.test, on other software: ejabberd, and Kamailio that follows Lync's SRV name."""

import json
import pathlib
import time

import certificates
import network
from machine import Machine

FILES = pathlib.Path(__file__).parent / "files"
USER = ("user", "fabrikam.test", "pw-fabrikam")


class Partner(Machine):
    def __init__(self):
        super().__init__("partner")
        certificates.make("partner", ["fabrikam.test", "im.fabrikam.test"])
        self.write("/etc/ejabberd/ejabberd.yml", (FILES / "ejabberd.yml").read_text(), owner=("root", "ejabberd"))
        self.write("/etc/ejabberd/inetrc", pathlib.Path("/etc/ejabberd/inetrc").read_text(), owner=("root", "ejabberd"))
        for name in ("ca.pem", "partner-bundle.pem"):
            self.write(f"/etc/ejabberd/{name}", certificates.text(name), owner=("root", "ejabberd"), mode=0o640)
        self.write("/etc/kamailio/kamailio.cfg", (FILES / "partner.cfg").read_text())
        self.write("/etc/kamailio/tls.cfg", (FILES / "tls.cfg").read_text())
        self.write("/etc/kamailio/ca.pem", certificates.text("ca.pem"))
        self.write("/etc/kamailio/edge.pem", certificates.text("partner.pem"))
        self.write("/etc/kamailio/edge.key", certificates.text("partner.key"), owner=("root", "kamailio"), mode=0o640)

    def start(self):
        self.run("systemctl", "start", "ejabberd", "kamailio")
        end = time.monotonic() + 120
        while not self._ask("status"):
            if time.monotonic() > end:
                raise RuntimeError("ejabberd does not start")
            time.sleep(0.1)
        self._ask("register", user=USER[0], host=USER[1], password=USER[2])

    def _ask(self, command, **arguments):
        """Over HTTP: ejabberdctl starts an Erlang machine each time."""
        answer = network.run("curl", "-s", "-f", "-d", json.dumps(arguments), f"http://127.0.0.1:5280/api/{command}", place=self.name,
                             check=False)
        return answer.stdout if answer.returncode == 0 else ""

    def forget_streams(self):
        """Every server-to-server stream ends, and what ejabberd remembers of failures."""
        self._ask("stop_s2s_connections")
