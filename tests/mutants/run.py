#!/usr/bin/env python3
"""Changes the program on purpose and says which test notices: `./dev verify mutants`.

A mutant is one exact replacement in one source file (the *.toml files beside this program), or one row of the table
of rules left out. The changed file is compiled outside the tree, its floor's library is linked anew beside it, and
the test programs of the ordinary build run with that library in place of theirs: neither the tree nor the build is
touched. The programs run in the order given, cheapest first (the plans of the scenarios before all), until a test
fails: that test has killed the mutant. One that no test kills is a gap in the tests, unless it says why it cannot be
noticed (`implied`). At the end the killing tests run once more, unchanged, and must pass. Fails when fewer than 95 of
100 are killed, or when one no longer fits its file.
"""

import argparse
import collections
import concurrent.futures
import dataclasses
import hashlib
import json
import os
import pathlib
import re
import resource
import shlex
import shutil
import subprocess
import sys
import time
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RULES = ("controller/federation/rule_invariants.cc", "controller/federation/rule_table.cc")
# Tests of the table itself would notice any change of it.
RULE_TESTS = ("scenarios_test", "federation_test:-Rule*", "engine_test")
LEAST_KILLED = 0.95
CPU_SECONDS, WALL_SECONDS = 300, 1800  # of one test program; the first is what a busy machine does not change
SAMPLE = ("checker: proof: clauses are taken for kept", "planner: deorder: what a step needs need not come before it",
          "seeing: limits: a window has a minute more")


@dataclasses.dataclass
class Mutant:
    name: str
    file: str
    before: str
    after: str
    tests: tuple
    implied: str = ""

    def changed(self, text):
        """The file's text with the change; a ValueError when it does not fit."""
        if text.count(self.before) != 1:
            raise ValueError(f"its text stands {text.count(self.before)} times in {self.file}")
        return text.replace(self.before, self.after)


def written_mutants():
    for path in sorted(HERE.glob("*.toml")):
        table = tomllib.loads(path.read_text())
        for entry in table["mutant"]:
            yield Mutant(f"{path.stem}: {entry['name']}", entry["file"], entry["from"], entry["to"],
                         tuple(entry.get("tests", table["tests"])), entry.get("implied", ""))


# Their clauses say again what the variables and other clauses bring about already: no plan of 10,000 random organisations differs.
IMPLIED_RULES = {
    "I-1": "the variable of the flag has no value with another number of pools than the start, the goal and, where allowed, both",
    "I-18": "users move when federation is done, which is never before the topology with the next hop is published",
}


def rule_mutants():
    """Each rule that makes clauses, left out in turn."""
    for file in RULES:
        for row in re.finditer(r'\{"([^"]+)",\s*Form::\w+,\s*Severity::\w+,\s*Clauses::kMade,', (ROOT / file).read_text()):
            yield Mutant(f"rules: {row.group(1)} is left out", file, row.group(0),
                         row.group(0).replace("kMade", "kSwitchedOff"), RULE_TESTS,
                         IMPLIED_RULES.get(row.group(1), ""))


def all_mutants():
    mutants = [*rule_mutants(), *written_mutants()]
    doubles = [name for name, count in collections.Counter(m.name for m in mutants).items() if count > 1]
    if doubles:
        raise SystemExit(f"mutants: two are called `{doubles[0]}`")
    return mutants


