#!/usr/bin/env python3
"""Fails on an include that points up, on a library used outside its folder, and on a kind named where none may be.

docs/architecture.md draws the floors; the tables here are the same in the form that a program can check. The USES of
each folder's CMakeLists.txt must agree with the includes of its sources: declared when included, and allowed.
"""

import pathlib
import re
import sys

import tree

DOMAIN = ("controller/federation", "controller/model")
VALUES = ("controller/model",)
STAGES = tuple(f"controller/{name}" for name in
               ("manifest", "diff", "plan", "check", "policy", "apply", "report", "wire"))
EDGES = ("controller/world", "controller/provider", "controller/store", "controller/notify")
ENGINE = STAGES + EDGES + DOMAIN

# The contract between the domain and every provider.
KINDS = ("controller/federation/kinds.h", "controller/federation/listed_kinds.h")

# Folder -> the folders that it may include, beside itself. The longest matching folder counts.
FLOORS = {
    "controller/model": (),
    "controller/federation": VALUES,
    "controller/yaml": (),
    "controller/manifest": DOMAIN + ("controller/yaml",),
    "controller/diff": DOMAIN,
    "controller/policy": DOMAIN,
    "controller/report": DOMAIN,
    "controller/plan": VALUES,
    "controller/check": VALUES,
    "controller/apply": VALUES,
    "controller/wire": VALUES + ("proto",),
    "controller/world": VALUES,
    "controller/provider": ("controller/world", "controller/wire", "proto") + VALUES,
    "controller/store": ("controller/world", "controller/wire") + VALUES,
    "controller/notify": ("controller/world",) + VALUES,
    "controller/engine": ENGINE,
    "controller/gitops": ("controller/engine",) + ENGINE,
    "controller/web": ("controller/gitops", "controller/engine") + ENGINE,
    "controller/daemon": ("controller/gitops", "controller/engine", "proto") + ENGINE,
    "controller/serve": ("controller/cli", "controller/daemon", "controller/web", "controller/gitops", "controller/engine") + ENGINE,
    "controller/cli": ("controller/daemon", "controller/engine", "controller/gitops") + ENGINE,
    "providers/sdk": ("controller/world", "controller/wire", "proto") + VALUES,
    "providers/sim/world": KINDS + VALUES + ("controller/yaml",),
    "providers/ssh": ("providers/sdk", "controller/world") + VALUES,
    "providers/linux": ("providers/sdk", "providers/ssh") + KINDS + VALUES,
    "providers/host": ("providers/sdk", "providers/ssh", "providers/linux", "providers/xmpp/server", "providers/sip/server")
    + KINDS + VALUES,
    "providers/lync/winrm": ("providers/lync/shell", "providers/sdk", "controller/world") + VALUES,
    "providers/lync/manual": ("providers/lync/shell", "providers/lync/text", "providers/sdk", "controller/world") + VALUES,
    "providers": ("providers/sdk", "providers/ssh", "providers/linux") + KINDS + VALUES,
}

# What may be included only in some folders (and in the tests of those), and why.
LIBRARIES = (
    (r".*\.pb\.h$", ("controller/wire", "controller/provider", "controller/daemon", "providers/sdk"), "messages stay at the wire"),
    (r"(grpc|grpcpp)/", ("controller/provider", "controller/daemon", "providers/sdk"), "gRPC stays at the edge"),
    (r"yaml-cpp/", ("controller/manifest",), "one place knows YAML of manifests"),
    (r"yaml\.h$", ("controller/manifest", "providers/sim"), "one place knows YAML of manifests"),
    (r"curl/", ("controller/world",), "one place loads it"),
    (r"sqlite3\.h$", ("controller/store",), "one place knows the database"),
    (r"ldns/", ("providers/dns", "providers/probe"), "who speaks DNS knows its messages"),
    (r"pugixml", ("providers/lync",), "who knows topology documents and SOAP"),
    (r"microhttpd\.h$", ("controller/web",), "one place serves HTTP"),
    (r"gnutls/", ("controller/web",), "the TLS of who serves HTTP; elsewhere it is OpenSSL's"),
    (r"systemd/", ("providers/linux",), "one place knows the bus"),
)
LINKED = (
    (r"yaml-cpp$", ("controller/manifest",)),
    (r"gRPC::", ("controller/provider", "controller/daemon", "providers/sdk", "proto")),
    (r"SQLite::", ("controller/store",)),
    (r"PkgConfig::ldns$", ("providers/dns", "providers/probe")),
    (r"PkgConfig::pugixml$", ("providers/lync",)),
    (r"PkgConfig::microhttpd$", ("controller/web",)),
    (r"PkgConfig::gnutls$", ("controller/web",)),
    (r"PkgConfig::systemd$", ("providers/linux",)),
)

# Values, domain and stages are pure: no I/O, no clock, no threads, no randomness.
PURE = DOMAIN + STAGES + ("controller/yaml",)
IMPURE_HEADERS = re.compile(
    r"(thread|mutex|shared_mutex|condition_variable|future|fstream|iostream|filesystem|random|chrono|unistd\.h|fcntl\.h|"
    r"sys/.*|absl/time/clock\.h|absl/random/.*|absl/synchronization/.*)$")

