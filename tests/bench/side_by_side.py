#!/usr/bin/env python3
"""`./dev bench plan`: both federations leave one pool in an organisation of N sites; ours and what peers take for as much.

Whole processes, each several times in turn, the median of wall time and user time, the peak of memory. At least three
mutating actions a site, or the bench fails. A peer that is not installed is null. docs/benchmarks.md says what stands for
what.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import peers

LIMITS = {100: 0.100, 300: 0.200, 1000: 0.600, 10000: 6.5}  # seconds of wall time, ours
ASKED_UP_TO = {"terraform": 1000, "crm_simulate": 300}  # sites; above, a run takes minutes
ASKED_ONCE = 300  # sites; from here one run of a peer is enough
KILOBYTE = 1024


def run_once(command, folder, environment):
    """Wall and user seconds, megabytes of the largest process, and what was printed."""
    with tempfile.TemporaryFile("w+") as output:
        began = time.monotonic()
        child = subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output,
                                 stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        figures = {"wall_s": wall, "user_s": usage.ru_utime, "rss_mb": usage.ru_maxrss / KILOBYTE}
        return figures, child.returncode, output.read()


def medians(runs, actions):
    figures = {key: round(statistics.median(run[key] for run in runs), 4) for key in runs[0]}
    return {**figures, "actions": actions}


def poolshift_figures(build, sites, runs):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([build / "bench/poolshift-bench-organisation", "--sites", str(sites), "--move", folder], check=True,
                       stdout=subprocess.DEVNULL)
        state = folder / "state"
        command = [build / "bin/poolshift", "plan", folder / "manifests", "--state-dir", state]
        measured = []
        for _ in range(runs):
            shutil.rmtree(state, ignore_errors=True)
            figures, status, text = run_once(command, folder, {**os.environ, "NO_COLOR": "1"})
            if status != 2:
                raise SystemExit(f"bench: poolshift plan failed on {sites} sites (exit status {status}):\n{text[-2000:]}")
            measured.append(figures)
        return medians(measured, int(text.split("Plan: ", 1)[1].split(" ", 1)[0]))


def peer_figures(name, sites, runs):
    write, command, count = peers.PEERS[name]
    if not peers.is_installed(command()[0]) or sites > ASKED_UP_TO[name]:
        return None
    with tempfile.TemporaryDirectory() as folder_name:
        folder = pathlib.Path(folder_name)
        write(folder, sites)
        measured = []
        for _ in range(1 if sites >= ASKED_ONCE else runs):
            figures, status, text = run_once(command(), folder, peers.environment())
            if status != 0:
                raise SystemExit(f"bench: {name} failed on {sites} sites (exit status {status}):\n{text[-2000:]}")
            measured.append(figures)
        return medians(measured, count(text))


def faults_of(sites, measured):
    for name, figures in measured.items():
        if figures is not None and figures["actions"] < 3 * sites:
            yield f"{name} plans {figures['actions']} actions, fewer than three a site"
    ours = measured["poolshift"]["wall_s"]
    limit = LIMITS.get(sites)
    if limit is not None and ours > limit:
        yield f"poolshift takes {ours:.3f} s (limit {limit} s)"
    for name, figures in measured.items():
        if figures is not None and name != "poolshift" and ours > figures["wall_s"]:
            yield f"poolshift takes {ours:.3f} s, {name} {figures['wall_s']:.3f} s"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--sites", type=int, default=100)
    parser.add_argument("--runs", type=int, default=5, help="of each program")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()

    measured = {"poolshift": poolshift_figures(options.build.resolve(), options.sites, options.runs)}
    for name in peers.PEERS:
        measured[name] = peer_figures(name, options.sites, options.runs)
    if options.json:
        print(json.dumps(measured))
    else:
        print(f"{options.sites} sites     {'wall s':>8} {'user s':>8} {'MB':>6} {'actions':>8}")
        for name, figures in measured.items():
            print(f"{name:12} " + ("not measured here" if figures is None else
                                   f"{figures['wall_s']:8.3f} {figures['user_s']:8.3f} {figures['rss_mb']:6.0f} "
                                   f"{figures['actions']:8}"))
    faults = list(faults_of(options.sites, measured))
    for fault in faults:
        print(f"exceeded: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
