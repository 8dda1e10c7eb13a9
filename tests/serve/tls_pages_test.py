"""The pages for other machines: over TLS, to who has logged in. Asked with curl, as another program sees them."""

import hashlib
import hmac
import html
import re
import shutil
import socket
import ssl
import subprocess
import unittest

from authority import Authority
from life import Life
from waiting import LIMIT, until

NAME = "pages.contoso.com"
PATHS = ("/", "/plan", "/plan.txt", "/drift", "/readiness", "/runs", "/metrics", "/live.js")


class Answer:
    def __init__(self, done):
        head, _, self.body = done.stdout.decode(errors="replace").partition("\r\n\r\n")
        first, *lines = head.split("\r\n")
        self.failure = (done.returncode, done.stderr.decode().strip())
        self.status = int(first.split()[1]) if first.startswith("HTTP/") else 0
        self.headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}


class Pages(Life):
    def start(self, *words, roles=(), names=f"DNS:{NAME}", automation="{mode: approve}"):
        """A daemon with pages over TLS, which speaks with callers elsewhere too."""
        self.begin(automation, before=lambda contoso: self.make(contoso, words, roles, names))
        found = re.search(r"pages over TLS at (https://(\S+):(\d+)/)", self.daemon.said())
        self.url, self.port = found[1], int(found[3])
        self.control = re.search(r"control over TLS at (\S+),", self.daemon.said())[1]

    def make(self, contoso, words, roles, names):
        self.tls = contoso.folder / "tls"
        self.authority = Authority(self.tls, "ca")
        self.certificate, self.key = self.authority.make("pages", "/CN=pages", "serverAuth", names=names)
        control = self.authority.make("daemon", "/CN=poolshift", "serverAuth", names="IP:127.0.0.1")
        contoso.daemon.words += ("--listen", "127.0.0.1:0", "--listen-tls", "127.0.0.1:0", "--listen-cert", self.certificate,
                                 "--listen-key", self.key, "--control-listen", "127.0.0.1:0", "--control-cert", control[0],
                                 "--control-key", control[1], "--control-clients", self.authority.certificate,
                                 *(word for role in roles for word in ("--role", role)), *words)

    def ask(self, path, *more, name=NAME, jar=None, body=None):
        """`jar`: a file with cookies, kept by curl. Never through a proxy."""
        url = path if "://" in path else f"https://{name}:{self.port}{path}"
        words = ["curl", "--silent", "--show-error", "--include", "--noproxy", "*", "--max-time", "30", "--cacert",
                 self.authority.certificate, "--resolve", f"{name}:{self.port}:127.0.0.1", *more, url]
        words += ["--cookie", jar, "--cookie-jar", jar] if jar else []
        return Answer(subprocess.run(words, input=body, capture_output=True, check=False, timeout=LIMIT))

    def link(self, person):
        """What the daemon gives somebody elsewhere."""
        certificate, key = self.authority.client(person)
        done = subprocess.run([self.daemon.programs / "poolshift", "login", "--server", self.control, "--ca",
                               self.authority.certificate, "--cert", certificate, "--key", key], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, check=False, timeout=LIMIT,
                              env={"PATH": "/usr/bin:/bin", "HOME": str(self.tls)})
        self.assertEqual((done.returncode, done.stdout.startswith(self.url + "enter?invitation=")), (0, True), done.stderr)
        return done.stdout.strip()

    def log_in(self, person):
        """The cookies of a browser that has opened the link."""
        jar, link = self.tls / f"{person}.jar", self.link(person)
        answer = self.ask(link, jar=jar)
        self.assertEqual((answer.status, f"You are in as {person}." in answer.body), (200, True), answer.failure)
        self.assertRegex(answer.headers["set-cookie"], rf"^__Host-poolshift-{self.port}=\w+; Secure; HttpOnly; SameSite=Strict; ")
        self.assertEqual(self.ask(link).status, 403, "the link was used")
        return jar

    def send(self, path, jar, *fields):
        return self.ask(path, "--header", f"Origin: {self.url[:-1]}", jar=jar,
                        *(word for field in fields for word in ("--data-urlencode", field)))

    def form(self, jar):
        """The hidden fields of what /approve shows."""
        page = self.ask("/approve", jar=jar)
        self.assertEqual(page.status, 200)
        return [f"{name}={html.unescape(value)}"
                for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.body)]

    def shown(self):
        """The certificate that somebody who connects is shown."""
        return ssl.get_server_certificate(("127.0.0.1", self.port), timeout=LIMIT).strip()


