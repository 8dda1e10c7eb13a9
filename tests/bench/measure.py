#!/usr/bin/env python3
"""Measures whole processes: `poolshift plan` on generated organisations; the engine of `./dev bench`.

For each size, the median of several runs, each from a fresh state directory: wall time, processor time, and memory (the
peaks of the controller and its plugins, added). Between sizes the exponent e of figure ~ sites^e. Fails when a limit of
docs/benchmarks.md is exceeded.
"""

import argparse
import math
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = {2: 11, 100: 7, 1000: 5, 10000: 3}
LIMITS = {2: {"milliseconds": 150}, 1000: {"milliseconds": 1500, "megabytes": 300}}
LARGEST_EXPONENT = 1.1  # from 100 to 10,000 sites; above it a figure does not grow linearly
PLANNED = (0, 2)         # exit statuses of a plan: nothing to do, changes
SAMPLE_SECONDS = 0.005


def children_of(pid):
    try:
        return [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def peak_megabytes(pid):
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def measure(command, environment, output):
    """One run: wall milliseconds, processor milliseconds, megabytes."""
    peaks = {}
    began = time.monotonic()
    child = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    while True:
        ended, status, usage = os.wait4(child.pid, os.WNOHANG)
        if ended:
            break
        for pid in [child.pid, *children_of(child.pid)]:
            peaks[pid] = max(peaks.get(pid, 0), peak_megabytes(pid))
        time.sleep(SAMPLE_SECONDS)
    wall = time.monotonic() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    megabytes = max(sum(peaks.values()), usage.ru_maxrss / 1024)
    return child.returncode, {"milliseconds": wall * 1000, "processor": (usage.ru_utime + usage.ru_stime) * 1000,
                              "megabytes": megabytes}


def plan_once(programs, folder, sites):
    state = folder / "state"
    shutil.rmtree(state, ignore_errors=True)
    with open(folder / "output", "wb") as output:
        status, figures = measure([programs / "bin/poolshift", "plan", folder / "manifests", "--state-dir", state],
                                  {**os.environ, "NO_COLOR": "1"}, output)
    if status not in PLANNED:
        text = (folder / "output").read_text(errors="replace")
        raise SystemExit(f"bench: poolshift plan failed on {sites} sites (exit status {status}):\n{text[-2000:]}")
    return figures


def figures_of(programs, sites):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([programs / "bench/poolshift-bench-organisation", "--sites", str(sites), folder], check=True,
                       stdout=subprocess.DEVNULL)
        runs = [plan_once(programs, folder, sites) for _ in range(RUNS.get(sites, 3))]
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


def exponent(measured, key, small, large):
    return math.log(measured[large][key] / measured[small][key]) / math.log(large / small)


def report_growth(measured):
    sizes = sorted(sites for sites in measured if sites >= 100)
    faults = []
    for small, large in zip(sizes, sizes[1:]):
        powers = {key: exponent(measured, key, small, large) for key in ("milliseconds", "megabytes")}
        print(f"growth {small} to {large} sites: time ~ n^{powers['milliseconds']:.2f}, "
              f"memory ~ n^{powers['megabytes']:.2f}", flush=True)
    if len(sizes) > 1:
        for key in ("milliseconds", "megabytes"):
            power = exponent(measured, key, sizes[0], sizes[-1])
            if power > LARGEST_EXPONENT:
                faults.append(f"{key} grow as n^{power:.2f} from {sizes[0]} to {sizes[-1]} sites "
                              f"(limit n^{LARGEST_EXPONENT})")
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("sizes", nargs="*", type=int, default=sorted(RUNS), help="numbers of sites")
    options = parser.parse_args()

    measured, faults = {}, []
    print(f"{'sites':>6} {'wall ms':>9} {'cpu ms':>9} {'MB':>7}  limits", flush=True)
    for sites in options.sizes:
        figures = measured[sites] = figures_of(options.build, sites)
        limits = LIMITS.get(sites, {})
        print(f"{sites:6} {figures['milliseconds']:9.0f} {figures['processor']:9.0f} {figures['megabytes']:7.0f}  "
              + ", ".join(f"{limit} {key}" for key, limit in limits.items()), flush=True)
        faults += [f"{sites} sites: {figures[key]:.0f} {key} (limit {limit})" for key, limit in limits.items()
                   if figures[key] > limit]
    faults += report_growth(measured)
    for fault in faults:
        print(f"exceeded: {fault}")
    print(f"bench: {len(faults)} limits exceeded" if faults else "bench: every figure is within its limit")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
