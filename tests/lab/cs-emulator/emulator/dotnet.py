"""What scripts use of .NET: types, casts, members, methods, arithmetic. Anything else does not exist here."""

import base64
import datetime
import hashlib
import os
import re
import tempfile

from emulator.values import UTC, Date, Enum, Hash, Obj, PsError, number, text
from emulator.xml_document import XmlDocument

# Parameters that take no value when they are written without a colon.
SWITCHES = {name.lower() for name in (
    "AsXml LocalStore EdgeServer Registrar ConferencingServer MediationServer Director CentralManagement Compress Force "
    "WhatIf NoWait Graceful ExcludeActivityLevel CentralManagementStoreStatus AsBytes Confirm Verbose Local "
    "DisasterMode Restore LeaveClsAgentRunning Unique").split()} - {"registrar", "edgeserver", "director"}


class Type:
    def __init__(self, name):
        self.name = name


def type_named(name):
    known = name.lower().removeprefix("system.")
    if known not in STATIC and known not in CASTS and known not in KINDS:
        raise PsError("TypeNotFound", f"Unable to find type [{name}].", "InvalidOperation")
    return Type(known)


def utc_now():
    return Date(datetime.datetime.now(UTC))


def reader(shell):
    return shell.reader or Obj({}, "TextReader", {"ReadLine": read_line})


def writer(shell):
    return shell.writer or Obj({}, "TextWriter", {"WriteLine": write_line})


def set_reader(shell, made):
    shell.reader = made


def set_writer(shell, made):
    shell.writer = made


def string_reader(source):
    lines = text(source).splitlines()
    return Obj({}, "StringReader", {"ReadLine": lambda _: lines.pop(0) if lines else None})


def string_writer():
    held = []
    return Obj({}, "StringWriter", {"WriteLine": lambda _, line: held.append(text(line) + "\r\n"),
                                    "ToString": lambda _: "".join(held)})


MADE = {"io.stringreader": string_reader, "io.stringwriter": string_writer, "xml.xmldocument": XmlDocument}  # by New-Object


def read_line(shell):
    line = shell.stdin.readline()
    return line.decode("ascii").rstrip("\r\n") if line else None


def write_line(shell, line):
    shell.stdout.write(text(line) + "\r\n")


def replace_all(shell, source, pattern, by):
    def replacement(found):
        match = Obj({"Value": found.group()}, "Match")
        return "".join(text(item) for item in shell.invoke(by, [match]))
    return re.sub(pattern, replacement, source)


def write_bytes(shell, path, content):
    with open(shell.world.path(path), "wb") as file:
        file.write(content)


def from_base64(_, source):
    try:
        return base64.b64decode(source, validate=True)
    except ValueError:
        raise PsError("FormatException", "The input is not a valid Base-64 string.", "NotSpecified") from None


def encoding():
    return Obj({}, "UTF8Encoding", {
        "GetString": lambda shell, data: bytes(data).decode("utf-8", "replace"),
        "GetBytes": lambda shell, source: text(source).encode()})


def sha256(_):
    return Obj({}, "SHA256", {"ComputeHash": lambda shell, data: hashlib.sha256(bytes(data)).digest()})


def ip_properties(shell):
    host, _, domain = shell.world.computer_name().partition(".")
    return Obj({"HostName": host, "DomainName": domain}, "IPGlobalProperties")


def script_block(shell, source):
    from emulator.parser import Parser
    from emulator.values import Block
    return Block([], Parser(source).script())


def identity(shell):
    groups = [Obj({"Text": name}, "SecurityIdentifier", {"Translate": lambda _, kind, name=name: name})
              for name in shell.world.groups()]
    return Obj({"Name": shell.world.account(), "Groups": groups}, "WindowsIdentity")


STATIC = {
    "convert": {"FromBase64String": from_base64,
                "ToBase64String": lambda shell, data: base64.b64encode(bytes(data)).decode()},
    "text.encoding": {"UTF8": lambda shell: encoding()},
    "console": {"In": reader, "Out": writer, "SetIn": set_reader, "SetOut": set_writer},
    "string": {"CompareOrdinal": lambda shell, a, b: (text(a) > text(b)) - (text(a) < text(b))},
    "datetime": {"UtcNow": lambda shell: utc_now(), "Now": lambda shell: utc_now()},
    "regex": {"Replace": replace_all},
    "scriptblock": {"Create": script_block},
    "security.cryptography.sha256": {"Create": sha256},
    "bitconverter": {"ToString": lambda shell, data: "-".join(f"{byte:02X}" for byte in data)},
    "io.path": {"GetTempPath": lambda shell: "C:\\Windows\\Temp\\",
                "Combine": lambda shell, *parts: "\\".join(text(part).rstrip("\\") for part in parts)},
    "io.file": {"WriteAllBytes": write_bytes,
                "WriteAllText": lambda shell, path, content: write_bytes(shell, path, text(content).encode()),
                "Exists": lambda shell, path: shell.world.path(path).exists(),
                "ReadAllText": lambda shell, path: open(shell.world.path(path), "rb").read().decode(),
                "ReadAllBytes": lambda shell, path: open(shell.world.path(path), "rb").read()},
    "net.networkinformation.ipglobalproperties": {"GetIPGlobalProperties": ip_properties},
    "security.principal.windowsidentity": {"GetCurrent": identity},
    "security.principal.windowsbuiltinrole": {"Administrator": lambda shell: Enum("Administrator", 544)},
}
PROPERTIES = {("text.encoding", "UTF8"), ("console", "In"), ("console", "Out"), ("datetime", "UtcNow"),
              ("datetime", "Now"), ("security.principal.windowsbuiltinrole", "Administrator")}
