#!/usr/bin/env python3
"""Runs the test programs side by side and counts test cases: the engine of `./dev test`.

CTest is the register (programs, time limits, folders); this program runs them, so that it can count each case of a
GoogleTest or unittest program, fail on a skip that nobody asked for, and search all that was printed for the canary
secrets that tests plant. The last line is `N passed, M failed`; the exit status is 0 only when M is 0 and N is not.

POOLSHIFT_ALLOW_SKIP  comma-separated parts of the names of tests that may be skipped ("all" = any).
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

# A test that plants a secret writes this into it. The second is how it begins in base64, as in a TSIG key.
CANARIES = (b"canary-secret-", b"Y2FuYXJ5LXNlY3JldC")
DEFAULT_TIMEOUT_SECONDS = 120
TAIL_LINES = 60
RUNNING = set()  # processes whose sessions end when this program is ended


class Outcome:
    """What became of one program: names of cases by result, and its output."""

    def __init__(self, name):
        self.name = name
        self.passed, self.failed, self.skipped = [], [], []
        self.output = b""
        self.seconds = 0.0
        self.remark = ""


def registered_tests(build):
    text = subprocess.run(["ctest", "--show-only=json-v1"], cwd=build, check=True, capture_output=True).stdout
    tests = []
    for test in json.loads(text)["tests"]:
        properties = {entry["name"]: entry["value"] for entry in test.get("properties", [])}
        if "command" not in test:
            raise SystemExit(f"test program {test['name']} is not built")
        tests.append({
            "name": test["name"],
            "command": test["command"],
            "folder": properties.get("WORKING_DIRECTORY", str(build)),
            "timeout": float(properties.get("TIMEOUT", DEFAULT_TIMEOUT_SECONDS)),
            "environment": dict(entry.split("=", 1) for entry in properties.get("ENVIRONMENT", [])),
            "framework": framework_of(test["command"]),
        })
    return tests


def framework_of(command):
    if pathlib.Path(command[0]).parent.name == "tests" and command[0].endswith("_test"):
        return "gtest"
    return "unittest" if "unittest" in command else "program"


def matches(test, word):
    """Arguments that select the cases containing `word`, or None when the program has none."""
    if not word or word in test["name"]:
        return []
    if test["framework"] == "gtest":
        pattern = f"--gtest_filter=*{word}*"
        listed = subprocess.run(test["command"] + [pattern, "--gtest_list_tests"], capture_output=True, text=True)
        return [pattern] if re.search(r"^  \S", listed.stdout, re.MULTILINE) else None
    return None


def run(test, arguments, output_folder):
    outcome = Outcome(test["name"])
    result_file = output_folder / f"{test['name']}.json"
    log_file = output_folder / f"{test['name']}.log"
    result_file.unlink(missing_ok=True)
    command = test["command"] + arguments
    if test["framework"] == "gtest":
        command += [f"--gtest_output=json:{result_file}", "--gtest_color=no"]
    began = time.monotonic()
    with open(log_file, "wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                                   cwd=test["folder"], env={**os.environ, **test["environment"]},
                                   start_new_session=True)
        RUNNING.add(process)
        try:
            status = process.wait(test["timeout"])
        except subprocess.TimeoutExpired:
            outcome.remark = f"was still running after {test['timeout']:.0f} s"
            status = None
        end_session(process)
        RUNNING.discard(process)
    outcome.seconds = time.monotonic() - began
    outcome.output = log_file.read_bytes()
    count_cases(test, outcome, status, result_file)
    return outcome


def end_session(process):
    """Ends what the program left behind in its session (and itself, when it hangs)."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def end_all(number, _):
    for process in list(RUNNING):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    os._exit(128 + number)


def count_cases(test, outcome, status, result_file):
    text = outcome.output.decode("utf-8", "replace")
    if test["framework"] == "gtest":
        count_gtest(outcome, text, result_file)
    elif test["framework"] == "unittest":
        count_unittest(outcome, text)
    elif status == 0:
        outcome.passed.append(test["name"])
    if status != 0 and not outcome.failed:
        running = re.findall(r"^\[ RUN      \] (\S+)", text, re.MULTILINE)
        outcome.failed.append(running[-1] if running else test["name"])
        outcome.remark = outcome.remark or f"ended with status {status}"
    if status == 0 and not (outcome.passed or outcome.failed or outcome.skipped):
        outcome.failed.append(test["name"])
        outcome.remark = "ran no test at all"


