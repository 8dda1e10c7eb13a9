import unittest

from planted_tree import PlantedTree
import check_floors

KINDS = 'inline constexpr std::string_view kSiteRoute = "SiteRoute";\n' \
        'inline constexpr std::string_view kCertificate = "Certificate";\n'


class FloorsTest(PlantedTree):
    def assert_fault(self, path, text, part):
        self.plant(path, text)
        found = check_floors.faults(self.root)
        self.assertEqual(len(found), 1, found)
        self.assertIn(part, found[0])
        self.assertTrue(found[0].startswith(path), found)

    def assert_clean(self, path, text):
        self.plant(path, text)
        self.assertEqual(check_floors.faults(self.root), [])

    def test_include_that_points_up(self):
        for path, header in (("controller/model/a.cc", "controller/federation/kinds.h"),
                             ("controller/federation/a.h", "controller/plan/solver.h"),
                             ("controller/plan/a.cc", "controller/federation/organization.h"),
                             ("controller/plan/a.cc", "controller/check/checker.h"),
                             ("controller/report/a.cc", "controller/diff/difference.h"),
                             ("controller/world/a.cc", "controller/store/store.h"),
                             ("controller/store/a.cc", "controller/provider/provider.h"),
                             ("controller/engine/a.cc", "controller/cli/main.h"),
                             ("providers/sdk/a.cc", "controller/federation/kinds.h"),
                             ("providers/dns/a.cc", "controller/federation/organization.h"),
                             ("providers/dns/a.cc", "providers/sim/world/world.h"),
                             ("controller/engine/a.cc", "providers/sdk/service.h")):
            with self.subTest(path=path, header=header):
                self.assert_fault(path, f'#pragma once\n#include "{header}"\n', header)
                (self.root / path).unlink()

    def test_include_that_points_down(self):
        for path, header in (("controller/federation/a.cc", "controller/model/value.h"),
                             ("controller/report/a.cc", "controller/federation/organization.h"),
                             ("controller/store/a.cc", "controller/world/files.h"),
                             ("controller/engine/a.cc", "controller/store/store.h"),
                             ("providers/sim/a.cc", "providers/sim/world/world.h"),
                             ("providers/sim/world/a.cc", "controller/federation/kinds.h"),
                             ("providers/dns/a.cc", "providers/sdk/service.h"),
                             ("tests/plan/a.cc", "controller/engine/workspace.h")):
            with self.subTest(path=path, header=header):
                self.assert_clean(path, f'#include "{header}"\n')

    def test_library_outside_its_folder(self):
        for path, header in (("controller/engine/a.cc", "poolshift/provider/v1/provider.pb.h"),
                             ("providers/dns/a.cc", "poolshift/provider/v1/provider.grpc.pb.h"),
                             ("tests/plan/a.cc", "grpcpp/grpcpp.h"),
                             ("controller/federation/a.cc", "yaml-cpp/yaml.h"),
                             ("controller/engine/a.cc", "sqlite3.h"),
                             ("controller/provider/a.cc", "ldns/ldns.h")):
            with self.subTest(path=path, header=header):
                self.assert_fault(path, f"#include <{header}>\n", header)
                (self.root / path).unlink()

    def test_library_in_its_folder(self):
        self.assert_clean("controller/provider/a.cc", '#include "grpcpp/grpcpp.h"\n')
        self.assert_clean("tests/provider/a.cc", '#include "grpcpp/grpcpp.h"\n')
        self.assert_clean("controller/manifest/a.cc", '#include "yaml-cpp/yaml.h"\n')

    def test_stage_that_is_not_pure(self):
        self.assert_fault("controller/apply/a.cc", "#include <thread>\n", "pure")

    def test_file_without_its_path(self):
        self.assert_fault("controller/model/a.cc", '#include "value.h"\n', "by its path")

    def test_kind_named_by_the_planner(self):
        self.plant("controller/federation/kinds.h", KINDS)
        self.assert_fault("controller/plan/a.cc", "int a;\n// like a SiteRoute\n", "a.cc:2: names the kind SiteRoute")

    def test_kind_that_is_also_a_word(self):
        self.plant("controller/federation/kinds.h", KINDS)
        self.assert_clean("controller/plan/a.cc", "Certificate certificate;\n")
        self.assert_fault("controller/check/a.cc", 'auto a = "Certificate/x";\n', "names the kind Certificate")

    def test_build_file_that_uses_a_higher_floor(self):
        self.assert_fault("controller/plan/CMakeLists.txt", "poolshift_floor(plan USES federation model)\n",
                          "USES controller/federation")

    def test_build_file_that_does_not_say_what_it_uses(self):
        self.plant("controller/report/CMakeLists.txt", "poolshift_floor(report USES model LIBRARIES fmt::fmt)\n")
        self.plant("controller/report/a.cc", '#include "controller/federation/kinds.h"\n')
        found = check_floors.faults(self.root)
        self.assertEqual(len(found), 1, found)
        self.assertIn("sources include controller/federation", found[0])

    def test_library_linked_outside_its_folder(self):
        self.assert_fault("controller/diff/CMakeLists.txt", "poolshift_floor(diff USES model LIBRARIES yaml-cpp)\n",
                          "links yaml-cpp")


if __name__ == "__main__":
    unittest.main()