class Build:
    """The ordinary build, only read."""

    def __init__(self, folder):
        self.folder = folder
        self.commands = {entry["file"]: entry for entry in json.loads((folder / "compile_commands.json").read_text())}
        self.links = {}

    def compile_and_link(self, file, text, scratch):
        """Puts the library of the changed file into `scratch`; a ValueError with what the compiler says."""
        entry = self.commands[str(ROOT / file)]
        source, changed = scratch / pathlib.Path(file).name, scratch / "changed.o"
        source.write_text(text)
        words = [word for word in shlex.split(entry["command"]) if pathlib.Path(word).name != "ccache"]
        words = ["-O1" if word == "-O2" else "-g0" if word == "-g1" else word for word in words if word != "-Werror"]
        words[words.index("-c") + 1] = str(source)
        words[words.index("-o") + 1] = str(changed)
        self.run([*words, "-w"])
        compiled = re.sub(r"^.*? -o (\S+).*$", r"\1", entry["command"])
        library = "lib/lib" + re.search(r"/(poolshift_\w+)\.dir/", "/" + compiled).group(1) + ".so"
        link = [str(changed) if word == compiled else word for word in self.link(library)]
        link[link.index("-o") + 1] = str(scratch / pathlib.Path(library).name)
        self.run(link)

    def link(self, library):
        if library not in self.links:
            said = subprocess.run(["ninja", "-C", self.folder, "-t", "commands", library], check=True,
                                  capture_output=True, text=True).stdout
            words = shlex.split(said.splitlines()[-1])
            self.links[library] = [word for word in words if word not in (":", "&&")]
        return self.links[library]

    def run(self, words):
        done = subprocess.run(words, cwd=self.folder, capture_output=True, text=True)
        if done.returncode != 0:
            raise ValueError(f"it does not compile:\n{done.stderr[-1500:]}")

    def test(self, test, libraries, more=()):
        """The test that fails, "" when all pass. `libraries`: a folder that goes before the build's."""
        program, _, pattern = test.partition(":")
        command, name_of = self.command(program, pattern)
        # The changed library finds its own neighbours beside it, where they are not.
        paths = [str(libraries)] if libraries else []
        environment = {**os.environ, "LD_LIBRARY_PATH": ":".join([*paths, str(self.folder / "lib")])}
        limit = lambda: resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 10))
        try:
            done = subprocess.run([*command, *more], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                                  timeout=WALL_SECONDS, preexec_fn=limit)
        except subprocess.TimeoutExpired:
            return f"{program} (does not end)"
        if done.returncode == 127:  # nobody has noticed anything: it did not even start
            raise ValueError(f"{program} does not start: {done.stdout[-300:]}")
        return "" if done.returncode == 0 else f"{program} {name_of(done)}".strip()

    def command(self, program, pattern):
        if program.startswith("verify-"):
            sizes = {"verify-core": ("core", "56 states, 3136 pairs", "2", "2"), "verify-product": ("product", "198 pairs", "1499")}
            return [str(ROOT / "tests/verify/prove"), str(self.folder), *sizes[program]], lambda done: ""
        return [str(self.folder / "tests" / program), "--gtest_color=no", "--gtest_fail_fast", f"--gtest_filter={pattern or '*'}"], failing

    def uses(self, program, libraries, library):
        """Whether the test program takes the library from there."""
        path = self.folder / ("verify/poolshift-verify" if program.startswith("verify-") else f"tests/{program}")
        said = subprocess.run(["ldd", path], env={**os.environ, "LD_LIBRARY_PATH": str(libraries)}, capture_output=True,
                              text=True, check=True).stdout
        return f"{libraries}/{library}" in said


def failing(done):
    """The first failed case of a GoogleTest program, or the one in which it ended."""
    failed = re.search(r"^\[  FAILED  \] ([^\s,]+)", done.stdout, re.MULTILINE)
    if failed:
        return failed.group(1)
    running = re.findall(r"^\[ RUN      \] (\S+)", done.stdout, re.MULTILINE)
    how = "never ends" if done.returncode in (-9, -24) else "ends itself"
    return f"{running[-1]} ({how})" if running else f"({how})"


def quickest_first(tests):
    """The plans of all scenarios are made in seconds; taking each back from everywhere takes minutes."""
    if "scenarios_test" not in tests:
        return tests
    rest = ["scenarios_test:-*PlanIsAsExpected*" if test == "scenarios_test" else test for test in tests]
    return ["scenarios_test:*PlanIsAsExpected*", *rest]


