#!/usr/bin/env python3
"""Changes the program on purpose and says which test notices: `./dev verify mutants`.

A mutant is one exact replacement in one source file (the *.toml files beside this program), or one row of the table of
rules switched off. Each is built in a copy of the tree and put before the tests in the order given, until one fails: that
test has killed it. A mutant that no test kills is a gap in the tests, unless it says why it changes nothing that can be
seen (`implied`). Fails when fewer than 95 of 100 are killed, when there are fewer than 60, or when one no longer fits.
"""

import argparse
import dataclasses
import pathlib
import re
import shutil
import subprocess
import sys
import time
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RULES = "controller/federation/rule.cc"
# The quick and near ones first; a mutant may name its own.
TESTS = ("plan_test", "check_test", "federation_test", "engine_test", "scenarios_test", "diff_test", "verify_planner_test")
LEAST_KILLED, LEAST_MUTANTS = 0.95, 60
TEST_SECONDS = 300


@dataclasses.dataclass
class Mutant:
    name: str
    file: str
    before: str
    after: str
    tests: tuple = TESTS
    implied: str = ""


def written_mutants():
    for path in sorted(HERE.glob("*.toml")):
        for number, entry in enumerate(tomllib.loads(path.read_text())["mutant"], 1):
            yield Mutant(f"{path.stem} {number}: {entry['what']}", entry["file"], entry["from"], entry["to"],
                         tuple(entry.get("tests", TESTS)), entry.get("implied", ""))


def rule_mutants(implied):
    """Each rule that makes clauses, left out in turn."""
    for row in re.finditer(r'\{\s*"([^"]+)",\s*Form::\w+,\s*Severity::\w+,\s*Clauses::kMade,', (ROOT / RULES).read_text()):
        rule, text = row.group(1), row.group(0)
        yield Mutant(f"rule {rule}: left out", RULES, text, text.replace("kMade", "kSwitchedOff"),
                     implied=implied.get(rule, ""))


def all_mutants():
    implied = tomllib.loads((HERE / "implied.toml").read_text())["rule"] if (HERE / "implied.toml").exists() else {}
    return [*rule_mutants(implied), *(m for m in written_mutants())]


class Copy:
    """A copy of the tree with a build of its own, in which one file at a time is changed."""

    def __init__(self, folder):
        self.source, self.build = folder / "source", folder / "build"
        files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
        shutil.rmtree(self.source, ignore_errors=True)
        for name in filter(None, files.split("\0")):
            target = self.source / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)  # with its time, so that an earlier build still fits

    def configure(self):
        subprocess.run(["cmake", "-S", self.source, "-B", self.build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=None",
                        "-DCMAKE_CXX_FLAGS=-O1 -g0", "-DBUILD_SHARED_LIBS=ON"], check=True, stdout=subprocess.DEVNULL)
        known = subprocess.run(["ninja", "-C", self.build, "-t", "targets", "all"], check=True, capture_output=True,
                               text=True).stdout
        self.known = {test for test in TESTS if f"tests/{test}:" in known}

    def compile(self, tests):
        built = subprocess.run(["ninja", "-C", self.build, *sorted(f"tests/{test}" for test in tests)],
                               capture_output=True, text=True)
        return built.returncode == 0, built.stdout[-1500:]

    def failing_test(self, tests):
        """The first test that fails, "" when all pass."""
        for test in tests:
            if test not in self.known:
                continue
            try:
                run = subprocess.run([self.build / "tests" / test, "--gtest_fail_fast", "--gtest_brief=1"], cwd=self.source,
                                     capture_output=True, text=True, timeout=TEST_SECONDS, errors="replace")
            except subprocess.TimeoutExpired:
                return f"{test} (does not end)"
            if run.returncode != 0:
                failed = re.search(r"\[  FAILED  \] ([^\s,]+)", run.stdout)
                return f"{test} {failed.group(1) if failed else '(ends itself)'}"
        return ""

    def judge(self, mutant):
        """What killed it, "" when nothing did; a ValueError when it does not fit."""
        path = self.source / mutant.file
        original = path.read_text()
        if original.count(mutant.before) != 1:
            raise ValueError(f"its text stands {original.count(mutant.before)} times in {mutant.file}")
        try:
            path.write_text(original.replace(mutant.before, mutant.after))
            compiles, output = self.compile(self.known & set(mutant.tests))
            if not compiles:
                raise ValueError(f"it does not compile:\n{output}")
            return self.failing_test(mutant.tests)
        finally:
            path.write_text(original)


def report(mutant, killer, seconds):
    verdict = f"killed by {killer}" if killer else f"implied: {mutant.implied}" if mutant.implied else "SURVIVED"
    print(f"{mutant.name:<72} {verdict}  ({seconds:.0f} s)", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="for the copy and its build; kept for the next run")
    parser.add_argument("--list", action="store_true", help="only name them")
    parser.add_argument("words", nargs="*", help="only mutants whose name contains one of these")
    options = parser.parse_args()

    mutants = [m for m in all_mutants() if not options.words or any(word in m.name for word in options.words)]
    if options.list:
        print("\n".join(m.name for m in mutants))
        return 0
    copy = Copy(options.folder.resolve())
    copy.configure()
    compiles, output = copy.compile(copy.known)
    if not compiles:
        raise SystemExit(f"mutants: the unchanged tree does not build:\n{output}")
    if broken := copy.failing_test(TESTS):
        raise SystemExit(f"mutants: the unchanged tree fails {broken}")

    killed, survived, unfit = 0, [], []
    for mutant in mutants:
        began = time.monotonic()
        try:
            killer = copy.judge(mutant)
        except ValueError as fault:
            unfit.append(f"{mutant.name}: {fault}")
            continue
        killed += bool(killer)
        if not killer and not mutant.implied:
            survived.append(mutant.name)
        report(mutant, killer, time.monotonic() - began)
    for fault in unfit:
        print(f"does not fit: {fault}")
    counted = killed + len(survived)
    share = killed / counted if counted else 0
    print(f"mutants: {killed} of {counted} killed ({share:.1%}), {len(mutants) - counted - len(unfit)} implied, "
          f"{len(unfit)} do not fit")
    enough = bool(options.words) or len(mutants) >= LEAST_MUTANTS
    return 0 if share >= LEAST_KILLED and enough and not unfit else 1


if __name__ == "__main__":
    sys.exit(main())
