#!/usr/bin/env python3
"""`./dev verify kills`: runs are cut off everywhere, and `poolshift resume` must end where an undisturbed run ends.

A trial moves both federations with the real programs, the simulated platform and BIND. Processes are killed at the
boundaries that boundaries/ names (before, in the middle of and after each record, file, call and answer), plugins are
also stopped, and writes to the state directory fail. After every cut: no change without a durable intent, none before
what it waits for, none under an old token. In the end: the same state, each change made once and on record, a whole
record, no drift, an empty next plan."""

import argparse
import collections
import concurrent.futures
import dataclasses
import random
import sys
import time

import crash_site
from cuts import AtTime, Killed, Stopped, WriteFails
from points import POINTS, THROUGHOUT

PLAN = ["plan", "--out", "night.plan"]
APPLY = ["apply", "--auto-approve", "night.plan"]
RESUME = ["resume"]
TAKEOVER = ["apply", "--takeover", "--reason", "its host is gone", "--auto-approve"]
LONGEST_FAULT = 40000


@dataclasses.dataclass
class Trial:
    group: str
    name: str
    cuts: list  # in the run of the saved plan, then in those that resume it
    planning: object = None  # a cut while the plan is being saved
    tells: str = ""  # the point of POINTS that it stands for
    goes_on: list = None  # how the second run goes on, when not as usual


@dataclasses.dataclass
class Whole:
    """An undisturbed run."""
    state: str = ""
    changes: collections.Counter = None
    planned: dict = None
    seconds: float = 0.0
    crossed: dict = None  # phase -> Counter of points
    writes: dict = None  # role -> writes to the state directory


def go_on(site):
    return RESUME if site.runs() else APPLY


def finish(site, whole):
    """As a person does: resume; where nothing has begun, apply."""
    faults = []
    if site.run(RESUME) != 0:
        faults.append("`resume` fails")
    if not site.runs() and site.run(APPLY) != 0:
        faults.append("the saved plan cannot be applied any more, though it never began")
    return faults + site.faults_at_end(whole)


def carry_out(programs, whole, trial):
    """(faults, how many of its cuts happened)"""
    site, happened = crash_site.Site(programs), 0
    try:
        faults = []
        if trial.planning is not None:
            happened += trial.planning.carry_out(site, PLAN)
        if site.run(PLAN) not in (2,):
            faults.append("the plan cannot be saved")
        for number, cut in enumerate(trial.cuts):
            words = trial.goes_on if number == 1 and trial.goes_on else go_on(site)
            happened += cut.carry_out(site, words)
            faults += [f"after {cut.name}: {fault}" for fault in site.faults_when_cut_off(whole.planned)]
        faults += finish(site, whole)
        faults += site.hangs
        if faults:
            faults.append(site.log())
        return faults, happened
    finally:
        site.end()


def undisturbed(programs):
    whole = Whole(crossed={}, writes={})
    site = crash_site.Site(programs)
    try:
        whole.planned = site.planned()
        site.run(PLAN, {})
        whole.crossed["plan"] = collections.Counter(site.crossings())
        began = time.monotonic()
        if site.run(APPLY, {"FOLDER": str(site.state)}) != 0:
            raise SystemExit(f"the undisturbed run fails:\n{site.log()}")
        whole.seconds = time.monotonic() - began
        crossed = collections.Counter(site.crossings())
        whole.writes = {point.split("/")[0]: crossed.pop(point) for point in list(crossed) if point.endswith("file: write")}
        whole.crossed["apply"] = crossed
        whole.state, whole.changes = site.end_state(), site.changes()
        faults = site.faults_when_cut_off(whole.planned) + site.faults_at_end(whole)
        if faults:
            raise SystemExit("the undisturbed run:\n" + "\n".join(faults))
    finally:
        site.end()
    for phase, words in GOES_ON.items():  # what a run that goes on from an intent in doubt passes
        site = crash_site.Site(programs)
        try:
            site.run(PLAN)
            IN_DOUBT.carry_out(site, APPLY)
            site.run(words, {})
            whole.crossed[phase] = collections.Counter(site.crossings())
        finally:
            site.end()
    return whole


IN_DOUBT = Killed("controller/provider called: sent", 3)
GOES_ON = {"resume": RESUME, "takeover": TAKEOVER}


def numbers(phase, point, count, every):
    if every:
        return range(1, count + 1)
    return sorted({1, count}) if phase == "apply" and point in THROUGHOUT else [1]


def named_trials(whole, every):
    for phase, points in POINTS.items():
        for point in points:
            for number in numbers(phase, point, whole.crossed[phase][point], every):
                cut = Killed(point, number)
                name, tells = f"{phase}: {cut.name}", f"{phase}: {point}"
                if phase == "plan":
                    yield Trial("killed at a boundary", name, [], cut, tells)
                elif phase == "apply":
                    yield Trial("killed at a boundary", name, [cut], None, tells)
                else:
                    yield Trial(f"killed again in `{phase}`", name, [IN_DOUBT, cut], None, tells, GOES_ON[phase])


