#!/usr/bin/env python3
"""Seeds of the fuzzer git_objects: FOLDER. What the program git prints about a small repository, in each form that is
read; every seed begins with a line that names the folder in it."""
import os
import pathlib
import subprocess
import sys
import tempfile

SEEDS = pathlib.Path(sys.argv[1])
ENVIRONMENT = {"PATH": os.environ["PATH"], "LC_ALL": "C", "GIT_CONFIG_NOSYSTEM": "1", "HOME": "/nonexistent"}
for role in ("AUTHOR", "COMMITTER"):
    ENVIRONMENT |= {f"GIT_{role}_NAME": "Alice", f"GIT_{role}_EMAIL": "a@contoso.com",
                    f"GIT_{role}_DATE": "2026-01-01T00:00:00Z"}


def git(folder, *words, text=b""):
    return subprocess.run(["git", *words], cwd=folder, env=ENVIRONMENT, input=text, check=True,
                          capture_output=True).stdout


def keep(name, folder, text):
    (SEEDS / name).write_bytes(folder.encode() + b"\n" + text)


with tempfile.TemporaryDirectory() as name:
    top = pathlib.Path(name)
    git(top, "init", "-q", "-b", "main")
    (top / "sites").mkdir()
    (top / "contoso.yaml").write_text("kind: Organization\n")
    (top / "sites" / "berlin.yml").write_text("# Berlin\n")
    (top / "poolshift.lock").write_text("sim " + "a" * 64 + "\n")
    (top / "sites" / "grün.yaml").write_text("")
    git(top, "add", "-A")
    git(top, "commit", "-qm", "the first\n\nPoolshift-Approve: 5f0c1234\nSigned-off-by: Alice <a@contoso.com>")
    listing = ("ls-tree", "-r", "-l", "-z", "--full-tree")
    keep("tree", "", git(top, *listing, "HEAD"))
    keep("folder", "sites", git(top, *listing, "HEAD:sites"))
    objects = [line.split()[2] for line in git(top, *listing, "HEAD").split(b"\0") if line]
    keep("batch", "", git(top, "cat-file", "--batch", text=b"".join(id + b"\n" for id in objects)))
    keep("missing", "", git(top, "cat-file", "--batch", text=b"0" * 40 + b"\n"))
    form = "--format=%an <%ae>%n%ct%n%s%n%(trailers:only,unfold)"
    keep("message", "", git(top, "log", "-1", form))
    git(top, "checkout", "-qb", "side")
    git(top, "commit", "-q", "--allow-empty", "-m", "second")
    git(top, "checkout", "-q", "main")
    git(top, "merge", "-q", "--no-ff", "-m", "merge", "side")
    keep("commits", "", git(top, "rev-list", "--reverse", "--topo-order", "--parents", "HEAD"))
    keep("refs", "", git(top, "ls-remote", "--quiet", "--", str(top)))
    # What must be refused: links, programs, submodules, names that lead elsewhere.
    (top / "link.yaml").symlink_to("contoso.yaml")
    (top / "run.yaml").write_text("")
    (top / "run.yaml").chmod(0o755)
    git(top, "add", "-A")
    git(top, "update-index", "--add", "--cacheinfo", "160000," + "1" * 40 + ",module")
    git(top, "commit", "-qm", "odd")
    keep("odd", "", git(top, *listing, "HEAD"))
    for number, path in enumerate(["../x.yaml", ".GIT/x.yaml", "a//b.yaml", "a\\b.yaml", "\x1b[2J.yaml", "/etc/x.yaml"]):
        keep(f"path{number}", "", f"100644 blob {'2' * 40}       7\t{path}\0".encode())

# At the limits and just above.
for name, sizes in {"large": [4194305], "full": [4194304] * 16, "overfull": [4194304] * 17, "twice": [7, 7]}.items():
    lines = [f"100644 blob {'3' * 40} {size}\t{'same' if name == 'twice' else number}.yaml\0"
             for number, size in enumerate(sizes)]
    keep(name, "", "".join(lines).encode())
