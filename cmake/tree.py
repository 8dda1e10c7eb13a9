"""The files of the tree, as the checks see it: what git would commit, from a root that a test may plant."""

import pathlib
import subprocess


def files(root, *suffixes):
    """Paths below `root`, relative and sorted; those that git ignores are left out when it is a git tree."""
    root = pathlib.Path(root)
    if (root / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=root, check=True,
                                capture_output=True, text=True).stdout.splitlines()
        paths = [pathlib.Path(line) for line in listed if (root / line).is_file()]
    else:
        paths = [path.relative_to(root) for path in root.rglob("*") if path.is_file()]
    return sorted(path for path in paths if not suffixes or path.name.endswith(suffixes))