def judge(build, mutant, scratch):
    """What killed it, "" when nothing did; a ValueError when it does not fit."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        build.compile_and_link(mutant.file, mutant.changed((ROOT / mutant.file).read_text()), scratch)
        library = next(scratch.glob("*.so")).name
        used = 0
        for test in quickest_first(mutant.tests):
            if not build.uses(test.partition(":")[0], scratch, library):
                continue
            used += 1
            if killer := build.test(test, scratch):
                return killer
        if used == 0:
            raise ValueError(f"no test named for it uses {library}")
        return ""
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def unchanged_failures(build, killers):
    """Killing tests that fail without any change too: what they say is worth nothing."""
    by_program = collections.defaultdict(set)
    for killer in killers:
        program, _, case = killer.partition(" ")
        by_program[program].add(case.partition(" ")[0] if not case.startswith("(") else "")
    broken = []
    for program, cases in sorted(by_program.items()):
        pattern = "" if "" in cases else ":".join(sorted(cases))
        if said := build.test(f"{program}:{pattern}", None):
            broken.append(said)
    return broken


def key_of(mutant):
    text = "\0".join([mutant.changed((ROOT / mutant.file).read_text()), *mutant.tests])
    return f"{mutant.name} {hashlib.sha256(text.encode()).hexdigest()[:16]}"


def judge_all(build, mutants, options):
    """By name: what killed it, or a ValueError."""
    known_file = options.folder / "results.json"
    known = json.loads(known_file.read_text()) if options.resume and known_file.exists() else {}
    results = {}

    def one(number, mutant):
        began = time.monotonic()
        try:
            key = key_of(mutant)
            if key not in known:
                known[key] = judge(build, mutant, options.folder / str(number))
                known_file.write_text(json.dumps(known, indent=1))
            return known[key], time.monotonic() - began
        except ValueError as fault:
            return fault, time.monotonic() - began

    options.folder.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        runs = {pool.submit(one, number, mutant): mutant for number, mutant in enumerate(mutants)}
        for run in concurrent.futures.as_completed(runs):
            mutant, (result, seconds) = runs[run], run.result()
            results[mutant.name] = result
            verdict = (f"DOES NOT FIT: {result}" if isinstance(result, ValueError) else f"killed by {result}" if result
                       else f"implied: {mutant.implied}" if mutant.implied else "SURVIVED")
            print(f"{mutant.name:<76} {verdict}  ({seconds:.0f} s)", flush=True)
    return results


def table(mutants, results):
    lines = ["| mutant | file | killed by |", "|---|---|---|"]
    for mutant in mutants:
        result = results[mutant.name]
        said = f"`{result}`" if result else f"nobody: {mutant.implied}" if mutant.implied else "**nobody**"
        lines.append(f"| {mutant.name.replace('|', ' ')} | `{mutant.file}` | {said} |")
    return "\n".join(lines) + "\n"


def summary(mutants, results, broken):
    unfit = [m.name for m in mutants if isinstance(results[m.name], ValueError)]
    killed = sum(1 for m in mutants if m.name not in unfit and results[m.name])
    implied = sum(1 for m in mutants if m.name not in unfit and not results[m.name] and m.implied)
    counted = len(mutants) - len(unfit) - implied
    share = killed / counted if counted else 0
    for said in broken:
        print(f"fails without any change: {said}")
    print(f"mutants: {killed} of {counted} killed ({share:.1%}), {implied} implied, {len(unfit)} do not fit")
    return 0 if share >= LEAST_KILLED and not unfit and not broken else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--list", action="store_true", help="only name them")
    parser.add_argument("--fit", action="store_true", help="only look whether each still fits its file")
    parser.add_argument("--sample", action="store_true", help="only a few, quick ones")
    parser.add_argument("--resume", action="store_true", help="take over what an earlier run found out")
    parser.add_argument("--table", type=pathlib.Path, help="write the results there")
    parser.add_argument("words", nargs="*", help="only mutants whose name contains one of these")
    options = parser.parse_args()
    options.build = options.build.resolve()
    options.folder = options.build / "mutants"

    mutants = [m for m in all_mutants() if not options.words or any(word in m.name for word in options.words)]
    if options.sample:
        mutants = [m for m in mutants if m.name in SAMPLE]
    if not mutants:
        raise SystemExit("mutants: none is called so; --list names them")
    if options.list:
        print("\n".join(m.name for m in mutants))
        return 0
    if options.fit:
        faults = []
        for mutant in mutants:
            try:
                mutant.changed((ROOT / mutant.file).read_text())
            except ValueError as fault:
                faults.append(f"{mutant.name}: {fault}")
        print("\n".join(faults) or f"mutants: {len(mutants)} fit")
        return 1 if faults else 0
    build = Build(options.build)
    results = judge_all(build, mutants, options)
    if options.table:
        options.table.write_text(table(mutants, results))
    broken = unchanged_failures(build, {said for said in results.values() if isinstance(said, str) and said})
    return summary(mutants, results, broken)


if __name__ == "__main__":
    sys.exit(main())
