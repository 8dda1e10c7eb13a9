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
false
```
"""


class ReadmeTest(PlantedTree):
    def test_commands_are_those_of_shell_blocks(self):
        self.assertEqual(check_readme.commands(PAGE), ["./dev demo", "./dev test", "false"])

    def test_command_that_fails(self):
        self.plant("README.md", "```sh\n./dev test\ntrue\nexit 3\n```\n")
        self.assertEqual(list(check_readme.failing_commands(self.root)), ["README.md: `exit 3` ended with status 3"])

    def test_link_that_leads_nowhere(self):
        self.plant("docs/a.md", "[b](b.md#part) [site](https://example.com/x) [up](../README.md)")
        self.plant("README.md", "[docs](docs/) [a](docs/a.md)")
        self.assertEqual(list(check_readme.broken_links(self.root)), ["docs/a.md: the link b.md leads nowhere"])


if __name__ == "__main__":
    unittest.main()
