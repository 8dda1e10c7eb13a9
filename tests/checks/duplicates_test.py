import unittest

from planted_tree import PlantedTree
import check_duplicates

RUN = "".join(f"  total += weight[{i}];\n" for i in range(check_duplicates.RUN))


class DuplicatesTest(PlantedTree):
    def test_run_in_two_files(self):
        self.plant("a.cc", "int first;\n" + RUN)
        self.plant("b.cc", "int second;\nint third;\n" + RUN.replace("  ", "\t"))
        self.assertEqual(check_duplicates.faults(self.root), ["a.cc:2: 12 lines are the same as at b.cc:3"])

    def test_run_twice_in_one_file(self):
        self.plant("a.cc", RUN + "int between;\n" + RUN)
        self.assertEqual(check_duplicates.faults(self.root), ["a.cc:1: 12 lines are the same as at a.cc:14"])

    def test_comments_and_spaces_do_not_hide(self):
        self.plant("a.cc", RUN)
        self.plant("b.cc", RUN.replace(";\n", ";  // again\n\n"))
        self.assertEqual(len(check_duplicates.faults(self.root)), 1)

    def test_long_run_is_told_once(self):
        self.plant("a.cc", RUN + "int more;\n" + "int most;\n")
        self.plant("b.cc", RUN + "int more;\n" + "int most;\n")
        self.assertEqual(check_duplicates.faults(self.root), ["a.cc:1: 14 lines are the same as at b.cc:1"])

    def test_shorter_run_passes(self):
        self.plant("a.cc", RUN.split("\n", 1)[1])
        self.plant("b.cc", RUN.split("\n", 1)[1])
        self.assertEqual(check_duplicates.faults(self.root), [])


if __name__ == "__main__":
    unittest.main()
