"""How commands take parameters, and the commands of the shell itself."""

import time

from emulator import dotnet, reference, shown, windows
from emulator.values import Enum, Hash, Obj, PsError, from_json, number, text, to_json, truth


class Command:
    def __init__(self, name, parameters, function):
        position, *others = parameters.split(" ")
        self.name, self.position, self.function = name, position, function
        self.parameters = [known for known in [position, *others] if known]

    def named(self, given):
        everything = self.parameters + reference.COMMON.split()
        for known in everything:
            if known.lower() == given.lower():
                return known
        alias = reference.ALIASES.get(given.lower())
        if alias in self.parameters:
            return alias
        fits = [known for known in everything if known.lower().startswith(given.lower())]
        if len(fits) == 1:
            return fits[0]
        raise PsError("NamedParameterNotFound," + self.name,
                      f"A parameter cannot be found that matches parameter name '{given}'.", "InvalidArgument", self.name)

    def run(self, shell, named, positional, stream):
        bound = Hash()
        for given, value in named.items():
            bound[self.named(given)] = value
        rest = list(positional)
        if rest and self.position and bound.look(self.position) is None and self.name not in GREEDY:
            bound[self.position] = rest.pop(0)
        if rest and self.name not in GREEDY:
            raise PsError("PositionalParameterNotFound," + self.name, "A positional parameter cannot be found that accepts "
                          f"argument '{text(rest[0])}'.", "InvalidArgument", self.name)
        return list(self.function(shell, bound, rest, stream) or [])


GREEDY = {"Select-Object", "netstat", "New-Object"}


def get_command(shell, bound, _, __):
    wanted = text(bound.look("Name"))
    command = shell.commands.get(wanted.lower())
    if command is None:
        raise PsError("CommandNotFoundException,Microsoft.PowerShell.Commands.GetCommandCommand",
                      f"The term '{wanted}' is not recognized as the name of a cmdlet, function, script file, or operable "
                      "program.", "ObjectNotFound", wanted)
    return [Obj({"Name": command.name, "Parameters": Hash({known: None for known in command.parameters
                                                           + reference.COMMON.split()})}, "CmdletInfo")]


def select(shell, bound, rest, stream):
    items = list(stream or [])
    first, last = bound.look("First"), bound.look("Last")
    if first is not None:
        items = items[:int(first)]
    if last is not None:
        items = items[-int(last):]
    wanted = bound.look("Property") if bound.look("Property") is not None else rest
    wanted = wanted if isinstance(wanted, list) else [wanted]
    expand = bound.look("ExpandProperty")
    if expand is not None:
        return [value for item in items for value in listed(dotnet.member(shell, item, text(expand), False))]
    wanted = [one for group in wanted for one in (group if isinstance(group, list) else [group])]
    return [chosen(shell, item, wanted) for item in items] if wanted else items


def listed(value):
    return value if isinstance(value, list) else [value]


def chosen(shell, item, wanted):
    made = Obj()
    for one in wanted:
        if isinstance(one, Hash):
            found = shell.each(one.look("e") or one.look("Expression"), item)
            name = text(one.look("n") or one.look("Name"))
            made.set(name, None if not found else found[0] if len(found) == 1 else found)
        else:
            made.set(text(one), dotnet.member(shell, item, text(one), False))
    made.kind = "Selected"
    return made


def where(shell, bound, _, stream):
    test = bound.look("FilterScript")
    return [item for item in stream or [] if truth([*shell.each(test, item)])]


def for_each(shell, bound, _, stream):
    return [value for item in stream or [] for value in shell.each(bound.look("Process"), item)]


def convert_to_json(shell, bound, _, stream):
    value = bound.look("InputObject")
    if stream is not None:
        value = stream[0] if len(stream) == 1 else stream
    depth = bound.look("Depth")
    return [to_json(value, 2 if depth is None else int(number(depth)), truth(bound.look("Compress")))]


def convert_from_json(shell, bound, _, stream):
    source = bound.look("InputObject") if stream is None else "".join(stream)
    value = from_json(text(source))
    return [value]


def format_list(shell, bound, _, stream):
    return shown.as_list(list(stream or []))


def start_sleep(shell, bound, _, __):
    seconds = bound.look("Seconds")
    time.sleep(float(number(seconds)) if seconds is not None else number(bound.look("Milliseconds")) / 1000)


def get_service(shell, bound, _, __):
    with shell.world.turn():
        known, service = windows.find(shell.world, text(bound.look("Name")))
        return [windows.shown(shell.world, known, service)]


def set_service(shell, bound, _, __):
    with shell.world.turn(writes=True):
        _, service = windows.find(shell.world, text(bound.look("Name")))
        wanted = text(bound.look("StartupType"))
        service["mode"] = {"automatic": "Auto"}.get(wanted.lower(), wanted.capitalize())