class Readers(Pages):
    def test_have_logged_in(self):
        self.start(roles=("cert:vera=viewer", "cert:anna=approver"))
        for path in (*PATHS, "/approve", "/nowhere"):
            answer = self.ask(path)
            self.assertEqual((path, answer.status, answer.headers["www-authenticate"]), (path, 401, "Poolshift-Login"))
            self.assertIn("poolshift login --server", answer.body)
            self.assertNotRegex(answer.body, "edgepool|contoso")
            self.assertEqual(answer.headers["strict-transport-security"], "max-age=31536000")
        for path in ("/healthz", "/readyz"):
            self.assertEqual(self.ask(path).status, 200)
        vera, anna = self.log_in("vera"), self.log_in("anna")
        digest = self.waiting_plan(moved := self.move_xmpp())["plan"]["digest"]
        for path in PATHS:
            self.assertEqual((path, self.ask(path, jar=vera).status), (path, 200))
        self.assertIn("edgepool2", self.ask("/plan", jar=vera).body)
        # Who may read may not agree, not even with a form of somebody else's.
        form = self.form(anna)
        self.assertIn(f"digest={digest}", form)
        yes = ("word=agree", "reason=by the page", "sure=yes")
        self.assertEqual(self.send("/decide", vera, *self.form(vera), f"digest={digest}", *yes).status, 403)
        self.assertEqual(self.send("/decide", vera, *form, *yes).status, 401)
        self.assertEqual(self.ask("/decide", "--data", "word=agree").status, 401)
        self.assertEqual(self.look(lambda status: status["plan"]["digest"] == digest)["plan"]["agreed"], [])
        agreed = self.send("/decide", anna, *form, *yes)
        self.assertEqual((agreed.status, "Agreed to plan" in agreed.body), (200, True), agreed.body[-500:])
        self.settled(moved)
        self.assertEqual(self.outcomes(), ["done"])
        self.assertEqual(self.send("/leave", anna, *self.form(anna)).status, 200)
        self.assertNotIn("__Host", anna.read_text(), "curl has forgotten the cookie")
        self.assertEqual((self.ask("/", jar=anna).status, self.ask("/", jar=vera).status), (401, 200))

    def test_are_anybody_where_that_was_said(self):
        self.start("--listen-readers", "anybody")
        for path in PATHS:
            self.assertEqual((path, self.ask(path).status), (path, 200))
        self.assertEqual(self.ask("/approve").status, 403)
        self.assertEqual(self.ask("/decide", "--data", "word=agree").status, 403)
        self.assertIn("; anybody may read them", self.daemon.said())

    def test_here_are_those_of_this_machine(self):
        self.start()
        here = re.search(r"pages at (http://127\.0\.0\.1:\d+)/", self.daemon.said())[1]
        answer = self.ask(here + "/")
        self.assertEqual((answer.status, "strict-transport-security" in answer.headers), (200, False))
        link = self.daemon.run("login")
        self.assertTrue(link.stdout.startswith(self.url), link.stdout)
        self.assertNotIn("this machine", link.stderr)


class Names(Pages):
    def test_are_those_of_the_certificate(self):
        self.start(names=f"DNS:{NAME},DNS:*.contoso.net,IP:127.0.0.1")
        for name in (NAME, "noc.contoso.net", "127.0.0.1"):
            self.assertEqual((name, self.ask("/healthz", name=name).status), (name, 200))
        for name in ("localhost", "evil.example", "a.b.contoso.net", f"{NAME}.evil.example", f"127.0.0.1.{NAME}"):
            answer = self.ask("/healthz", "--header", f"Host: {name}:{self.port}")
            self.assertEqual((name, answer.status), (name, 403))
            self.assertIn("stands in the certificate", answer.body)

    def test_may_be_said(self):
        self.start("--listen-name", "portal.contoso.com", "--listen-name", NAME, names=f"DNS:{NAME}")
        self.assertIn("portal.contoso.com does NOT stand in it", self.daemon.said())
        self.assertEqual(self.url, f"https://portal.contoso.com:{self.port}/")
        self.assertEqual(self.ask("/healthz").status, 200)
        self.assertEqual(self.ask("/healthz", "--header", "Host: portal.contoso.com").status, 200)
        self.assertEqual(self.ask("/healthz", "--header", "Host: 127.0.0.1").status, 403)


