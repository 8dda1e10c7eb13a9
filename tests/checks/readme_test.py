import unittest

from planted_tree import PlantedTree
import check_readme

PAGE = """# Title

```sh
./dev demo    # what it does
./dev test
```

```yaml
not: a command
```

```sh
# only words
false         # exit 1: as promised
```
"""


class ReadmeTest(PlantedTree):
    def promises(self, page):
        self.plant("README.md", page)
        return list(check_readme.broken_promises(self.root))

    def test_commands_are_those_of_shell_blocks(self):
        self.assertEqual(check_readme.commands(PAGE), [("./dev demo", 0), ("false", 1)])

    def test_command_that_fails(self):
        self.assertEqual(self.promises("```sh\n./dev test\ntrue\nfalse\n```\n"),
                         ["README.md: `false` ended with status 1, promised is 0"])

    def test_command_that_ends_as_promised(self):
        self.assertEqual(self.promises("```sh\nfalse  # exit 1: there are changes\n```\n"), [])

    def test_command_that_succeeds_against_its_promise(self):
        self.assertEqual(self.promises("```sh\ntrue  # exit 2\n```\n"),
                         ["README.md: `true` ended with status 0, promised is 2"])

    def test_shell_that_ends_early(self):
        self.assertEqual(self.promises("```sh\nexit 3\ntrue\n```\n"),
                         ["README.md: `exit 3` ended with status 3, promised is 0",
                          "README.md: `true` was not reached"])

    def test_commands_share_a_shell(self):
        self.assertEqual(self.promises("```sh\nexport A=\"it's\"\n[ \"$A\" = \"it's\" ]\n```\n"), [])

    def test_excerpt_that_nobody_printed(self):
        page = "```sh\necho one; echo '  two  2'\n```\n```text\none\n…\n  two  2\n\nthree\n```\n"
        self.assertEqual(self.promises(page), ["README.md: no command printed `three`"])

    def test_link_that_leads_nowhere(self):
        self.plant("docs/a.md", "[b](b.md#part) [site](https://example.com/x) [up](../README.md)")
        self.plant("README.md", "[docs](docs/) [a](docs/a.md)\n```cpp\n[fqdn](int)\n```\n`[x](y)`")
        self.assertEqual(list(check_readme.broken_links(self.root)), ["docs/a.md: the link b.md#part leads nowhere"])

    def test_link_to_no_heading(self):
        self.plant("a.md", "[here](#the-state) [there](b.md#what-is-it) [nowhere](b.md#else)\n## The `state`\n")
        self.plant("b.md", "# What is it?\n")
        self.assertEqual(list(check_readme.broken_links(self.root)),
                         ["a.md: the link b.md#else leads to no heading of that page"])


if __name__ == "__main__":
    unittest.main()
