"""Secrets in every place that takes one, and in places that take none: none of them is ever in anything that is written.

Everything that the programs write in a long life is kept: answers of every verb, pages, metrics, logs, what is told to
others, the state directory with the journal. Each secret is looked for as it is, in base64 and in hexadecimal.
"""

import base64
import http.server
import json
import pathlib
import re
import subprocess
import threading
import unittest
import urllib.error
import urllib.request

from contoso import PROGRAMS
from life import Life
from name_server import SECRET

FEWEST = 25


class Forge:
    """Hears everything, refuses some of it, and says aloud what it was sent: as a bad proxy does."""

    def __init__(self):
        self.heard = []
        forge = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                forge.heard.append((self.path, dict(self.headers), body))
                said = json.dumps([dict(self.headers), body]).encode()
                self.send_response(401 if "refuse" in self.path else 200)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def end(self):
        self.server.shutdown()
        self.server.server_close()


class Canaries(Life):
    def setUp(self):
        self.canaries, self.written = {}, []
        self.forge = Forge()
        self.addCleanup(self.forge.end)

    def canary(self, place):
        """A text that stands nowhere else, remembered by the place where it is planted."""
        word = f"canary{len(self.canaries):02d}-" + base64.b32encode(place.encode()).decode().rstrip("=").lower()[:18]
        self.canaries[place] = word
        return word

    def file(self, place, text="%s\n", mode=0o600):
        path = self.contoso.folder / "secrets" / place
        path.parent.mkdir(exist_ok=True)
        path.write_text(text % self.canary(place))
        path.chmod(mode)
        return f"file:{path}"

    def environment(self, name):
        self.contoso.daemon.more[name] = self.canary(name)
        return f"env:{name}"

    # --- what is written -------------------------------------------------------------------------------------------

    def keep(self, what, *texts):
        self.written += [(what, text.encode() if isinstance(text, str) else text) for text in texts]

    def ask(self, *words, codes=(0, 2)):
        done = self.daemon.run(*words)
        self.keep(" ".join(map(str, words)), done.stdout, done.stderr)
        self.assertIn(done.returncode, codes, f"{words}: {done.stderr}")
        return done.stdout

    def ask_alone(self, *words, codes=(0, 2)):
        """A verb that needs no daemon."""
        done = subprocess.run([PROGRAMS / "poolshift", *words], cwd=self.contoso.folder, capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL, env={**self.daemon._environment()})
        self.keep(" ".join(map(str, words)), done.stdout, done.stderr)
        self.assertIn(done.returncode, codes, f"{words}: {done.stderr}")

    def page(self, path, **headers):
        try:
            with urllib.request.urlopen(urllib.request.Request(self.origin + path, headers=headers,
                                                               data=b"{}" if path.startswith("/hooks") else None)) as answer:
                self.keep(path, answer.read(), str(answer.headers))
        except urllib.error.HTTPError as fault:
            self.keep(path, fault.read(), str(fault.headers))

    def keep_everything(self):
        for path in ("/", "/plan", "/drift", "/readiness", "/runs", "/metrics", "/approve", "/readyz"):
            self.page(path)
        for words in (("status",), ("status", "--json"), ("status", "plan"), ("status", "plan", "--json"), ("status", "drift"),
                      ("status", "drift", "--json"), ("runs",), ("runs", "--json")):
            self.ask(*words)

    @staticmethod
    def looks(word):
        """By what its bytes look like: as it is, in hexadecimal, in base64 wherever it begins within a larger text."""
        yield word
        yield word.hex().encode()
        yield word.hex().upper().encode()
        for ahead in range(3):
            text = base64.b64encode(b"x" * ahead + word)
            # Without the letters that what stands before and behind has a part in.
            yield text[(0, 2, 3)[ahead]:len(text) - 4]

    def found(self):
        looks = {each: place for place, word in self.canaries.items() for each in self.looks(word.encode())}
        return sorted({f"`{looks[each]}` is in {what}" for what, text in self.written for each in looks if each in text})

    # --- the life --------------------------------------------------------------------------------------------------

    def notifications(self):
        def one(name, way, secret):
            return (f"---\napiVersion: poolshift/v1\nkind: Notification\nmetadata: {{name: {name}}}\nspec:\n  {way}\n"
                    f"  secrets: {{{secret}}}\n")
        return "".join([
            one("hook", f'webhook: {{url: "{self.forge.url}/hook"}}', f'key: "{self.file("webhook key")}"'),
            one("refused", f'webhook: {{url: "{self.forge.url}/refuse"}}', f'key: "{self.environment("HOOK_KEY")}"'),
            one("open", f'webhook: {{url: "{self.forge.url}/open"}}', f'key: "{self.file("readable by all", mode=0o644)}"'),
            one("lines", f'webhook: {{url: "{self.forge.url}/lines"}}',
                f'key: "{self.file("two lines", "first" + chr(10) + "%s" + chr(10))}"'),
            one("forge", f'commitStatus: {{forge: gitlab, url: "{self.forge.url}/refuse"}}',
                f'token: "{self.file("forge token")}"'),
            one("github", f'commitStatus: {{forge: github, url: "{self.forge.url}/status"}}',
                f'token: "{self.environment("FORGE_TOKEN")}"'),
            one("mail", 'mail: {server: "smtp://127.0.0.1:1", from: a@contoso.com, to: [b@contoso.com], user: poolshift}',
                f'password: "{self.file("password of the mailbox")}"'),
        ])[4:]

    # Each makes the whole declaration faulty, or its provider: what is said of it must not name the secret.
    def faulty(self):
        def provider(kind, config, secrets):
            return (f"apiVersion: poolshift/v1\nkind: Provider\nmetadata: {{name: faulty}}\nspec:\n  type: {kind}\n"
                    f"  serves: [{{kinds: [Fence]}}]\n  config: {config}\n  secrets: {secrets}\n")
        zone = "{zones: [{zone: fabrikam.com, servers: [{address: 127.0.0.1, port: %d}]}], tsig: {name: k, algorithm: hmac-sha256}%s}"
        port = self.contoso.server.port
        servers = "{ssh: {user: root, hostKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAtmvVeiRgeAd5wnMRnwwyMHsmXfqFzzRXKhGiKWgNHr'%s}, servers: {h.contoso.com: {ssh: {address: 127.0.0.1, port: 1}}}}"
        key = "-----BEGIN OPENSSH PRIVATE KEY-----\n%s\n-----END OPENSSH PRIVATE KEY-----\n"
        yield "no base64", provider("dns", zone % (port, ""), f'{{tsig: "{self.file("tsig that is no base64", "!%s!")}"}}')
        yield "statement", provider("dns", zone % (port, ""), '{tsig: "%s"}' % self.file(
            "tsig statement of another name", 'key "x" { algorithm hmac-md5; secret "%s"; };'))
        yield "member", provider("dns", zone % (port, f', secret: {self.canary("secret as a member")}'), "{}")
        yield "literal", provider("dns", zone % (port, ""), f'{{tsig: {self.canary("secret in place of a reference")}}}')
        yield "relative", provider("dns", zone % (port, ""), f'{{tsig: "file:{self.canary("secret as a relative path")}"}}')
        yield "ssh key", provider("host", servers % "", f'{{ssh: "{self.file("key of ssh", key)}"}}')
        yield "ssh key of all", provider("host", servers % "", f'{{ssh: "{self.file("key of ssh that others read", key, 0o640)}"}}')
        yield "ssh password", provider("host", servers % f', password: {self.canary("password of ssh")}', "{}")
        yield "link", provider("probe", "{vantages: [{name: v, tls: {host: 127.0.0.1, port: 1, name: v}}], targets: [{hosts: [192.0.2.1]}]}",
                               f'{{linkKey: "{self.file("key of the link", key)}"}}')
        yield "jump", provider("lync", "{admin: {name: j.contoso.com, ssh: {address: 127.0.0.1, port: 1, user: u, key: jump}}}",
                               f'{{jump: "{self.file("key of the jump host", key)}", edges: "{self.environment("EDGE_KEY")}"}}')
        yield "sim", provider("sim", "{world: none.sim}", f'{{x: "{self.file("secret that nobody asks for")}"}}')
        yield "url", ("apiVersion: poolshift/v1\nkind: Notification\nmetadata: {name: n}\nspec:\n"
                      f'  webhook: {{url: "https://user:{self.canary("password in a URL")}@hooks.contoso.com/"}}\n')

    def test_are_in_nothing_that_is_written(self):
        more = {}

        def before(contoso):
            contoso.daemon.more = more
            for name in ("AWS_SECRET_ACCESS_KEY", "PGPASSWORD", "SMTP_TOKEN"):
                more[name] = self.canary(name)
            push = contoso.folder / "push.key"
            push.write_text(self.canary("push key"))
            push.chmod(0o600)
            contoso.daemon.words += ("--listen", "127.0.0.1:0", "--push-key", f"file:{push}", "--verbose")
        self.begin("{mode: approve, drill: 24h}", before=before)
        self.canaries["tsig key"] = SECRET.rstrip("=")
        self.canaries["tsig key, its bytes"] = base64.b64decode(SECRET).decode()
        self.origin = re.search(r"pages at (http://\S+)/", self.daemon.said())[1]
        self.repository.commit("alice", "tell people", {"notifications.yaml": self.notifications()})
        self.daemon.end()  # its environment has grown
        self.daemon.start()
        self.origin = re.findall(r"pages at (http://\S+)/", self.daemon.said())[-1]

        moved = self.move_xmpp()
        digest = self.waiting_plan(moved)["plan"]["digest"]
        self.plugins_know_nothing()
        self.keep_everything()
        self.page("/hooks/push", **{"X-Gitlab-Token": "a guess"})
        self.page("/hooks/push", **{"X-Gitlab-Token": self.canaries["push key"]})
        self.ask("approve", digest)
        self.settled(moved)
        self.contoso.point_xmpp_at(["192.0.2.9"])
        self.look(lambda status: status["drift"]["differences"] > 0)
        self.keep_everything()
        self.look_at_the_record()
        spoken_of = 0
        for title, text in self.faulty():
            self.repository.commit("alice", title, {"faulty.yaml": text})
            seen = self.daemon.look()
            spoken_of += bool(seen["faults"] or seen["error"])
            self.keep_everything()
        self.assertGreaterEqual(spoken_of, 10, "most of them are faults that are told")
        self.say_secrets_aloud()

        self.daemon.end()
        self.keep("the daemon's log", self.daemon.said())
        self.keep("what others are told", *(json.dumps([path, body]) for path, _, body in self.forge.heard))
        self.assertTrue(any("/refuse" in path for path, _, _ in self.forge.heard))
        for path in (self.contoso.folder / "state").rglob("*"):
            if path.is_file():
                self.keep(f"state/{path.name}", path.read_bytes())
        self.assertGreaterEqual(len(self.canaries), FEWEST)
        self.assertGreater(len(self.written), 200)
        self.assertEqual(self.found(), [])
        for hidden in (b"user:%s", b"a%s", b"\0user\0%s\0"):
            self.written = [("a test of the test", base64.b64encode(hidden % self.canaries["push key"].encode()))]
            self.assertEqual(len(self.found()), 1, hidden)

    def plugins_know_nothing(self):
        """A provider's environment holds what is declared for it, and nothing else of the daemon's."""
        looked = 0
        while looked == 0:
            with subprocess.Popen(self.daemon.command("status", "--look"), cwd=self.contoso.folder, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL) as asking:
                while asking.poll() is None:
                    looked += sum(map(self.keep_process, pathlib.Path("/proc").glob("[0-9]*")))

    def keep_process(self, process):
        try:
            if not (process / "comm").read_text().startswith("poolshift-prov"):
                return False
            if not (process / "cwd").resolve().is_relative_to(self.contoso.folder):
                return False
            self.keep("a provider's environment", (process / "environ").read_bytes(), (process / "cmdline").read_bytes())
            return True
        except OSError:  # gone since
            return False

    def look_at_the_record(self):
        state = ("--state-dir", self.contoso.folder / "state")
        clone = self.repository.clone
        (clone / "world.sim").write_text((self.contoso.folder / "base/world.sim").read_text())
        saved = self.contoso.folder / "saved.plan"
        for words in (("plan",), ("plan", "--json"), ("plan", "--runbook"), ("plan", "--out", saved), ("drift",), ("drift", "--json"),
                      *(("drift", "--format", name) for name in ("html", "markdown", "junit")), ("drift", "--history"), ("drill",),
                      ("import",)):
            self.ask_alone(*words, *state, clone, codes=(0, 2, 4, 20))
        self.keep("a saved plan", saved.read_bytes())
        for words in (("history",), ("history", "show", "1"), ("history", "show", "1", "--json"), ("history", "verify"), ("replay", "1")):
            self.ask_alone(*words, *state, codes=(0, 2))
        (clone / "world.sim").unlink()

    def say_secrets_aloud(self):
        """A secret where its place should be named: it is not said again."""
        self.ask_alone("serve", "--push-key", self.canary("push key as a word"), "--listen", "127.0.0.1:0", "--once", "--state-dir",
                       self.contoso.folder / "other", self.repository.clone, codes=(1, 2, 3, 10, 64))
        url = f"https://user:{self.canary('password of git')}@127.0.0.1:1/x.git"
        self.ask_alone("plan", "--git", url, "--state-dir", self.contoso.folder / "other", codes=(1, 2, 3, 10, 64))


if __name__ == "__main__":
    unittest.main()
