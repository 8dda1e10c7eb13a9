"""A way in for places that are no machines of their own, or for another face of a machine: an sshd in the place's namespace, on management."""

import pathlib
import shutil
import subprocess

import network
from machine import LAB, SSHD


def open_ssh(place, address, port=22, more=""):
    """`more`: lines of sshd_config. Returns the line of known_hosts."""
    folder = _folder(place, port)
    folder.mkdir(parents=True)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "host_key")], check=True)
    (folder / "sshd_config").write_text(
        SSHD.format(address=address, port=port) + f"HostKey {folder}/host_key\nAuthorizedKeysFile {LAB}/ssh/id.pub\nStrictModes no\n"
        f"PidFile {folder}/sshd.pid\n{more}")
    pathlib.Path("/run/sshd").mkdir(exist_ok=True)
    network.run("/usr/sbin/sshd", "-f", folder / "sshd_config", "-E", LAB / f"log/sshd-{place}-{port}.log", place=place)
    host = address if port == 22 else f"[{address}]:{port}"
    return host + " " + " ".join((folder / "host_key.pub").read_text().split()[:2])


def close_ssh(place, port):
    """Nobody gets in any more; who is in stays."""
    folder = _folder(place, port)
    subprocess.run(["kill", (folder / "sshd.pid").read_text().strip()], check=False)
    shutil.rmtree(folder)


def _folder(place, port):
    return LAB / "doors" / f"{place}-{port}"