class Certificates(Pages):
    def test_are_read_anew(self):
        self.start()
        first = self.certificate.read_text().strip()
        self.assertEqual(self.shown(), first)
        self.authority.make("pages", "/CN=pages", "serverAuth", names="DNS:portal.contoso.com")
        renewed = self.certificate.read_text().strip()
        self.assertNotEqual(renewed, first)
        self.assertEqual(self.shown(), renewed)
        self.assertEqual(self.ask("/healthz", name="portal.contoso.com").status, 200)
        self.assertEqual(self.ask("/healthz", "--insecure").status, 403, "its name is another now")
        # Half a renewal, and a key for everybody: the former pair goes on to count, and the log says why, once.
        shutil.copy(self.authority.make("next", "/CN=pages", "serverAuth", names=f"DNS:{NAME}")[0], self.certificate)
        self.assertEqual([self.shown(), self.shown()], [renewed, renewed])
        shutil.copy(self.tls / "next.key", self.key)
        self.key.chmod(0o644)
        self.assertEqual([self.shown(), self.shown()], [renewed, renewed])
        said = [line for line in self.daemon.said().splitlines() if "pages over TLS go on with the former certificate" in line]
        self.assertEqual(len(said), 2, said)
        self.assertIn(f"{self.key} is the key of another certificate", said[0])
        self.assertIn(f"{self.key} can be read or written by others", said[1])
        self.key.chmod(0o600)
        self.assertEqual(self.shown(), self.certificate.read_text().strip())
        self.assertEqual(self.ask("/healthz").status, 200)

    def test_of_rsa_with_a_chain_serve_too(self):
        self.start()
        between = Authority(self.tls / "between", "between", by=self.authority)
        certificate, key = between.make("pages", "/CN=pages", "serverAuth", names=f"DNS:{NAME}", kind=["-newkey", "rsa:2048", "-noenc"])
        self.certificate.write_text(certificate.read_text() + between.certificate.read_text())
        shutil.copy(key, self.key)
        for version in ("--tlsv1.2", "--tlsv1.3"):
            answer = self.ask("/healthz", version, "--tls-max", version[-3:])
            self.assertEqual((answer.status, answer.failure), (200, (0, "")))

    def test_are_not_shown_in_former_tls(self):
        self.start()
        for version, works in (("-tls1", False), ("-tls1_1", False), ("-tls1_2", True), ("-tls1_3", True)):
            done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{self.port}", version, "-cipher",
                                   "DEFAULT@SECLEVEL=0"], input=b"Q", capture_output=True, check=False, timeout=LIMIT)
            self.assertEqual(b"Cipher is (NONE)" not in done.stdout, works, (version, done.stdout, done.stderr))
        weak = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{self.port}", "-tls1_2", "-cipher",
                               "ECDHE-ECDSA-AES128-SHA:AES128-SHA256:@SECLEVEL=0"], input=b"Q", capture_output=True, check=False,
                              timeout=LIMIT)
        self.assertIn(b"Cipher is (NONE)", weak.stdout)

    def test_that_do_not_serve_are_told_at_the_start(self):
        self.start()
        self.daemon.end()
        bare = self.authority.make("bare", "/CN=pages.contoso.com", "serverAuth")
        wild = self.authority.make("wild", "/CN=pages", "serverAuth", names="DNS:*.contoso.com")
        kept = self.certificate.read_bytes(), self.key.read_bytes()
        for change, status, text in (
                (lambda: self.key.chmod(0o640), 11, f"{self.key} can be read or written by others; run `chmod 600"),
                (lambda: self.key.write_text("no key"), 10, "has no key"),
                (lambda: shutil.copy(bare[1], self.key), 10, "is the key of another certificate"),
                (self.certificate.unlink, 10, str(self.certificate)),
                (lambda: self.put(bare), 10, "has no subjectAltName"),
                (lambda: self.put(wild), 10, "stands for no whole name")):
            with self.subTest(text=text):
                change()
                done = self.refused(*self.daemon.words)
                self.assertEqual((done.returncode, text in done.stderr), (status, True), done.stderr)
            self.certificate.write_bytes(kept[0]), self.key.write_bytes(kept[1]), self.key.chmod(0o600)

    def put(self, pair):
        for made, file in zip(pair, (self.certificate, self.key)):
            shutil.copy(made, file)

    def test_are_needed_for_others(self):
        self.start()
        self.daemon.end()
        words = [str(word) for word in self.daemon.words]
        plain = words[:words.index("--listen")]
        for more, text in ((("--listen", "0.0.0.0:0"), "without TLS the pages are served to this machine only"),
                           (("--listen", "192.0.2.10:8080"), "--listen-tls"),
                           (("--listen-tls", "127.0.0.1:0"), "--listen-cert is missing"),
                           (("--listen-cert", self.certificate, "--listen-key", self.key), "--listen-tls is missing"),
                           (("--listen-name", NAME), "--listen-name needs --listen-tls"),
                           (("--listen-readers", "anybody"), "--listen-readers needs --listen-tls")):
            done = self.refused(*plain, *more)
            self.assertEqual((done.returncode, text in done.stderr), (10, True), done.stderr)
        for more, text in ((("--listen-readers", "nobody"), "write anybody or logged-in"),
                           (("--listen-name", "*.contoso.com"), "as browsers will ask for it")):
            done = self.refused(*words, *more)
            self.assertEqual((done.returncode, text in done.stderr), (10, True), done.stderr)