KINDLESS = ("controller/plan", "controller/check", "controller/apply")
# Also the name of a type of the model, so only looked for inside quotes.
ORDINARY_WORDS = ("Certificate",)

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]', re.MULTILINE)
CALL = re.compile(r"poolshift_(floor|program)\(\s*([\w.-]+)([^)]*)\)")


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def within(path, folders):
    return any(path == folder or path.startswith(folder + "/") for folder in folders)


def floor_of(path):
    """The entry of FLOORS that `path` belongs to, or "" ."""
    return max((floor for floor in FLOORS if within(path, (floor,))), key=len, default="")


def home_of(path):
    """The folder whose own files `path` may include: a floor, or one provider's folder."""
    floor = floor_of(path)
    return "/".join(path.split("/")[:2]) if floor in ("providers", "providers/sim/world") else floor


def library_faults(path, header):
    tested = path.removeprefix("tests/")
    for pattern, folders, reason in LIBRARIES:
        under_test = path.startswith("tests/") and any(
            within(tested, (folder.split("/", 1)[1],)) or within(tested, (folder,)) for folder in folders)
        if re.match(pattern, header) and not within(path, folders) and not under_test:
            yield f"<{header}> belongs in {', '.join(folders)}: {reason}"


def include_faults(path, header, is_local):
    floor = floor_of(path)
    if not floor:
        return
    if not header.startswith(("controller/", "providers/", "tests/")):
        if is_local and "/" not in header:
            yield f'"{header}": name a file of ours by its path from the root'
        if within(path, PURE) and IMPURE_HEADERS.match(header):
            yield f"<{header}>: {floor} is pure (no I/O, clock, threads, randomness); hand the result in"
        return
    if within(header, (home_of(path),) if floor != "providers/sim/world" else (floor,)):
        return
    if not within(header, FLOORS[floor]):
        yield f"{header}: {floor} may include {', '.join(FLOORS[floor]) or 'nothing of ours'}"


def kind_names(root):
    header = pathlib.Path(root) / "controller/federation/kinds.h"
    return re.findall(r'string_view k\w+ = "(\w+)"', header.read_text()) if header.exists() else []


def kind_faults(path, text, kinds):
    if not within(path, KINDLESS):
        return
    for kind in kinds:
        pattern = rf'"[^"\n]*\b{kind}\b[^"\n]*"|\bk{kind}\b' if kind in ORDINARY_WORDS else rf"\bk?{kind}\b"
        for found in re.finditer(pattern, text):
            yield line_of(text, found.start()), f"names the kind {kind}: the planner knows variables, not kinds"


def source_faults(root, path, kinds):
    text = (pathlib.Path(root) / path).read_text()
    for found in INCLUDE.finditer(text):
        quote, header = found.groups()
        for fault in [*library_faults(path, header), *include_faults(path, header, quote == '"')]:
            yield f"{path}:{line_of(text, found.start())}: {fault}"
    for line, fault in kind_faults(path, text, kinds):
        yield f"{path}:{line}: {fault}"


def target_folder(name):
    """The folder of a floor's CMake name: `model` -> controller/model, `sim_world` -> providers/sim/world."""
    if name in ("sdk", "ssh", "linux"):
        return f"providers/{name}"
    if name == "proto":
        return "proto"
    return "providers/" + name.replace("_", "/") if name.startswith(("sim", "dns", "host", "lync", "probe", "sip", "xmpp")) else f"controller/{name}"


def used_floors(root, folder):
    """Floors that the sources of one folder (not of the folders below it) include."""
    used = set()
    for path in sorted((pathlib.Path(root) / folder).glob("*.[hc]*")):
        for _, header in INCLUDE.findall(path.read_text()):
            if header.startswith(("controller/", "providers/")):
                included = str(pathlib.PurePosixPath(header).parent)
                used.add(included)
    return used - {folder}


def cmake_faults(root, path):
    folder = str(path.parent)
    floor = floor_of(folder)
    if not floor:
        return
    for call in CALL.finditer((pathlib.Path(root) / path).read_text()):
        words = call.group(3).split()
        libraries = words[words.index("LIBRARIES") + 1:] if "LIBRARIES" in words else []
        uses = words[words.index("USES") + 1:len(words) - len(libraries)] if "USES" in words else []
        declared = {target_folder(name) for name in uses if name != "LIBRARIES"}
        # A program that links the domain may include only what FLOORS says; linking it is how it gets kinds.h.
        allowed = tuple(re.sub(r"/(listed_)?kinds\.h$", "", entry) for entry in FLOORS[floor])
        for target in sorted(declared):
            if not within(target, allowed + (home_of(folder),)):
                yield f"{path}: USES {target}, which {floor} may not"
        # poolshift-serve is linked from the objects of cli, which is a program and no library.
        linked = {"controller/cli"} if folder == "controller/serve" else set()
        for missing in sorted(used_floors(root, folder) - declared - linked):
            yield f"{path}: sources include {missing}, but USES does not name it"
        for library in libraries:
            for pattern, folders in LINKED:
                if re.match(pattern, library) and not within(folder, folders):
                    yield f"{path}: links {library}, which belongs in {', '.join(folders)}"


def faults(root):
    found = []
    kinds = kind_names(root)
    for path in tree.files(root, ".h", ".cc"):
        found += source_faults(root, path.as_posix(), kinds)
    for path in tree.files(root, "CMakeLists.txt"):
        found += cmake_faults(root, path)
    return found


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent
    found = faults(root)
    for fault in found:
        print(fault)
    print(f"floors: {len(found)} faults" if found else "floors: every include points down")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
