import unittest

from planted_tree import PlantedTree
import check_names


class NamesTest(PlantedTree):
    def faults_of(self, path, text=""):
        self.plant(path, text)
        found = check_names.faults(self.root)
        (self.root / path).unlink()
        return found

    def test_vague_paths(self):
        for path in ("controller/utils/text.h", "controller/plan/plan_helper.cc", "docs/new-planner.md"):
            with self.subTest(path):
                self.assertEqual(len(self.faults_of(path)), 1)

    def test_vague_types(self):
        for text in ("class PlanManager {", "struct ServerInfo {", "struct WorldImpl;\n\nclass DataBag final {"):
            with self.subTest(text):
                self.assertEqual(len(self.faults_of("a.h", text + "\n};\n")), 1)

    def test_names_that_only_contain_the_letters(self):
        self.assertEqual(self.faults_of("controller/model/database.h", "class Newspaper {\n};\nstruct Basement {\n};\n"), [])

    def test_file_that_grew(self):
        self.assertEqual(len(self.faults_of("a.cc", "int a;\n" * (check_names.LONGEST_FILE + 1))), 1)
        self.assertEqual(self.faults_of("a.cc", "int a;\n" * check_names.LONGEST_FILE), [])
        self.assertEqual(self.faults_of("tests/a.cc", "int a;\n" * (check_names.LONGEST_FILE + 1)), [])
        self.assertEqual(len(self.faults_of("tests/a.cc", "int a;\n" * (check_names.LONGEST_TEST + 1))), 1)

    def test_samples_may_be_called_anything(self):
        self.assertEqual(self.faults_of("tests/manifest/good/base.yaml"), [])
        self.assertEqual(len(self.faults_of("tests/utils/good.yaml")), 1)


if __name__ == "__main__":
    unittest.main()