class Noise(Pages):
    def test_disturbs_nobody(self):
        self.start()
        plain = self.ask(f"http://127.0.0.1:{self.port}/healthz")
        self.assertEqual((plain.status, plain.failure[0] in (52, 56)), (0, True), plain.failure)
        for said in (b"\x16\x03\x01\xff\xff" + b"\xff" * 300, b"\x00" * 70000):
            with socket.create_connection(("127.0.0.1", self.port), timeout=LIMIT) as connection:
                try:
                    connection.sendall(said)
                    while connection.recv(4096):
                        pass
                except ConnectionError:
                    pass
            self.assertEqual(self.ask("/healthz").status, 200)

    def test_who_never_shakes_hands_is_hung_up_on(self):
        self.start(roles=("cert:vera=viewer",))
        here = re.search(r"pages at (http://127\.0\.0\.1:\d+)/", self.daemon.said())[1]
        silent = [socket.create_connection(("127.0.0.1", self.port), timeout=LIMIT, source_address=(f"127.0.0.{2 + at % 5}", 0))
                  for at in range(200)]
        for connection in silent:
            self.addCleanup(connection.close)
        # Everything else is as it was, and so are the pages after the patience of ten seconds.
        self.assertEqual(self.ask(here + "/healthz").status, 200)
        self.assertIn(self.daemon.run("status").returncode, (0, 2))
        self.link("vera")
        until(lambda: self.ask("/healthz", "--max-time", "5").status, lambda status: status == 200)
        for connection in silent:
            try:
                while connection.recv(100):  # an alert of TLS, and then the end
                    pass
            except ConnectionError:
                pass
        self.assertEqual(self.ask("/healthz").status, 200)

    def test_one_address_has_a_share(self):
        self.start()
        silent = [socket.create_connection(("127.0.0.1", self.port), timeout=LIMIT, source_address=("127.0.0.2", 0))
                  for _ in range(150)]
        for connection in silent:
            self.addCleanup(connection.close)
        self.assertEqual(self.ask("/healthz", "--max-time", "8").status, 200, "before the patience is over")


class Push(Pages):
    def make(self, contoso, words, roles, names):
        key = contoso.folder / "push.key"
        key.write_text("a key that nobody knows")
        key.chmod(0o600)
        super().make(contoso, (*words, "--push-key", f"file:{key}"), roles, names)

    def push(self, body, signature):
        return self.ask("/hooks/push", "--header", f"X-Hub-Signature-256: sha256={signature}", "--header",
                        "Content-Type: application/json", "--header", "Expect:", "--data-binary", "@-", body=body)

    def test_needs_no_log_in(self):
        self.start()
        moved = self.move_xmpp()
        for body in (b'{"ref": "refs/heads/main"}', b"x" * 256 * 1024):
            signature = hmac.new(b"a key that nobody knows", body, hashlib.sha256).hexdigest()
            self.assertEqual(self.push(body, "0" * 64).status, 403)
            self.assertEqual(self.push(body, signature).status, 202)
        # Nobody but the hook asked for the look.
        until(self.daemon.status, lambda status: status["commit"] == moved)


if __name__ == "__main__":
    unittest.main()
