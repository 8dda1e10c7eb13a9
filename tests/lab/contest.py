"""The identical failover done by three: the product, an Ansible playbook at its best, and a person's shell script, in turn.

Each starts both services on both servers of edge2, looks from outside that both protocols answer at both addresses, moves both
records, resets the streams to the dead servers at the router, and looks once more. Times count from the start of the command.
"""

import os
import pathlib
import statistics
import subprocess
import time

import certificates
import edge
import network
from machine import LAB
from stage import PROTOCOLS, Stage

FOLDER = pathlib.Path(__file__).resolve().parent / "contest"
WORK = LAB / "contest"
SSH = """Host s2e1
  HostName 10.99.0.21
Host s2e2
  HostName 10.99.0.22
Host core
  HostName 10.99.0.1
Host vantage
  HostName 10.99.0.90
Host *
  User root
  IdentityFile {lab}/ssh/id
  IdentitiesOnly yes
  UserKnownHostsFile {lab}/ssh/known_hosts
  StrictHostKeyChecking yes
  BatchMode yes
  ControlMaster auto
  ControlPersist 60
  ControlPath {work}/%h
"""
ANSIBLE = """[defaults]
inventory = {work}/inventory
forks = 20
host_key_checking = True
local_tmp = {work}/tmp
remote_tmp = {work}/remote
interpreter_python = /usr/bin/python3
strategy = free
[ssh_connection]
pipelining = True
ssh_args = -F {work}/ssh_config
control_path_dir = {work}
"""


def prepare():
    WORK.mkdir(exist_ok=True)
    (WORK / "ssh_config").write_text(SSH.format(lab=LAB, work=WORK))
    (WORK / "ansible.cfg").write_text(ANSIBLE.format(work=WORK))
    looks = [f"look-{place}-{protocol} ansible_host={network.management('vantage')} address={network.outside(place)} "
             f"protocol={protocol} certificate={'contoso.test' if protocol == 'xmpp' else 'sip2.contoso.test'}"
             for place in edge.POOLS["edge2"] for protocol in PROTOCOLS]
    servers = [f"{place} ansible_host={network.management(place)}" for place in edge.POOLS["edge2"]]
    (WORK / "inventory").write_text("\n".join(
        ["[edge2]", *servers, "[looks]", *looks, "[others]", "admin ansible_connection=local", f"core ansible_host={network.ROUTER}",
         "[all:vars]", f"contest={FOLDER}", f"ca={certificates.FOLDER}", f"key={LAB}/dns/tsig.key", ""]))


def _command(*words):
    """In `admin`; the connections of an earlier run are gone."""
    for socket in WORK.glob("10.99.*"):
        subprocess.run(["ssh", "-F", str(WORK / "ssh_config"), "-O", "exit", "-o", f"ControlPath={socket}", "x"], check=False,
                       capture_output=True)
        socket.unlink(missing_ok=True)
    environment = {**os.environ, "HOME": str(WORK), "ANSIBLE_CONFIG": str(WORK / "ansible.cfg"), "ANSIBLE_HOME": str(WORK)}
    with open(LAB / "log/contest.log", "ab") as log:
        return subprocess.Popen(["ip", "netns", "exec", "admin", *map(str, words)], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                env=environment)


def _ansible(_):
    return _command("ansible-playbook", FOLDER / "failover.yml")


def _script(_):
    return _command(FOLDER / "failover.sh", WORK / "ssh_config", LAB / "dns/tsig.key", certificates.FOLDER)


def _product(stage):
    run = stage.product.apply()
    run.marks = stage.marks  # its actions are marks of the picture
    stage.run = run
    return run.process


CONTESTANTS = {"poolshift": _product, "ansible": _ansible, "script": _script}


def _race(stage, act):
    """Seconds to converged, and by protocol to the first message that edge2 answered."""
    to = stage.begin("edge1")
    network.black_hole("s1")
    try:
        time.sleep(2)
        stage.commit(to, out="edge1")
        since = stage.mark("starts")
        code = act(stage).wait(timeout=180)
        ended = stage.mark(f"ends: exit {code}")
        stage.check(code == 0, f"exit status {code}")
        stage.settle(to)
        time.sleep(1)
        stage.stop_traffic()
        stage.check_records(to, "records lead to edge2")
        times = {"converged": ended - since}
        for protocol, source in stage.traffic.sources.items():
            first = source.first_answer(to, since)
            if stage.check(first is not None, f"{protocol} is answered by edge2"):
                times[protocol] = first - since
        if hasattr(stage, "run"):
            times["path"] = stage.run.critical_path()
        for name, seconds in times.items():
            stage.fact(name, f"{seconds:.1f} s")
        return times
    finally:
        network.end_black_hole("s1")


def hold(laboratory, programs, runs):
    """Returns the stages, and the lines of the table."""
    prepare()
    stages, times = [], {name: [] for name in CONTESTANTS}
    for turn in range(1, runs + 1):
        for name, act in CONTESTANTS.items():
            stage = Stage(laboratory, programs, f"{name}-{turn}", f"Failover by {name}, run {turn} of {runs}")
            stage.successes = 1
            print(f"\n{stage.name}", flush=True)
            began = time.monotonic()
            try:
                times[name].append(_race(stage, act))
            except Exception as fault:  # the others run all the same
                stage.check(False, f"it was not run to its end: {fault}")
            finally:
                stage.finish()
            stage.seconds = time.monotonic() - began
            stages.append(stage)
    return stages, _table(times)


def _table(times):
    lines = ["## Side by side", "", "Seconds from the start of the command; median (least to most) of the runs.", "",
             "| | converged | first XMPP message answered by edge2 | first SIP message |", "|---|---|---|---|"]
    for name, runs in times.items():
        cells = []
        for what in ("converged", *PROTOCOLS):
            seen = sorted(run[what] for run in runs if what in run)
            cells.append(f"{statistics.median(seen):.1f} ({seen[0]:.1f} to {seen[-1]:.1f}), {len(seen)} runs" if seen else "never")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    ratios = [run["converged"] / run["path"] for run in times["poolshift"] if run.get("path")]
    if ratios:
        lines += ["", f"Poolshift took {statistics.median(ratios):.2f} times the critical path of its own journal "
                  f"({min(ratios):.2f} to {max(ratios):.2f}), its look at the world, planning and the look afterwards included."]
    for name in ("failover.yml", "failover.sh", "look", "records.nsupdate", "fence.nft"):
        lines += ["", f"`{name}`:", "", *("    " + line for line in (FOLDER / name).read_text().splitlines())]
    return lines