def count_gtest(outcome, text, result_file):
    if not result_file.exists():  # it crashed or hung: what it printed is all there is
        outcome.passed = re.findall(r"^\[       OK \] (\S+)", text, re.MULTILINE)
        outcome.failed = re.findall(r"^\[  FAILED  \] (\S+?),? .*ms\)$", text, re.MULTILINE)
        return
    for suite in json.loads(result_file.read_text())["testsuites"]:
        for case in suite["testsuite"]:
            name = f"{suite['name']}.{case['name']}"
            if case.get("failures"):
                outcome.failed.append(name)
            elif case["result"] == "COMPLETED":
                outcome.passed.append(name)
            else:
                outcome.skipped.append(name)


def count_unittest(outcome, text):
    for name, result in re.findall(r"^(\w+) \([\w.]+\)(?:\n[^\n]*?)? \.\.\. (\w+)", text, re.MULTILINE):
        bucket = {"ok": outcome.passed, "skipped": outcome.skipped}.get(result, outcome.failed)
        bucket.append(f"{outcome.name}.{name}")


def excerpt(outcome):
    """The output of the failed cases, or the end of all output when no case can be told apart."""
    text = outcome.output.decode("utf-8", "replace")
    parts = []
    for name in outcome.failed:
        found = re.search(rf"^\[ RUN      \] {re.escape(name)}\n.*?^\[  FAILED  \] {re.escape(name)}.*?$", text,
                          re.MULTILINE | re.DOTALL)
        if found is None:
            return "\n".join(text.splitlines()[-TAIL_LINES:])
        parts.append(found.group(0))
    return "\n".join(parts)


def skip_is_allowed(name):
    asked_for = [part for part in os.environ.get("POOLSHIFT_ALLOW_SKIP", "").split(",") if part]
    return any(part == "all" or part in name for part in asked_for)


def leaked_canaries(outcome):
    """Lines that show a planted secret, without the secret."""
    return [number for number, line in enumerate(outcome.output.splitlines(), 1)
            if any(canary in line for canary in CANARIES)]


def report(outcome):
    """Prints one program's result; returns its failures and what was printed about them."""
    failures = list(outcome.failed)
    failures += [f"{name} (skipped)" for name in outcome.skipped if not skip_is_allowed(name)]
    leaks = leaked_canaries(outcome)
    failures += [f"{outcome.name}: line {number} of its output shows a canary secret" for number in leaks]
    print(f"{'FAIL' if failures else 'ok  '} {outcome.name:24} {len(outcome.passed):5} passed {outcome.seconds:6.1f} s"
          + (f"  {outcome.remark}" if outcome.remark else ""), flush=True)
    return failures, excerpt(outcome) if outcome.failed and not leaks else ""


def previous_seconds(file):
    try:
        return json.loads(file.read_text())
    except (OSError, ValueError):
        return {}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("filter", nargs="?", default="")
    options = parser.parse_args()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end_all)

    output_folder = options.build / "test-output"
    output_folder.mkdir(exist_ok=True)
    selected = [(test, arguments) for test in registered_tests(options.build)
                if (arguments := matches(test, options.filter)) is not None]
    if not selected:
        print(f"no test program and no test is called *{options.filter}*")
        print("0 passed, 0 failed")
        return 1

    seconds_file = output_folder / "seconds"
    seconds = previous_seconds(seconds_file)
    selected.sort(key=lambda item: -seconds.get(item[0]["name"], 1e9))  # the longest first
    passed, failures, said = 0, [], []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        runs = [pool.submit(run, test, arguments, output_folder) for test, arguments in selected]
        for done in concurrent.futures.as_completed(runs):
            outcome = done.result()
            found, text = report(outcome)
            failures += found
            said += [text] if text else []
            passed += len(outcome.passed)
            seconds[outcome.name] = outcome.seconds
    seconds_file.write_text(json.dumps(seconds))

    for text in said:  # at the end, where a person looks first
        print(text)
    for name in sorted(failures):
        print(f"failed: {name}")
    print(f"{passed} passed, {len(failures)} failed", flush=True)
    return 1 if failures or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