def stopped_trials(whole, every):
    """Each plugin, stopped at each of its boundaries."""
    ways = ["continued", "killed", "controller killed"]
    points = [point for point in POINTS["apply"] if not point.startswith("controller/")]
    for place, point in enumerate(points):
        for number in numbers("apply", point, whole.crossed["apply"][point], every):
            for way in ways if every else [ways[place % len(ways)]]:
                cut = Stopped(point, number, way)
                yield Trial("plugin stopped", cut.name, [cut])


def disk_trials(whole, step):
    """Every step-th write of each process fails, in the middle of the step."""
    for role, count in sorted(whole.writes.items()):
        for error, first in (("ENOSPC", 0), ("EIO", step // 2)):
            for number in range(1 + first, count + 1, step):
                cut = WriteFails(role, number, error)
                yield Trial("a write fails", cut.name, [cut])


def random_cut(chance, whole):
    seconds = chance.random() * whole.seconds
    way = chance.randrange(6)
    if way < 2:
        return AtTime(seconds, "controller", "killed")
    if way == 2:
        return AtTime(seconds, "plugin", "killed")
    if way == 3:
        return AtTime(seconds, "plugin", "stopped", chance.random())
    point = chance.choice(sorted(POINTS["apply"]))
    number = chance.randint(1, max(1, whole.crossed["apply"][point]))
    if way == 4 and not point.startswith("controller/"):
        return Stopped(point, number, chance.choice(["continued", "killed", "controller killed"]), chance.random() / 2)
    return Killed(point, number)


def random_trials(whole, count, seed):
    for i in range(count):
        chance = random.Random(f"{seed}/{i}")
        yield Trial("at random", f"random:{i}", [random_cut(chance, whole) for _ in range(chance.randint(1, 3))])


def all_trials(whole, options):
    yield from named_trials(whole, options.every)
    yield from stopped_trials(whole, options.every)
    if options.disk > 0:
        yield from disk_trials(whole, options.disk)
    yield from random_trials(whole, options.random, options.seed)


def missing_points(whole):
    """Points without a name in POINTS, and names that nothing passes."""
    for phase, points in POINTS.items():
        crossed = {point for point in whole.crossed[phase] if phase not in GOES_ON or point.startswith("controller/")}
        yield from (f"{phase}: {point} is not in points.py" for point in sorted(crossed - set(points)))
        yield from (f"{phase}: {point} of points.py is never passed" for point in points if point not in crossed)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=crash_site.SOURCE / "build")
    parser.add_argument("--random", type=int, default=500, help="trials that are cut off at random")
    parser.add_argument("--seed", type=int, default=0, help="of the random trials")
    parser.add_argument("--few", dest="every", action="store_false", help="the first and last crossing of a point, not every one")
    parser.add_argument("--disk", type=int, default=1, metavar="STEP", help="let every STEP-th write fail; 0: none")
    parser.add_argument("--only", help="the trials whose name begins with this")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    programs = crash_site.Programs(options.build)
    whole = undisturbed(programs)
    faults = list(missing_points(whole))
    trials = [trial for trial in all_trials(whole, options) if trial.name.startswith(options.only or "")]
    hits, cuts, happened = collections.Counter(), collections.Counter(), collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for trial, (wrong, times) in zip(trials, pool.map(lambda each: carry_out(programs, whole, each), trials)):
            wanted = len(trial.cuts) + (trial.planning is not None)
            cuts[trial.group] += wanted
            happened[trial.group] += times
            hits[trial.tells] += times == wanted
            if wrong:
                faults.append(f"trial `{trial.name}` (./dev verify kills --seed {options.seed} --only '{trial.name}'): "
                              + "\n".join(wrong))
    for phase, points in POINTS.items():
        for point in points if options.only is None else []:
            print(f"{hits[f'{phase}: {point}']:5} killed at  {phase}: {point}")
            if hits[f"{phase}: {point}"] == 0:
                faults.append(f"nothing was ever killed at {phase}: {point}")
    for group, count in collections.Counter(trial.group for trial in trials).items():
        print(f"{count:5} trials {group}: {happened[group]} of {cuts[group]} cuts in the middle of a run")
    print(f"a whole run makes {sum(whole.changes.values())} changes in {whole.seconds:.1f} s; {len(trials)} trials, "
          f"{len(faults)} faults")
    for fault in faults[:3]:
        print(fault if len(fault) < LONGEST_FAULT else f"{fault[:LONGEST_FAULT // 2]}\n[...]\n{fault[-LONGEST_FAULT // 2:]}")
    return 1 if faults or not trials else 0


if __name__ == "__main__":
    sys.exit(main())
