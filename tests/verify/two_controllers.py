#!/usr/bin/env python3
"""`./dev verify two-controllers`: a controller is stopped at a random moment, another one takes over, the first wakes up.

Each trial runs the real programs on one simulated platform. The first controller carries its goal out and is stopped
(itself, its plugin, or both) at a random moment; the second takes over with a goal of its own; the first goes on at a
random moment during or after that. No change under a smaller token may be accepted once a greater one was, and in the end
the platform is as the second one declares, with nothing left to plan.

The control experiment does the same on a platform without a fence: there at least one late change must get through, or
the trials prove nothing."""

import argparse
import concurrent.futures
import pathlib
import random
import shutil
import sys
import tempfile

import controllers

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
SCENARIO = SOURCE / "manifests" / "nothing-to-do"
RUN_SECONDS = 2.0  # a whole run on an idle machine; on a busy one it is stopped in its first part
DURATIONS = "durations: {EdgeService: 60ms, EdgeAssociation: 400ms}\n"
# Which Front End pools shall use the other site's Edge pool: goals that differ, and that each change something.
GOALS = [("frontend1",), ("frontend2",), ("frontend1", "frontend2")]
OTHER = {"frontend1": "edgepool2", "frontend2": "edgepool1"}


def manifest(goal, fenced):
    text = (SCENARIO / "contoso.yaml").read_text()
    for pool in goal:
        backup = "frontend2" if pool == "frontend1" else "frontend1"
        text = controllers.edited(text, f"backupPool: {backup}\n  conferencing: local",
                                  f"backupPool: {backup}\n  conferencing: {OTHER[pool]}")
    settings = f"world: world.sim, state: ../platform, writes: ../writes, fenced: {'true' if fenced else 'false'}"
    return controllers.edited(text, "world: world.sim", settings)


def world():
    """Eight services are stopped: work that both goals have in common."""
    text = (SCENARIO / "world.sim").read_text()
    text = controllers.edited(text, "lag: 200ms", "lag: 20ms")
    text = controllers.edited(text, "    nextHop: frontend1.contoso.com\n",
                              "    nextHop: frontend1.contoso.com\n    services: {webConf: stopped, avAuth: stopped}\n")
    text = controllers.edited(text, "services: {xmppProxy: stopped}",
                              "services: {xmppProxy: stopped, webConf: stopped, avAuth: stopped}")
    return text + DURATIONS


class Trial:
    def __init__(self, programs, seed, fenced):
        self.random = random.Random(seed)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="poolshift-two-"))
        first, second = self.random.sample(GOALS, 2)
        self.first = controllers.Controller(programs, self.folder, "first", manifest(first, fenced), world())
        self.second = controllers.Controller(programs, self.folder, "second", manifest(second, fenced), world())

    def run(self):
        """What was wrong, what the platform took, and whether the first one was really stopped."""
        first = self.first.start("apply", "--auto-approve")
        stopped = controllers.sleep_until(first, self.random.random() * RUN_SECONDS)
        pause = controllers.Pause(first, self.random.choice(["controller", "plugin", "both", "both"]), self.folder)
        second = self.second.start("apply", "--takeover", "--reason", "trial", "--auto-approve")
        if self.random.random() < 0.5:
            controllers.wait(second)
        else:
            controllers.sleep_until(second, self.random.random() * RUN_SECONDS)
        pause.end()
        ends = {"first": controllers.wait(first), "second": controllers.wait(second)}
        accepted = controllers.writes(self.folder)
        return self.faults(ends), accepted, stopped

    def faults(self, ends):
        found = []
        if ends["first"] not in (0, 1, 13):
            found.append(f"the first controller ended with {ends['first']}")
        if ends["second"] not in (0, 1, 13):
            found.append(f"the second controller ended with {ends['second']}")
        # Whatever the first had done before, and however often the second is needed.
        for _ in range(2):
            if self.second.run("apply", "--auto-approve") == 0:
                break
        if self.second.run("plan") != 0:
            found.append("the platform does not stay as the second controller declares")
        return found

    def end(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def one(programs, seed, fenced):
    trial = Trial(programs, seed, fenced)
    try:
        faults, accepted, stopped = trial.run()
        late = controllers.stale(accepted)
        if fenced:
            faults += [f"accepted under the old token {token}: {resource}" for token, resource in late]
        if faults:
            faults += [f"-- {each.name}\n{each.log()}" for each in (trial.first, trial.second)]
        return faults, len(late), stopped, "fenced: " in trial.first.log()
    finally:
        trial.end()


def series(programs, seeds, fenced, jobs):
    faults, late, stopped, refused = [], 0, 0, 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        results = pool.map(lambda seed: (seed, one(programs, seed, fenced)), seeds)
        for seed, (wrong, accepted, was_stopped, was_refused) in results:
            late += accepted
            stopped += was_stopped
            refused += was_refused
            if wrong and fenced:
                faults.append(f"trial {seed}: " + "\n".join(wrong))
    return faults, late, stopped, refused


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=SOURCE / "build")
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--from", dest="first", type=int, default=0, help="the first seed")
    parser.add_argument("--control", type=int, default=60, help="trials without a fence, at most; the first late change ends them")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    programs = controllers.Programs(options.build)

    # Only those count in which the first controller was stopped before its end.
    faults, late, stopped, refused, played = [], 0, 0, 0, 0
    while stopped < options.trials and played < 3 * options.trials and not faults:
        seeds = range(options.first + played, options.first + played + options.trials - stopped)
        more = series(programs, seeds, True, options.jobs)
        faults, late, stopped, refused = faults + more[0], late + more[1], stopped + more[2], refused + more[3]
        played += len(seeds)
    print(f"{stopped} trials in which the first was stopped in the middle (of {played}): {late} late changes accepted, "
          f"{refused} times refused at the fence")
    for fault in faults[:3]:
        print(fault)
    let_through, tried = 0, 0
    while let_through == 0 and tried < options.control:
        batch = range(options.first + tried, options.first + min(tried + 2 * options.jobs, options.control))
        let_through += series(programs, batch, False, options.jobs)[1]
        tried += len(batch)
    print(f"control, without a fence: {let_through} late changes accepted in {tried} trials")
    return 1 if faults or let_through == 0 or stopped < options.trials else 0


if __name__ == "__main__":
    sys.exit(main())
