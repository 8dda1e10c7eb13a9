#!/usr/bin/env python3
"""`./dev bench runs`: what a run costs beside what its platforms take.

Overhead of an action beyond two durable writes, the time of a run by the bound that no order can beat, and how soon a run
that was cut off goes on. The repetitions of what is compared take turns; the least of each counts. Fails when a limit of
docs/benchmarks.md is exceeded.
"""

import argparse
import json
import pathlib
import subprocess
import sys

FILTER = "^(RunChain/1000|JournalAction|TwoSyncs|MakespanOfMove|DecideResume)"
REPETITIONS = 5
MICROSECONDS = {"ns": 1e-3, "us": 1, "ms": 1e3, "s": 1e6}
MOST_OVERHEAD_US, MOST_OF_BOUND, MOST_RESUME_US = 300, 1.05, 1e6


def measure(build):
    """By benchmark, the least of its repetitions: microseconds, or the counter `of_bound`."""
    done = subprocess.run([build / "bench/poolshift-bench", f"--benchmark_filter={FILTER}", "--benchmark_format=json",
                           f"--benchmark_repetitions={REPETITIONS}", "--benchmark_enable_random_interleaving=true"],
                          check=True, capture_output=True, text=True)
    least = {}
    for each in json.loads(done.stdout)["benchmarks"]:
        if each["run_type"] != "iteration":
            continue
        if each.get("error_occurred"):
            sys.exit(f"{each['name']}: {each['error_message']}")
        value = each.get("of_bound", each["real_time"] * MICROSECONDS[each["time_unit"]])
        least[each["name"]] = min(value, least.get(each["name"], value))
    return least


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    least = measure(parser.parse_args().build)
    faults = [f"{name}: not measured" for name in ("RunChain", "JournalAction", "TwoSyncs", "MakespanOfMove", "DecideResume")
              if not any(each.startswith(name) for each in least)]

    def tell(what, value, limit, unit):
        print(f"{what:58} {value:9.3f} {unit}" + (f"  (limit {limit:g})" if limit else ""))
        if limit and value > limit:
            faults.append(what)

    syncs = next(value for name, value in least.items() if name.startswith("TwoSyncs"))
    for name, value in least.items():
        if name.startswith("TwoSyncs"):
            tell("two durable writes", value, None, "us")
        elif name.startswith("JournalAction"):
            tell("an action's intent and result", value, None, "us")
        elif name.startswith("RunChain"):
            tell("an action of a run of 1,000", value / 1000, None, "us")
            tell("  of which beyond two durable writes", value / 1000 - syncs, MOST_OVERHEAD_US, "us")
        elif name.startswith("MakespanOfMove"):
            tell(f"a run of {name.split('/')[1]} actions, by the bound", value, MOST_OF_BOUND, "")
        elif name.startswith("DecideResume"):
            tell("resuming a run of 1,000 actions, until the first call", value / 1e6, MOST_RESUME_US / 1e6, "s")
    for fault in faults:
        print(f"above its limit: {fault.strip()}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
