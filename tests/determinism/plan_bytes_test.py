#!/usr/bin/env python3
"""The real program plans the same bytes whatever must not matter: the order of documents, how they are split into files,
locale, time zone, the number of cores.

POOLSHIFT and GENERATOR in the environment are the programs, SCENARIOS the folder of the scenarios."""

import json
import os
import pathlib
import random
import shutil
import subprocess
import tempfile
import unittest

POOLSHIFT, GENERATOR = (os.path.abspath(os.environ[name]) for name in ("POOLSHIFT", "GENERATOR"))
SITES = 30
SEPARATOR = "---\n"


class PlanBytes(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        subprocess.run([GENERATOR, "--sites", str(SITES), "--move", self.folder], check=True, stdout=subprocess.DEVNULL)
        self.manifests = self.folder / "manifests"
        text = SEPARATOR.join(path.read_text() for path in sorted(self.manifests.iterdir()))
        self.documents = [part for part in text.split(SEPARATOR) if part.strip()]
        self.expected = self.plan()

    def plan(self, cores=None, **environment):
        state = tempfile.mkdtemp(dir=self.folder)
        outputs = []
        for options in ([], ["--json"], ["--json", "--prefer-time"]):
            done = subprocess.run([POOLSHIFT, "plan", *options, "manifests", "--state-dir", state], cwd=self.folder,
                                  env={**os.environ, **environment}, capture_output=True, check=False,
                                  preexec_fn=lambda: cores and os.sched_setaffinity(0, cores))
            self.assertEqual(done.returncode, 2, done.stderr.decode())
            outputs.append(done.stdout)
        return outputs

    def write(self, files):
        shutil.rmtree(self.manifests)
        self.manifests.mkdir()
        for number, documents in enumerate(files):
            (self.manifests / f"{number:04}.yaml").write_text(SEPARATOR.join(documents))

    def test_there_is_something_to_plan(self):
        self.assertGreater(self.expected[0].count(b"\n"), 3 * SITES)

    def test_order_of_documents(self):
        for seed in range(3):
            random.Random(seed).shuffle(self.documents)
            self.write([self.documents])
            self.assertEqual(self.plan(), self.expected)

    def test_a_file_for_each_document(self):
        self.write([[document] for document in self.documents])
        self.assertEqual(self.plan(), self.expected)

    def test_locale(self):
        for name in ("C", "C.UTF-8", "POSIX", "de_DE.UTF-8", "nowhere"):
            self.assertEqual(self.plan(LC_ALL=name, LANG=name), self.expected)

    def test_time_zone(self):
        for zone in ("UTC", "Asia/Kathmandu", "America/St_Johns", "nowhere"):
            self.assertEqual(self.plan(TZ=zone), self.expected)

    def test_cores(self):
        self.assertEqual(self.plan(cores={min(os.sched_getaffinity(0))}), self.expected)


def without_lines(value):
    """A document elsewhere is another line: all that refers to one is left out."""
    if isinstance(value, dict):
        return {key: without_lines(item) for key, item in value.items() if key not in ("at", "digest")}
    return [without_lines(item) for item in value] if isinstance(value, list) else value


class ScenarioBytes(unittest.TestCase):
    """Every scenario, with all at once that must not matter."""

    def plan(self, folder, cores=None, **environment):
        with tempfile.TemporaryDirectory() as state:
            done = subprocess.run([POOLSHIFT, "plan", "--json", ".", "--state-dir", state], cwd=folder,
                                  env={**os.environ, **environment}, capture_output=True, check=False,
                                  preexec_fn=lambda: cores and os.sched_setaffinity(0, cores))
        return done.returncode, without_lines(json.loads(done.stdout)) if done.stdout else done.stderr

    def test_scenarios(self):
        looked = 0
        for scenario in sorted(pathlib.Path(os.environ["SCENARIOS"]).iterdir()):
            manifests, world = scenario / "contoso.yaml", scenario / "world.sim"
            if not manifests.exists() or not world.exists():
                continue
            documents = [part for part in manifests.read_text().split(SEPARATOR) if part.strip()]
            random.Random(scenario.name).shuffle(documents)
            with self.subTest(scenario.name), tempfile.TemporaryDirectory() as name:
                folders = [pathlib.Path(name) / each for each in ("is", "other")]
                for folder in folders:
                    folder.mkdir()
                    shutil.copy(world, folder)
                shutil.copy(manifests, folders[0])
                half = len(documents) // 2
                (folders[1] / "one.yaml").write_text(SEPARATOR.join(documents[:half]))
                (folders[1] / "two.yaml").write_text(SEPARATOR.join(documents[half:]))
                expected = self.plan(folders[0])
                self.assertEqual(
                    self.plan(folders[1], cores={max(os.sched_getaffinity(0))}, LC_ALL="de_DE.UTF-8",
                              TZ="Asia/Kathmandu"),
                    expected)
                looked += expected[0] == 2
        self.assertGreater(looked, 50)


if __name__ == "__main__":
    unittest.main()
