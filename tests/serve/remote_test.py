"""The daemon asked and told from elsewhere: over TLS, by names in certificates."""

import json
import re
import shutil
import socket
import ssl
import subprocess
import unittest

from authority import Authority
from life import Life
from waiting import LIMIT

HOST = "127.0.0.1"
HTTP2 = b"\x00\x00"  # how a frame begins that is shorter than 64 KiB: the daemon's SETTINGS (RFC 7540, section 4.1)


class Remote(Life):
    def start(self, *roles, automation="{mode: approve}"):
        """A daemon that others may speak with, each with a certificate of their name."""
        self.begin(automation, before=lambda contoso: self.make(contoso, roles))
        self.port = int(re.search(rf"control over TLS at {HOST}:(\d+)", self.daemon.said()).group(1))

    def make(self, contoso, roles):
        self.tls = contoso.folder / "tls"
        self.authority, self.other = Authority(self.tls, "ca"), Authority(contoso.folder / "other", "ca")
        self.certificate, self.key = self.authority.make("daemon", "/CN=poolshift", "serverAuth", names=f"IP:{HOST}")
        contoso.daemon.words += ("--control-listen", f"{HOST}:0", "--control-cert", self.certificate, "--control-key",
                                 self.key, "--control-clients", self.authority.certificate,
                                 *(word for role in roles for word in ("--role", role)))

    def words(self, certificate, key, ca=None, host=HOST):
        return ["--server", f"{host}:{self.port}", "--ca", ca or self.authority.certificate, "--cert", certificate, "--key", key]

    def ask(self, *words, of=(), **environment):
        """What a verb said that went over TLS; `of`: words()."""
        program = [self.daemon.programs / "poolshift", *words, *of, "--no-color", "--width", "200"]
        return subprocess.run(program, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=LIMIT,
                              env={"PATH": "/usr/bin:/bin", "HOME": str(self.tls), **environment})

    def answers_here(self):
        """The socket is as it was."""
        self.assertIn(self.daemon.run("status").returncode, (0, 2))

    def assert_refused(self, done, status, *texts):
        self.assertEqual((done.returncode, done.stdout), (status, ""), done.stderr)
        for text in texts:
            self.assertIn(text, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)

    def settings(self, certificate=None, key=None, version=ssl.TLSVersion.TLSv1_3):
        """What the daemon says first after the handshake: b"" when it wants nothing to do with this caller."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(self.authority.certificate)
        context.minimum_version = context.maximum_version = version
        context.set_alpn_protocols(["h2"])
        if certificate:
            context.load_cert_chain(certificate, key)
        with socket.create_connection((HOST, self.port), timeout=LIMIT) as plain:
            try:
                with context.wrap_socket(plain, server_hostname=HOST) as encrypted:
                    return encrypted.recv(2)
            except (ssl.SSLError, ConnectionResetError):
                return b""


class Roles(Remote):
    def test_are_those_of_the_names_in_certificates(self):
        # What accounts may do is no matter: not even for the daemon's own.
        self.start("cert:vera=viewer", "cert:anna=approver", "cert:oscar=operator", "*=viewer", "eve=operator")
        who = {name: self.words(*self.authority.client(name)) for name in ("vera", "anna", "oscar", "eve", "root")}
        moved = self.move_xmpp()
        digest = self.waiting_plan(moved)["plan"]["digest"]
        allowed = {"vera": {"status", "runs"}, "anna": {"status", "runs", "reject"},
                   "oscar": {"status", "runs", "reject", "pause", "break-glass"}, "eve": set(), "root": set()}
        verbs = {"status": ("status", "plan"), "runs": ("runs",), "reject": ("reject", digest, "--reason", "not yet"),
                 "pause": ("pause", "Site1", "--for", "1h", "--reason", "a test"),
                 "break-glass": ("break-glass", "--for", "1m", "--reason", "a test")}
        for name, of in who.items():
            for verb, words in verbs.items():
                with self.subTest(name=name, verb=verb):
                    done = self.ask(*words, of=of)
                    if verb in allowed[name]:
                        self.assertEqual(done.returncode, 0, done.stderr)
                    else:
                        self.assert_refused(done, 11, f"{name} has the role", f"--role cert:{name}=")
        seen = self.daemon.status()
        self.assertEqual([pause["who"] for pause in seen["pauses"]], ["oscar"])
        self.assertEqual(self.ask("unpause", seen["pauses"][0]["id"], of=who["oscar"]).returncode, 0)
        self.assertIn("you       vera, viewer", self.ask("status", of=who["vera"]).stdout)

    def test_a_word_from_elsewhere_counts(self):
        self.start("cert:anna=approver", "cert:oscar=approver", automation="{mode: approve, approvals: 2}")
        anna, oscar = (self.words(*self.authority.client(name)) for name in ("anna", "oscar"))
        moved = self.move_xmpp()
        digest = self.waiting_plan(moved)["plan"]["digest"]
        for _ in range(2):  # the same person's second word is no second person's
            self.assertEqual(self.ask("approve", digest, of=anna).returncode, 0)
        seen = self.look(lambda status: status["plan"]["approvals_missing"] == 1)
        self.assertEqual(seen["plan"]["agreed"], ["anna"])
        self.assertEqual(self.ask("approve", digest, of=oscar).returncode, 0)
        self.settled(moved)
        self.assertEqual(self.outcomes(), ["done"])


class Certificates(Remote):
    def test_of_callers_are_proved(self):
        self.start("cert:*=operator")
        good = self.authority.client("anna")
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            self.assertEqual(self.settings(*good, version=version), HTTP2)
            for name, files in {"none": (), "of another CA": self.other.client("anna"),
                                "ended": self.authority.client("old", days=-1),
                                "of a server": (self.certificate, self.key)}.items():
                with self.subTest(name=name, version=version):
                    self.assertEqual(self.settings(*files, version=version), b"")
        self.assert_refused(self.ask("status", of=self.words(*self.other.client("anna"))), 11,
                            f"{HOST}:{self.port}: the daemon refuses your certificate", "CN = ca", "--control-clients")
        self.assert_refused(self.ask("status", of=self.words(*self.authority.client("old", days=-1))), 11, "old.pem",
                            "ended 20", "have it renewed")
        unnamed = self.authority.make("unnamed", "/CN=anna/CN=oscar", "clientAuth")
        self.assert_refused(self.ask("status", of=self.words(*unnamed)), 11, "names nobody", "-subj /CN=alice")
        good[1].chmod(0o640)
        self.assert_refused(self.ask("status", of=self.words(*good)), 11, "anna.key", "chmod 600")
        self.answers_here()

    def test_are_not_shown_in_former_tls(self):
        self.start("cert:anna=viewer")
        certificate, key = self.authority.client("anna")
        for version, cipher in (("-tls1", False), ("-tls1_1", False), ("-tls1_2", True), ("-tls1_3", True)):
            done = subprocess.run(["openssl", "s_client", "-connect", f"{HOST}:{self.port}", version, "-alpn", "h2", "-cipher",
                                   "DEFAULT@SECLEVEL=0", "-CAfile", self.authority.certificate, "-cert", certificate, "-key", key],
                                  input=b"Q", capture_output=True, check=False, timeout=LIMIT)
            self.assertEqual(b"Cipher is (NONE)" not in done.stdout, cipher, (version, done.stdout, done.stderr))

    def test_of_the_daemon_are_proved_and_read_anew(self):
        self.start("cert:anna=viewer")
        anna = self.authority.client("anna")
        self.assertEqual(self.ask("status", of=self.words(*anna)).returncode, 0)
        self.assert_refused(self.ask("status", of=self.words(*anna, ca=self.other.certificate)), 11, "is not believed",
                            "it is from `CN = ca`", "--ca")
        for names, days, text in (("DNS:elsewhere.contoso.com", 9, f"is not for {HOST}"), (f"IP:{HOST}", -1, "ended 20")):
            with self.subTest(text=text):
                self.authority.make("daemon", "/CN=poolshift", "serverAuth", names=names, days=days)
                self.assert_refused(self.ask("status", of=self.words(*anna)), 11, "the daemon's certificate", text)
        self.authority.make("daemon", "/CN=poolshift", "serverAuth", names=f"IP:{HOST}")
        self.assertEqual(self.ask("status", of=self.words(*anna)).returncode, 0)
        # Half a renewal: the former pair goes on to count, and the log says why, once.
        shutil.copy(self.authority.make("next", "/CN=poolshift", "serverAuth", names=f"IP:{HOST}")[0], self.certificate)
        for _ in range(2):
            self.assertEqual(self.ask("status", of=self.words(*anna)).returncode, 0)
        self.assertEqual(self.daemon.said().count("goes on with the former certificates: "), 1)
        self.assertIn(f"{self.key} is the key of another certificate", self.daemon.said())
        # Whom the daemon believes is read anew, too.
        self.authority.make("daemon", "/CN=poolshift", "serverAuth", names=f"IP:{HOST}")
        new = self.other.client("anna")
        self.authority.certificate.write_text(self.authority.certificate.read_text() + self.other.certificate.read_text())
        self.assertEqual(self.ask("status", of=self.words(*new)).returncode, 0)

    def test_that_do_not_serve_are_told_at_the_start(self):
        self.start()
        self.daemon.end()
        self.assertIn("nobody may do anything there", self.daemon.said())
        for change, status, text in (
                (lambda: self.key.chmod(0o604), 11, f"{self.key} can be read or written by others; run `chmod 600"),
                (lambda: self.key.write_text("no key"), 10, "has no key"),
                (lambda: self.certificate.write_text(""), 10, "has no certificate"),
                (self.certificate.unlink, 10, str(self.certificate))):
            kept = self.certificate.read_bytes(), self.key.read_bytes()
            change()
            done = self.refused(*self.daemon.words)
            self.assertEqual((done.returncode, text in done.stderr), (status, True), done.stderr)
            self.certificate.write_bytes(kept[0]), self.key.write_bytes(kept[1]), self.key.chmod(0o600)
        words = [str(word) for word in self.daemon.words]
        for option in ("--control-listen", "--control-cert", "--control-key", "--control-clients"):
            at = words.index(option)
            done = self.refused(*words[:at], *words[at + 2:])
            self.assertEqual((done.returncode, f"{option} is missing" in done.stderr), (10, True), done.stderr)


class Noise(Remote):
    def test_disturbs_nobody(self):
        self.start("cert:anna=viewer")
        anna = self.words(*self.authority.client("anna"))
        for said in (b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\xff\xff" + b"\xff" * 300, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                     b"\x00" * 70000):
            with socket.create_connection((HOST, self.port), timeout=LIMIT) as connection:
                try:
                    connection.sendall(said)
                    while connection.recv(4096):
                        pass
                except ConnectionError:
                    pass
            self.assertEqual(self.ask("status", of=anna).returncode, 0)
        # Whoever says nothing has ten seconds, and one address has a share of the places.
        silent = [socket.create_connection((HOST, self.port), timeout=LIMIT) for _ in range(40)]
        for connection in silent:
            self.addCleanup(connection.close)
        self.answers_here()
        for connection in silent:
            self.assertEqual(connection.recv(1), b"")
        self.assertEqual(self.ask("status", of=anna).returncode, 0)
        self.answers_here()

    def test_what_is_no_daemon_is_said(self):
        self.start("cert:anna=viewer")
        anna = self.authority.client("anna")
        port, self.port = self.port, 1
        self.assert_refused(self.ask("status", of=self.words(*anna)), 1, f"{HOST}:1: Connection refused", "--control-listen")
        self.assert_refused(self.ask("status", of=self.words(*anna, host="nowhere.invalid")), 1, "nowhere.invalid: ",
                            "check the name after --server")
        self.port = port
        of = self.words(*anna)
        self.assert_refused(self.ask("status", of=of[:-2]), 10, "--key or POOLSHIFT_KEY")
        self.assert_refused(self.ask("status", of=of[2:]), 10, "--ca needs --server")
        self.assert_refused(self.ask("status", "--socket", "control.sock", of=of), 10, "leave one of them out")

    def test_the_environment_says_where(self):
        self.start("cert:anna=viewer")
        certificate, key = map(str, self.authority.client("anna"))
        places = {"POOLSHIFT_SERVER": f"{HOST}:{self.port}", "POOLSHIFT_CA": str(self.authority.certificate),
                  "POOLSHIFT_CERT": certificate, "POOLSHIFT_KEY": key}
        self.assertIn("you       anna, viewer", self.ask("status", **places).stdout)
        self.assert_refused(self.ask("status", POOLSHIFT_SOCKET=str(self.daemon.socket), **places), 10, "are both set")
        # What is written counts.
        here = self.ask("status", "--socket", str(self.daemon.socket), **places)
        self.assertRegex(here.stdout, r"you       \S+, operator")
        self.assert_refused(self.ask("status", "--server", f"{HOST}:1", **places), 1, f"{HOST}:1: ")


class Watch(Remote):
    def test_tells_runs_until_the_daemon_ends(self):
        self.start("cert:vera=viewer", automation="{mode: auto}")
        program = [self.daemon.programs / "poolshift", "watch", *self.words(*self.authority.client("vera"))]
        with subprocess.Popen(program, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as watch:
            try:
                moved = self.move_xmpp()
                self.settled(moved)
                seen = []
                while not seen or seen[-1]["event"] != "action_ended":
                    seen.append(json.loads(watch.stdout.readline()))
                self.assertEqual((seen[0]["event"], seen[-1]["end"]), ("run_started", "done"))
                self.assertIsNone(watch.poll(), "it goes on")
                self.assertEqual(self.daemon.end(), 0)
                self.assertEqual((watch.wait(LIMIT), watch.stderr.read()), (0, ""))
                rest = [json.loads(line) for line in watch.stdout]
                self.assertEqual({event["end"] for event in rest if event["event"] == "action_ended"}, {"done"})
            finally:
                if watch.poll() is None:
                    watch.kill()


if __name__ == "__main__":
    unittest.main()
