import os
import shutil
import subprocess
import sys
import unittest

from planted_tree import ROOT, PlantedTree

GTEST = """#!/bin/sh
for argument; do case $argument in
  --gtest_list_tests) printf 'Suite.\\n  Name\\n'; exit 0 ;;
  --gtest_output=json:*) result=${{argument#--gtest_output=json:}} ;;
esac; done
{body}
"""
CASE = '{{"name": "{name}", "status": "RUN", "result": "{result}"{more}}}'


def result_file(*cases):
    return 'cat >"$result" <<END\n{"testsuites": [{"name": "Suite", "testsuite": [' + ",".join(cases) + ']}]}\nEND\n'


def case(name, result="COMPLETED", more=""):
    return CASE.format(name=name, result=result, more=more)


FAILURE = ', "failures": [{"failure": "wrong"}]'


@unittest.skipUnless(shutil.which("ctest"), "needs ctest")
class RunTestsTest(PlantedTree):
    def run_program(self, body, filter_word="", timeout="60", **environment):
        self.plant("tests/sample_test", GTEST.format(body=body))
        os.chmod(self.root / "tests/sample_test", 0o755)
        self.plant("CTestTestfile.cmake", f'add_test(sample "{self.root}/tests/sample_test")\n'
                                          f"set_tests_properties(sample PROPERTIES TIMEOUT {timeout})\n")
        done = subprocess.run([sys.executable, ROOT / "cmake/run_tests.py", "--build", self.root, "--", filter_word],
                              capture_output=True, text=True, env={**os.environ, **environment})
        lines = done.stdout.splitlines()
        return done.returncode, lines[-1] if lines else done.stderr, done.stdout

    def test_counts_cases(self):
        status, last, _ = self.run_program(result_file(case("One"), case("Two")))
        self.assertEqual((status, last), (0, "2 passed, 0 failed"))

    def test_failure_fails(self):
        status, last, text = self.run_program(result_file(case("One"), case("Two", more=FAILURE)) + "exit 1")
        self.assertEqual((status, last), (1, "1 passed, 1 failed"))
        self.assertIn("failed: Suite.Two", text)

    def test_failing_case_shows_its_output(self):
        body = "echo '[ RUN      ] Suite.Two'; echo the reason; echo '[  FAILED  ] Suite.Two (0 ms)'; echo other;"
        _, _, text = self.run_program(body + result_file(case("Two", more=FAILURE)) + "exit 1")
        self.assertIn("the reason", text)
        self.assertNotIn("other", text)

    def test_skip_fails_unless_asked_for(self):
        body = result_file(case("One"), case("Two", "SKIPPED"))
        self.assertEqual(self.run_program(body, POOLSHIFT_ALLOW_SKIP="")[:2], (1, "1 passed, 1 failed"))
        self.assertEqual(self.run_program(body, POOLSHIFT_ALLOW_SKIP="Other")[:2], (1, "1 passed, 1 failed"))
        self.assertEqual(self.run_program(body, POOLSHIFT_ALLOW_SKIP="Other,Two")[:2], (0, "1 passed, 0 failed"))
        self.assertEqual(self.run_program(body, POOLSHIFT_ALLOW_SKIP="all")[:2], (0, "1 passed, 0 failed"))

    def test_crash_names_the_running_case(self):
        body = "echo '[ RUN      ] Suite.One'; echo '[       OK ] Suite.One (0 ms)'; echo '[ RUN      ] Suite.Two'; kill -SEGV $$"
        status, last, text = self.run_program(body)
        self.assertEqual((status, last), (1, "1 passed, 1 failed"))
        self.assertIn("failed: Suite.Two", text)

    def test_hang_fails(self):
        status, last, text = self.run_program("sleep 60", timeout="1")
        self.assertEqual((status, last), (1, "0 passed, 1 failed"))
        self.assertIn("still running after 1 s", text)

    def test_status_counts_though_every_case_passed(self):
        self.assertEqual(self.run_program(result_file(case("One")) + "exit 3")[:2], (1, "1 passed, 1 failed"))

    def test_program_without_cases_fails(self):
        self.assertEqual(self.run_program(result_file())[0], 1)

    def test_planted_secret_in_output_fails(self):
        for shown in ("canary-" + "secret-1f", "Y2FuYXJ5LX" + "NlY3JldC0xZg=="):
            status, last, text = self.run_program(f"echo 'key {shown}'\n" + result_file(case("One")))
            self.assertEqual((status, last), (1, "1 passed, 1 failed"))
            self.assertIn("line 1 of its output shows a canary secret", text)
            self.assertNotIn(shown, text)

    def test_filter_that_matches_nothing_fails(self):
        status, last, _ = self.run_program(result_file(case("One")), filter_word="sam")
        self.assertEqual((status, last), (0, "1 passed, 0 failed"))
        self.plant("CTestTestfile.cmake", "")
        done = subprocess.run([sys.executable, ROOT / "cmake/run_tests.py", "--build", self.root, "--", "nothing"],
                              capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout.splitlines()[-1]), (1, "0 passed, 0 failed"))


if __name__ == "__main__":
    unittest.main()
