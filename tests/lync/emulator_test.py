"""The emulator itself: it shows what real output looks like, refuses what the cmdlet reference does not have, and has the
oddities of Windows PowerShell that a caller must survive. Nothing here proves anything about real cmdlets."""

import base64
import difflib
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
EMULATOR = ROOT / "tests/lab/cs-emulator"
sys.path.insert(0, str(EMULATOR))

from emulator import contoso, shown  # noqa: E402
from emulator.document import Document  # noqa: E402
from emulator.values import Date, Enum, Obj  # noqa: E402


def sample(name):
    return (EMULATOR / "samples" / f"{name}.txt").read_text(encoding="utf-8")


class Emulator(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        contoso.make(self.folder.name, 0)
        self.world = pathlib.Path(self.folder.name) / "world.json"

    def run_script(self, script, host="jump.contoso.com"):
        encoded = base64.b64encode(script.encode("utf-16-le")).decode()
        done = subprocess.run([EMULATOR / "cs-emulator", "-NoProfile", "-EncodedCommand", encoded], check=False,
                              capture_output=True, stdin=subprocess.DEVNULL,
                              env={"CS_EMULATOR_WORLD": self.folder.name, "CS_EMULATOR_HOST": host})
        return done.returncode, done.stdout.decode("cp437").replace("\r\n", "\n"), done.stderr.decode()

    def edit(self, change):
        world = json.loads(self.world.read_text(encoding="utf-8"))
        change(world)
        self.world.write_text(json.dumps(world), encoding="utf-8")

    def run_file(self, script):
        file = pathlib.Path(self.folder.name) / "carried.ps1"
        file.write_text(script, encoding="utf-8")
        return subprocess.run([EMULATOR / "cs-emulator", "-NoProfile", "-File", file], check=False, capture_output=True,
                              stdin=subprocess.DEVNULL, text=True,
                              env={"CS_EMULATOR_WORLD": self.folder.name, "CS_EMULATOR_HOST": "jump.contoso.com"})

    def test_file_speaks_to_what_it_makes_of_the_console(self):
        done = self.run_file("""
            $out = [Console]::Out
            $writer = New-Object IO.StringWriter
            [Console]::SetIn((New-Object IO.StringReader 'carried'))
            [Console]::SetOut($writer)
            [Console]::Out.WriteLine('read ' + [Console]::In.ReadLine())
            [Console]::SetOut($out)
            $file = [IO.Path]::Combine($PSScriptRoot, 'answer.txt')
            [IO.File]::WriteAllText($file, $writer.ToString())
            $out.WriteLine("$([IO.File]::Exists($file)) $([string]::CompareOrdinal('a', 'b'))")
            $out.WriteLine($file)""")
        self.assertEqual(done.stdout, "True -1\nC:\\Poolshift\\answer.txt\n", done.stderr)
        there = pathlib.Path(self.folder.name) / "files/jump.contoso.com/C_Poolshift_answer.txt"
        self.assertEqual(there.read_text(encoding="ascii"), "read carried\n")

    def edit_of_a_runbook(self, name):
        """As it is printed; and what the document was before it, by the folder that it makes."""
        script = (ROOT / "tests/report/golden" / f"topology_{name}.ps1").read_text(encoding="ascii")
        code, out, error = self.run_script(script)
        self.assertEqual(code, 0, error)
        self.assertNotIn("NOTHING IS PUBLISHED", out)
        return out

    def document(self):
        versions = pathlib.Path(self.folder.name).glob("document-*.xml")
        newest = max(versions, key=lambda file: int(file.stem[9:])).read_text(encoding="utf-8")
        return newest.replace(" />", "/>")  # the emulated store writes it so

    def test_edit_of_a_runbook_moves_whole_ports(self):
        before = self.document().splitlines()
        out = self.edit_of_a_runbook("swap")
        after = self.document().splitlines()
        changes = [line for line in difflib.unified_diff(before[1:], after[1:], n=0) if line[1:].startswith("  ")]
        self.assertEqual([line[0] + self.shape(line) for line in changes],
                         ["-External 5061 sip.contoso.com", "-External 5269 ", "-Internal 23456 ",
                          "+External 5061 sip2.contoso.com"])
        self.assertEqual(self.flags(), {"edgepool1.contoso.com": (False, False), "edgepool2.contoso.com": (True, True)})
        self.assertIn("edgepool2.contoso.com: Internal 5061, External 443, ", out)

    def test_edit_of_a_runbook_and_back(self):
        before = self.flags()
        self.edit_of_a_runbook("swap")
        self.edit_of_a_runbook("back")
        self.assertEqual(self.flags(), before)

    def test_former_document_is_published_again(self):
        before = self.document()
        self.edit_of_a_runbook("swap")
        self.edit_of_a_runbook("former")
        unsigned = re.compile('Signature="[^"]*"')
        self.assertEqual(unsigned.sub("", self.document()), unsigned.sub("", before))

    def test_edit_of_a_runbook_publishes_nothing_over_another_document(self):
        script = (ROOT / "tests/report/golden/topology_swap.ps1").read_text(encoding="ascii")
        look = "if ((Get-CsTopology -AsXml)"
        self.assertEqual(script.count(look), 1)
        between = 'Set-CsRegistrar -Identity "Registrar:frontend1.contoso.com" -EdgeServer "EdgeServer:edgepool2.contoso.com"'
        before = self.flags()
        code, out, error = self.run_script(script.replace(look, between + "\n" + look))
        self.assertEqual(code, 0, error)
        self.assertIn("NOTHING IS PUBLISHED", out)
        self.assertEqual(self.flags(), before)

    @staticmethod
    def shape(line):
        return " ".join((re.findall(f'{name}="([^"]*)"', line) or [""])[0] for name in ("InterfaceSide", " Port", "ConfiguredFqdn"))

    def flags(self):
        read = Document(self.document())
        return {pool: (read.projection(pool)["federation"], read.projection(pool)["xmpp"])
                for pool in ("edgepool1.contoso.com", "edgepool2.contoso.com")}

    def test_file_must_be_ascii(self):
        self.assertNotEqual(self.run_file("'\u00e9'").returncode, 0)

    def test_lists_are_shown_as_in_the_sample(self):
        site = Obj({"Identity": "Site:LyncLab", "SiteId": 1,
                    "Services": [role + ":lync.server.telligent.com" for role in
                                 ("UserServer", "Registrar", "UserDatabase", "FileStore", "WebServer")],
                    "Pools": ["lync.server.telligent.com"], "FederationRoute": None, "XmppFederationRoute": None,
                    "DefaultPersistentChatPool": None, "Description": "Lync Site", "DisplayName": "LyncLab",
                    "SiteType": Enum("CentralSite", 0), "ParentSite": None})
        lines = [line.rstrip() for line in "\n".join(shown.as_list([site])).strip().splitlines()]
        # Where a line breaks depends on the width of the console that the sample was taken on.
        self.assertEqual("".join(" ".join(lines).split()), "".join(sample("g.1-Get-CsSite").split()))

    def test_replication_status_is_shown_as_in_the_sample(self):
        import datetime
        moment = datetime.datetime(2015, 6, 12, 10, 4, 22, tzinfo=datetime.timezone.utc)
        status = Obj({"UpToDate": True, "ReplicaFqdn": "edge.contoso.com", "LastStatusReport": Date(moment),
                      "LastUpdateCreation": Date(moment - datetime.timedelta(seconds=2)), "ProductVersion": "7.0.2046.0"})
        self.assertEqual("\n".join(shown.as_list([status])).strip() + "\n",
                         sample("g.3-Get-CsManagementStoreReplicationStatus"))

    def test_services_are_shown_as_a_table(self):
        _, out, _ = self.run_script("Get-CsWindowsService -ExcludeActivityLevel", "fe1a.contoso.com")
        self.assertEqual(out.split()[:4], sample("g.4-Get-CsWindowsService").split()[:4])

    def test_unknown_parameters_are_refused(self):
        for script, word in (("Set-CsSite -Identity Site1 -XmppExternalFederationRoute x", "XmppExternalFederationRoute"),
                             ("Get-CsComputer -PoolFqdn x", "PoolFqdn"),
                             ("Invoke-CsManagementServerFailover -MirrorSQLServerFqdn x", "MirrorSQLServerFqdn")):
            with self.subTest(word):
                status, _, err = self.run_script(script)
                self.assertEqual(status, 1)
                self.assertIn(f"A parameter cannot be found that matches parameter name '{word}'.", err)
                self.assertIn("FullyQualifiedErrorId : NamedParameterNotFound", err)

    def test_unknown_commands_and_broken_scripts_fail(self):
        self.assertIn("is not recognized as the name of a cmdlet", self.run_script("Get-CsNothing")[2])
        self.assertIn("ParserError", self.run_script("if (1 { 2 }")[2])

    def test_oddities_of_json(self):
        _, out, _ = self.run_script("@(Get-CsSite -Identity Site1) | Select-Object SiteType | ConvertTo-Json -Compress")
        self.assertEqual(out.strip(), '{"SiteType":0}')  # one is no list, an enum is a number
        _, out, _ = self.run_script("Get-CsManagementStoreReplicationStatus -ReplicaFqdn fe1a.contoso.com | "
                                    "Select-Object LastUpdateCreation | ConvertTo-Json -Compress")
        self.assertRegex(out, r'"\\/Date\(\d+\)\\/"')

    def test_null_equals_nothing_else(self):
        self.assertEqual(self.run_script("$null -eq ''")[1].strip(), "False")

    def test_what_if_changes_nothing(self):
        before = self.world.read_text(encoding="utf-8")
        self.run_script("Set-CsSite -Identity Site1 -FederationRoute $null -WhatIf")
        self.assertEqual(json.loads(before)["sites"], json.loads(self.world.read_text(encoding="utf-8"))["sites"])

    def test_stop_without_name_stops_everything(self):
        self.run_script("Stop-CsWindowsService", "edgeserver1a.contoso.com")
        services = json.loads(self.world.read_text(encoding="utf-8"))["servers"]["edgeserver1a.contoso.com"]["services"]
        self.assertEqual({service["status"] for service in services.values()}, {"Stopped"})

    def test_services_can_be_units(self):
        units = pathlib.Path(self.folder.name) / "units"
        units.mkdir()
        program = pathlib.Path(self.folder.name) / "systemctl"
        program.write_text(f"#!/bin/sh\ncase $1 in\nstart) touch {units}/$2 ;;\nstop) rm -f {units}/$2 ;;\n"
                           f"is-active) [ -e {units}/$2 ] && echo active || echo inactive ;;\nesac\n", encoding="utf-8")
        program.chmod(0o755)

        def change(world):
            world["systemctl"] = [str(program)]
            world["servers"]["edgeserver2a.contoso.com"]["services"]["EMUXMPPPROXY"]["unit"] = "prosody.service"
        self.edit(change)
        look = '"$((Get-Service -Name EMUXMPPPROXY).Status)"'
        self.assertEqual(self.run_script(look, "edgeserver2a.contoso.com")[1].strip(), "Stopped")
        self.run_script("Start-CsWindowsService -Name EMUXMPPPROXY", "edgeserver2a.contoso.com")
        self.assertTrue((units / "prosody.service").exists())
        self.assertEqual(self.run_script(look, "edgeserver2a.contoso.com")[1].strip(), "Running")


if __name__ == "__main__":
    unittest.main()
