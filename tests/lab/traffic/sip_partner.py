#!/usr/bin/python3
"""The partner's SIP user: MESSAGE through the partner's own Kamailio until told to stop on stdin.

sip_partner.py RUN PERIOD   One JSON line an event: sent, answered (by which Edge server), bounced (final answer other than
200). An answer 408 means that nobody answered the proxy, so it is told as lost.
"""

import json
import re
import socket
import sys
import threading
import time

GRACE = 6.0


TELLING = threading.Lock()


def say(**event):
    with TELLING:
        print(json.dumps({"t": time.time(), **event}), flush=True)


def request(run, number, port):
    body = f"hello {number}"
    lines = ["MESSAGE sip:user@contoso.test SIP/2.0",
             f"Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{run}x{number}", "Max-Forwards: 70",
             f"From: <sip:user@fabrikam.test>;tag=t{run}", "To: <sip:user@contoso.test>",
             f"Call-ID: {run}-{number}@fabrikam.test", f"CSeq: {number} MESSAGE", "Content-Type: text/plain",
             f"Content-Length: {len(body)}", "", body]
    return "\r\n".join(lines).encode()


def tell(text, done):
    code, reason = re.match(r"SIP/2.0 (\d+) (.*)\r\n", text).groups()
    number = int(re.search(r"CSeq: (\d+)", text, re.IGNORECASE).group(1))
    edge = re.search(r"X-Edge: (\S+)", text)
    if int(code) < 200 or number in done:
        return
    done.add(number)
    if int(code) == 200 and edge:
        say(event="answered", n=number, edge=edge.group(1))
    elif int(code) != 408:
        say(event="bounced", n=number, why=f"{code} {reason}")


def main():
    run, period = sys.argv[1], float(sys.argv[2])
    wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    wire.bind(("127.0.0.1", 0))
    wire.settimeout(0.2)
    port, done, ended = wire.getsockname()[1], set(), threading.Event()
    stopping = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), stopping.set()), daemon=True).start()

    def listen():
        while not ended.is_set():
            try:
                tell(wire.recv(65535).decode(), done)
            except socket.timeout:
                continue

    listener = threading.Thread(target=listen)
    listener.start()
    number, due = 1, time.monotonic()
    while not stopping.is_set():
        wire.sendto(request(run, number, port), ("127.0.0.1", 5060))
        say(event="sent", n=number)
        number, due = number + 1, due + period
        time.sleep(max(0.0, due - time.monotonic()))
    end = time.monotonic() + GRACE
    while len(done) < number - 1 and time.monotonic() < end:
        time.sleep(0.1)
    ended.set()
    listener.join()


main()
