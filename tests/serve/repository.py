"""A bare git repository as a team has it, and the clone of whoever commits, signed with keys of ssh-keygen."""

import pathlib
import subprocess


class Repository:
    def __init__(self, folder, people):
        self.folder = folder
        self.bare, self.clone, self.keys = folder / "team.git", folder / "clone", folder / "keys"
        self.keys.mkdir()
        for person in people:
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", person, "-f", self.keys / person], check=True)
        self._run("git", "init", "-q", "--bare", "-b", "main", self.bare)
        self._run("git", "clone", "-q", self.bare, self.clone)

    @property
    def url(self):
        return f"file://{self.bare}"

    def key(self, person):
        """The public key, as a manifest has it."""
        return " ".join((self.keys / f"{person}.pub").read_text().split()[:2])

    def allowed_signers(self, *people):
        path = self.folder / "signers"
        path.write_text("".join(f'{person} namespaces="git" {self.key(person)}\n' for person in people))
        return path

    def _run(self, *words):
        return subprocess.run(words, cwd=self.clone if self.clone.exists() else self.folder, check=True, text=True,
                              capture_output=True, stdin=subprocess.DEVNULL,
                              env={"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "GIT_CONFIG_NOSYSTEM": "1",
                                   "GIT_AUTHOR_NAME": "Contoso", "GIT_AUTHOR_EMAIL": "desk@contoso.com",
                                   "GIT_COMMITTER_NAME": "Contoso", "GIT_COMMITTER_EMAIL": "desk@contoso.com"}).stdout.strip()

    def _signed(self, person):
        if person is None:
            return ["git", "-c", "commit.gpgsign=false"]
        return ["git", "-c", "commit.gpgsign=true", "-c", "gpg.format=ssh", "-c", f"user.signingkey={self.keys / person}.pub"]

    def read(self, name):
        return (self.clone / name).read_text()

    def commit(self, person, message, files=None, push=True, amend=False):
        """The id of a new commit with these files; `person` signs it, None signs nothing. Every commit but an amended one
        follows what was pushed."""
        for name, text in (files or {}).items():
            (self.clone / name).write_text(text)
        self._run("git", "add", "-A")
        self._run(*self._signed(person), "commit", "-q", "--allow-empty", *(["--amend"] if amend else []), "-m", message)
        if push:
            self._run("git", "push", "-q", "--force", "origin", "HEAD:main")
        return self._run("git", "rev-parse", "HEAD")

    def revert(self, person):
        """The id of a commit that takes the newest one back."""
        self._run(*self._signed(person), "revert", "--no-edit", "HEAD")
        self._run("git", "push", "-q", "origin", "HEAD:main")
        return self._run("git", "rev-parse", "HEAD")

    def back_to(self, commit):
        """Throws away what was committed after it, also for everybody else."""
        self._run("git", "reset", "-q", "--hard", commit)
        self._run("git", "push", "-q", "--force", "origin", "HEAD:main")
