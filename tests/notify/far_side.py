"""The far side of notifications: far_side.py http|smtp FILE. Prints its port, keeps what it gets in FILE as lines of JSON.

http: the path says how it answers: /200, /404, /500 and other numbers; /slow never ends its headers, /drip its body;
/large sends more than anybody wants; /moved leads to /200; /heals fails with 503 twice.
smtp: a mailbox that begins with `refused` is refused for good, `busy` for now. User `poolshift` has the password in FILE.password.
"""
import http.server
import json
import os
import socket
import sys
import threading
import time

kept = sys.argv[2]


def keep(what):
    with open(kept, "a") as file:
        file.write(json.dumps(what) + "\n")


class Http(http.server.BaseHTTPRequestHandler):
    healing = 0

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        keep({"path": self.path, "headers": dict(self.headers), "body": body})
        mode = self.path.rsplit("/", 1)[1]
        if mode == "slow":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-")
            time.sleep(30)
            return
        if mode == "heals":
            Http.healing += 1
            mode = "503" if Http.healing <= 2 else "200"
        self.send_response({"drip": 200, "large": 200, "moved": 302}.get(mode) or int(mode))
        if mode == "moved":
            self.send_header("Location", "/200")
        size = {"drip": 1000, "large": 1 << 20}.get(mode, 0)
        self.send_header("Content-Length", str(size))
        self.end_headers()
        try:
            for _ in range(size if mode == "drip" else 0):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.1)
            if mode == "large":
                self.wfile.write(b"x" * size)
        except OSError:
            pass

    def log_message(self, *_):
        pass


def serve_http():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Http)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()


def serve_smtp():
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult

    class Mailbox:
        async def handle_RCPT(self, server, session, envelope, address, options):
            if address.startswith("refused"):
                return "550 no such mailbox"
            if address.startswith("busy"):
                return "450 try again"
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, server, session, envelope):
            keep({"from": envelope.mail_from, "to": envelope.rcpt_tos, "user": (session.auth_data or b"").decode(),
                  "content": envelope.content.decode("utf-8", "replace")})
            return "250 OK"

    def authenticate(server, session, envelope, mechanism, data):
        with open(kept + ".password") as file:
            right = data.login == b"poolshift" and data.password.decode() == file.read().strip()
        return AuthResult(success=right, handled=right, auth_data=data.login)  # not handled: answered with 535

    # The controller connects to itself once, and so must be told a port.
    for _ in range(20):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        try:
            Controller(Mailbox(), hostname="127.0.0.1", port=port, authenticator=authenticate,
                       auth_require_tls=False).start()
        except OSError:
            continue  # somebody else was faster
        print(port, flush=True)
        threading.Event().wait()


def end_with_parent():
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


threading.Thread(target=end_with_parent, daemon=True).start()
{"http": serve_http, "smtp": serve_smtp}[sys.argv[1]]()
