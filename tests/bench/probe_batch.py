#!/usr/bin/env python3
"""How long a batch of probes takes: tests/bench/probe_batch.py [BIN_DIR]. Needs prosody, kamailio, kamailio-tls-modules.

Starts both on a loopback address with certificates of its own, then asks a real agent over --stdio: 100 SIP OPTIONS, 100 XMPP
streams, 100 closed ports, 100 servers that are stopped and answer nothing. Prints the best and the median of 5 runs each, and the agent's
processor time.
"""

import json
import os
import pathlib
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ADDRESS = "127.200.1.1"
RUNS, QUESTIONS = 5, 100
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

PROSODY = """run_as_root = true; daemonize = false
data_path = "{0}"; pidfile = "{0}/prosody.pid"; log = "{0}/prosody.log"
modules_enabled = {{ "tls"; "dialback"; "saslauth" }}; modules_disabled = {{ "c2s"; "http"; "https"; "posix" }}
s2s_interfaces = {{ "{1}" }}; c2s_ports = {{}}; s2s_require_encryption = true; s2s_secure_auth = true
ssl = {{ cafile = "{0}/ca.pem"; certificate = "{0}/edge.pem"; key = "{0}/edge.key" }}
VirtualHost "contoso.test"
"""
KAMAILIO = """#!KAMAILIO
children=1
tcp_children=2
enable_tls=yes
listen=tls:{1}:5061
auto_aliases=no
dns=no
rev_dns=no
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
loadmodule "tls.so"
loadmodule "sl.so"
loadmodule "pv.so"
modparam("tls", "config", "{0}/tls.cfg")
request_route {{ sl_send_reply("200", "OK"); }}
"""
TLS = "[server:default]\nverify_certificate=yes\nrequire_certificate=yes\nprivate_key={0}/edge.key\ncertificate={0}/edge.pem\nca_list={0}/ca.pem\n"
AGENT = """from probe.test
probe-certificate {0}/probe.pem
probe-key {0}/probe.key
trust {0}/ca.pem
allow {1} 5061 5062 5269
"""


def certificates(folder):
    def run(command):
        subprocess.run(command, shell=True, check=True, cwd=folder, capture_output=True)
    run("openssl ecparam -name prime256v1 -genkey -noout -out ca.key && openssl req -x509 -new -key ca.key -days 3 -subj /CN=ca -out ca.pem")
    for name, names in (("edge", "DNS:contoso.test,DNS:sip.contoso.test"), ("probe", "DNS:probe.test")):
        (folder / "ext").write_text(f"subjectAltName={names}\nextendedKeyUsage=serverAuth,clientAuth\n")
        run(f"openssl ecparam -name prime256v1 -genkey -noout -out {name}.key && openssl req -new -key {name}.key -subj /CN={name} | "
            f"openssl x509 -req -CA ca.pem -CAkey ca.key -CAcreateserial -days 3 -extfile ext -out {name}.pem")


def start(arguments, port):
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, process_group=0)
    while True:
        if process.poll() is not None:
            sys.exit(f"{arguments[0]} ended with {process.returncode}")
        try:
            socket.create_connection((ADDRESS, port), 1).close()
            return process
        except OSError:
            time.sleep(0.05)


def batch(agent, question):
    """Seconds until the last answer, and the states."""
    questions = [dict(question, id=i, host=ADDRESS) for i in range(QUESTIONS)]
    request = {"poolshift-probe": 1, "patience_ms": 5000, "deadline_ms": 60000, "questions": questions}
    began = time.monotonic()
    agent.stdin.write(json.dumps(request).encode() + b"\n")
    agent.stdin.flush()
    states = {}
    while True:
        answer = json.loads(agent.stdout.readline())
        if "end" in answer:
            return time.monotonic() - began, states
        state = answer["state"] + (" spoke" if answer.get("spoke") else "")
        states[state] = states.get(state, 0) + 1


def processor_time(process):
    """Seconds that it has used, of itself and the kernel."""
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(agent, name, question):
    times = []
    before = processor_time(agent)
    for _ in range(RUNS):
        took, states = batch(agent, question)
        times.append(took)
    used = (processor_time(agent) - before) / RUNS / QUESTIONS * 1000
    print(f"{name:20} best {min(times):6.3f} s  median {statistics.median(times):6.3f} s  {used:5.2f} ms of the processor each  {states}")


def main():
    programs = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build/bin")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        certificates(folder)
        for file, text in (("prosody.lua", PROSODY), ("kamailio.cfg", KAMAILIO), ("tls.cfg", TLS), ("agent.conf", AGENT)):
            (folder / file).write_text(text.format(name, ADDRESS))
        servers = []
        try:
            servers.append(start(["/usr/bin/prosody", "-F", "--config", f"{name}/prosody.lua"], 5269))
            servers.append(start(["/usr/sbin/kamailio", "-DD", "-E", "-f", f"{name}/kamailio.cfg", "-Y", name, "-P", f"{name}/k.pid",
                                  "-m", "64"], 5061))
            agent = subprocess.Popen([programs / "poolshift-probe-agent", "--stdio", "--config", f"{name}/agent.conf"],
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            measure(agent, "100 SIP OPTIONS", {"port": 5061, "speech": "sip", "names": ["sip.contoso.test"]})
            measure(agent, "100 XMPP streams", {"port": 5269, "speech": "xmpp", "names": ["contoso.test"]})
            measure(agent, "100 closed ports", {"port": 5062, "speech": "tcp"})
            for server in servers:
                os.killpg(server.pid, signal.SIGSTOP)
            measure(agent, "100 silent servers", {"port": 5061, "speech": "sip", "names": ["sip.contoso.test"]})
            agent.stdin.close()
            agent.wait()
        finally:
            for server in servers:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()


if __name__ == "__main__":
    main()