def get_cim(shell, bound, _, __):
    with shell.world.turn():
        return [Obj({"Name": name, "StartMode": service.get("mode", "Auto")}, "Win32_Service")
                for name, service in shell.world.here["services"].items()]


def get_connections(shell, _, __, ___):
    with shell.world.turn():
        rows = windows.sockets(shell.world)
        clock = time.time()
        numbers = {"Listen": 2, "Established": 5}
        return [Obj({"State": Enum(state, numbers[state]), "LocalAddress": local, "LocalPort": port,
                     "RemoteAddress": remote, "RemotePort": remote_port, "OwningProcess": 4321,
                     "CreationTime": shell.world.date(clock - age)}, "MSFT_NetTCPConnection")
                for state, local, port, remote, remote_port, age in rows]


def netstat(shell, _, __, ___):
    with shell.world.turn():
        lines = ["", "Active Connections", "", "  Proto  Local Address          Foreign Address        State           PID"]
        for state, local, port, remote, remote_port, _age in windows.sockets(shell.world):
            word = {"Listen": "LISTENING", "Established": "ESTABLISHED"}[state]
            lines.append(f"  TCP    {local + ':' + str(port):<22} {remote + ':' + str(remote_port):<22} {word:<15} 5269")
        return lines


def new_rule(shell, bound, _, __):
    with shell.world.turn(writes=True):
        shell.world.here.setdefault("firewall", []).append(text(bound.look("DisplayName")))
        # Partners that are turned away go elsewhere; streams that stay are for the test to say.
        if not shell.world.here.get("clinging"):
            shell.world.here["streams"] = [one for one in shell.world.here.get("streams", []) if one["protocol"] != "sip"]


def remove_rule(shell, bound, _, __):
    with shell.world.turn(writes=True):
        rules = shell.world.here.setdefault("firewall", [])
        if text(bound.look("DisplayName")) not in rules:
            raise PsError("CmdletizationQuery_NotFound_DisplayName", "No MSFT_NetFirewallRule objects found.", "ObjectNotFound")
        rules.remove(text(bound.look("DisplayName")))


def get_child_item(shell, bound, _, __):
    path = text(bound.look("Path"))
    with shell.world.turn():
        if path.endswith("\\*\\Deployment\\Bootstrapper.exe"):
            names = shell.world.here.get("products", ["Microsoft Lync Server 2013"])
            folder = path[:-len("*\\Deployment\\Bootstrapper.exe")]
            return [Obj({"FullName": folder + name + "\\Deployment\\Bootstrapper.exe"}, "FileInfo") for name in names]
    raise PsError("PathNotFound,Microsoft.PowerShell.Commands.GetChildItemCommand", f"Cannot find path '{path}'.",
                  "ObjectNotFound")


def remove_item(shell, bound, _, __):
    shell.world.path(text(bound.look("LiteralPath") or bound.look("Path"))).unlink()


def new_item(_, bound, __, ___):
    if text(bound.look("ItemType")) != "Directory" or not bound.look("Force"):
        raise PsError("NotEmulated", "New-Item makes folders here, with -Force")
    return [Obj({"FullName": text(bound.look("Path"))}, "DirectoryInfo")]


def new_object(_, __, rest, ___):
    kind, *arguments = rest
    made = dotnet.MADE.get(text(kind).lower().removeprefix("system."))
    if made is None:
        raise PsError("TypeNotFound,Microsoft.PowerShell.Commands.NewObjectCommand", f"Cannot find type [{text(kind)}].",
                      "InvalidType")
    return [made(*arguments)]


FUNCTIONS = {
    "Get-Command": get_command, "Select-Object": select, "Where-Object": where, "ForEach-Object": for_each,
    "ConvertTo-Json": convert_to_json, "ConvertFrom-Json": convert_from_json, "Format-List": format_list,
    "Out-Null": lambda *_: [], "Start-Sleep": start_sleep, "Get-Service": get_service, "Set-Service": set_service,
    "Get-CimInstance": get_cim, "Get-NetTCPConnection": get_connections, "New-NetFirewallRule": new_rule,
    "Remove-NetFirewallRule": remove_rule, "Get-ChildItem": get_child_item, "Remove-Item": remove_item,
    "New-Object": new_object, "New-Item": new_item,
}


def table(world):
    commands = {name: Command(name, parameters, FUNCTIONS[name]) for name, parameters in reference.WINDOWS.items()}
    commands["netstat"] = Command("netstat", " ano p", netstat)
    if world.data.get("beforeWindows2012"):
        del commands["Get-NetTCPConnection"]
    return commands
