"""An Edge server of contoso.test: Prosody on 5269 and Kamailio on 5061, outside; the users' port is on management."""

import pathlib
import time

import certificates
import network
from machine import Machine

FILES = pathlib.Path(__file__).parent / "files"
POOLS = {"edge1": ("s1e1", "s1e2"), "edge2": ("s2e1", "s2e2")}
USER = ("user", "contoso.test", "pw-contoso")


def pool_of(place):
    return next(name for name, places in POOLS.items() if place in places)


def names_of(place):
    site = pool_of(place)[-1]
    return ["contoso.test", "xmpp.contoso.test", f"sip{site}.contoso.test", f"{place}.contoso.test"]


class Edge(Machine):
    def __init__(self, place):
        super().__init__(place)
        values = {"@EXT@": network.outside(place), "@OOB@": network.management(place), "@NAME@": place}
        for template, path in (("prosody.cfg.lua", "/etc/prosody/prosody.cfg.lua"), ("edge.cfg", "/etc/kamailio/kamailio.cfg"),
                               ("tls.cfg", "/etc/kamailio/tls.cfg")):
            text = (FILES / template).read_text()
            for mark, value in values.items():
                text = text.replace(mark, value)
            self.write(path, text)
        certificates.make(place, names_of(place))
        self.install_certificate(place)

    def install_certificate(self, name):
        """Both services show the certificate NAME from their next start or reload."""
        for folder, group in (("/etc/prosody/certs", "prosody"), ("/etc/kamailio", "kamailio")):
            self.write(f"{folder}/ca.pem", certificates.text("ca.pem"))
            self.write(f"{folder}/edge.pem", certificates.text(f"{name}.pem"))
            self.write(f"{folder}/edge.key", certificates.text(f"{name}.key"), owner=("root", group), mode=0o640)

    def start(self):
        """Returns when both listen: systemd says `active` as soon as there is a process."""
        self.run("systemctl", "start", "prosody", "kamailio")
        end = time.monotonic() + 30
        while not {"5222", "5269", "5061"} <= self._listening():
            if time.monotonic() > end:
                told = self.run("systemctl", "status", "--no-pager", "-n", "5", "prosody", "kamailio", check=False).stdout
                raise RuntimeError(f"{self.name} listens on {self._listening()} only: {told}")
            time.sleep(0.05)

    def _listening(self):
        lines = network.run("ss", "-Hltn", place=self.name).stdout.splitlines()
        return {line.split()[3].rpartition(":")[2] for line in lines}

    def stop(self):
        self.run("systemctl", "stop", "prosody", "kamailio")

    def enable(self, enabled):
        self.run("systemctl", "enable" if enabled else "disable", "prosody", "kamailio")

    def make_user(self):
        name, domain, password = USER
        self.run("prosodyctl", "register", name, domain, password)