KINDS = {"datetime": Date, "string": str, "int": int, "hashtable": Hash, "security.principal.ntaccount": Obj}


def principal(who):
    return Obj({}, "WindowsPrincipal", {"IsInRole": lambda shell, role: shell.world.is_administrator()})


CASTS = {"int": lambda value: ord(value) if isinstance(value, str) and len(value) == 1 and not value.isdigit()
         else round(number(value)),
         "string": text,
         "char": lambda value: value if isinstance(value, str) and len(value) == 1 else chr(int(number(value))),
         "bool": bool,
         "void": lambda value: None,
         "security.principal.windowsprincipal": principal}


def cast(name, value):
    known = name.lower().removeprefix("system.")
    if known not in CASTS:
        raise PsError("TypeNotFound", f"Unable to find type [{name}].", "InvalidOperation")
    return CASTS[known](value)


def is_of(value, kind):
    return isinstance(value, KINDS[kind.name])


def found(table, name):
    return next((table[known] for known in table if known.lower() == name.lower()), None)


def member(shell, held, name, static):
    if static:
        maker = found(STATIC.get(held.name, {}), name)
        if maker is None:
            raise PsError("PropertyNotFound", f"{name} is not a member of [{held.name}].")
        return maker(shell)
    if isinstance(held, Hash):
        own = held.look(name)
        if own is None and name.lower() == "keys":
            return list(held.keys())
        return len(held) if own is None and name.lower() == "count" else own
    if isinstance(held, Obj):
        return held.get(name)
    if name.lower() in ("count", "length"):
        return len(held) if isinstance(held, (list, str, bytes)) else 0 if held is None else 1
    if isinstance(held, list):  # of each, since version 3
        return [member(shell, item, name, False) for item in held]
    return None


def method(shell, held, name, arguments, static):
    if static:
        function = found(STATIC.get(held.name, {}), name)
        if function is None:
            raise PsError("MethodNotFound", f"[{held.name}] does not contain a method named '{name}'.", "InvalidOperation")
        return function(shell, *arguments)
    if held is None:
        raise PsError("InvokeMethodOnNull", "You cannot call a method on a null-valued expression.", "InvalidOperation")
    if isinstance(held, Obj) and found(held.methods, name):
        return found(held.methods, name)(shell, *arguments)
    own = METHODS.get((type(held).__name__, name.lower())) or METHODS.get(("any", name.lower()))
    if own is None:
        raise PsError("MethodNotFound", f"Method invocation failed because it does not contain a method named '{name}'.",
                      "InvalidOperation")
    return own(held, *arguments)


METHODS = {
    ("str", "replace"): lambda held, old, new: held.replace(text(old), text(new)),
    ("str", "tolowerinvariant"): lambda held: held.lower(),
    ("str", "trim"): lambda held: held.strip(),
    ("Date", "touniversaltime"): lambda held: held,
    ("Date", "tostring"): lambda held, form="": held.round_trip() if form == "o" else str(held),
    ("Date", "addseconds"): lambda held, many: Date(held.moment + datetime.timedelta(seconds=number(many))),
    ("any", "tostring"): lambda held, *_: text(held),
}


def add(a, b):
    if isinstance(a, list):
        return a + (b if isinstance(b, list) else [b])
    if a is None:
        return b
    if isinstance(a, str):
        return a + text(b)
    return number(a) + number(b)


def arithmetic(operator, a, b):
    if operator == "+":
        return add(a, b)
    x, y = number(a), number(b)
    return {"-": lambda: x - y, "*": lambda: x * y, "/": lambda: x / y, "%": lambda: x % y}[operator]()


def formatted(form, arguments):
    def one(placeholder):
        index, _, how = placeholder.group(1).partition(":")
        value = arguments[int(index)]
        return format(int(number(value)), how.lower().replace("x", "0", 1) + "x") if how[:1] in "xX" and how else text(value)
    return re.sub(r"\{(\d+(?::\w+)?)\}", one, form)


def temporary():
    return tempfile.gettempdir() + os.sep
