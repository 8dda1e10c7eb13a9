"""The lab's own world: network, mount, PID, UTS and IPC namespaces that die with one process.

`enter()` starts the program again inside them, in its own place. There, /run is an empty tmpfs and /etc a private overlay, so that nothing
which the lab does reaches the machine, and a kill leaves nothing behind.
"""

import ctypes
import os
import pathlib
import shutil
import signal
import subprocess
import sys

import control_groups

LIBC = ctypes.CDLL(None)
DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG
INSIDE = "POOLSHIFT_LAB_INSIDE"
PYTHON = "/usr/bin/python3"  # Debian's, whose packages the traffic needs
UNSUITABLE = 77  # what a program says that cannot run here; CI takes it for a failure

PROGRAMS = ("ip", "nft", "unshare", "nsenter", "systemd-nspawn", "sshd", "ssh", "ssh-keygen", "named", "knotd", "dig",
            "nsupdate", "unbound", "prosody", "prosodyctl", "ejabberdctl", "kamailio", "kamcmd", "openssl", "tsig-keygen", "curl")

SETUP = """
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/netns /run/lab /run/etc/upper /run/etc/work
mount -t tmpfs -o size=3g,mode=755 tmpfs /run/lab
mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/etc/upper,workdir=/run/etc/work /etc
mkdir -p /etc/netns
ip link set lo up
exec "$@"
"""


def unsuitable(reason):
    print(f"lab: cannot run here: {reason}", file=sys.stderr)
    sys.exit(UNSUITABLE)


def check_machine():
    """Ends the program with the reason where the machine cannot carry the lab."""
    if os.geteuid() != 0:
        unsuitable("it makes namespaces and boots systemd, which only root may do")
    os.environ["PATH"] = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        unsuitable("these programs are missing: " + ", ".join(missing) + "; `./dev lab` installs them")
    if subprocess.run([PYTHON, "-c", "import slixmpp"], capture_output=True, check=False).returncode != 0:
        unsuitable("python3-slixmpp is missing; `./dev lab` installs it")


def enter():
    """Returns inside the namespaces."""
    if os.environ.get(INSIDE):
        return
    check_machine()
    unshare = ["unshare", "--net", "--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child", "--mount-proc"]
    probe = subprocess.run([*unshare, "true"], capture_output=True, text=True, check=False)
    if probe.returncode != 0:
        unsuitable("namespaces are not allowed: " + probe.stderr.strip())
    os.environ[INSIDE] = str(os.getpid())
    control_groups.remove_after(os.getpid())
    # Whoever kills this process, however, kills all: unshare itself would take no notice of SIGTERM.
    inside = subprocess.Popen([*unshare, "bash", "-euc", SETUP, "lab", sys.executable, *sys.argv],
                              preexec_fn=lambda: LIBC.prctl(DIES_WITH_PARENT, signal.SIGKILL))
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(each, lambda number, frame: inside.kill())
    sys.exit(inside.wait() & 0xFF)


def save_logs(folder):
    """What the lab's programs logged, before it vanishes with the namespaces."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree("/run/lab/log", folder)
    for journal in ("prosody/prosody.log",):
        for path in pathlib.Path("/run/lab/machines").glob(f"*/root/var/log/{journal}"):
            shutil.copy(path, folder / f"{path.parts[4]}-{path.name}")
