"""Values of the emulated shell, with the conversions and oddities of Windows PowerShell 5.1 that a remote caller meets."""

import datetime
import json

UTC = datetime.timezone.utc


class PsError(Exception):
    """An error record."""

    def __init__(self, error_id, message, category="NotSpecified", command=""):
        super().__init__(message)
        self.error_id, self.message, self.category, self.command = error_id, message, category, command


class Hash(dict):
    """A hashtable: keys are compared without regard to case."""

    def _key(self, key):
        if isinstance(key, str):
            for known in self:
                if isinstance(known, str) and known.lower() == key.lower():
                    return known
        return key

    def __setitem__(self, key, value):
        super().__setitem__(self._key(key), value)

    def look(self, key):
        return self.get(self._key(key))


class Obj:
    """An object with properties in order, and methods."""

    def __init__(self, properties=(), kind="PSCustomObject", methods=()):
        self.properties, self.kind, self.methods = dict(properties), kind, dict(methods)

    def name_of(self, name):
        return next((known for known in self.properties if known.lower() == name.lower()), None)

    def get(self, name):
        known = self.name_of(name)
        return None if known is None else self.properties[known]

    def set(self, name, value):
        self.properties[self.name_of(name) or name] = value

    def __str__(self):
        return str(self.properties.get("Text", self.kind))


class Enum:
    """ConvertTo-Json shows its number, text shows its name."""

    def __init__(self, name, number):
        self.name, self.number = name, number

    def __str__(self):
        return self.name


class Date:
    def __init__(self, moment):
        self.moment = moment  # aware

    def __str__(self):
        moment = self.moment.astimezone()
        return moment.strftime("%m/%d/%Y %H:%M:%S")

    def shown(self):
        """As the default output of an American server has it."""
        moment = self.moment.astimezone(UTC)
        return f"{moment.month}/{moment.day}/{moment.year} {moment.hour % 12 or 12}:{moment:%M:%S %p}"

    def round_trip(self):
        return self.moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")


class Block:
    """A script block: parameters and body."""

    def __init__(self, parameters, body):
        self.parameters, self.body = parameters, body


def text(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, (list, tuple)):
        return " ".join(text(item) for item in value)
    if isinstance(value, bytes):
        return " ".join(str(item) for item in value)
    if isinstance(value, Hash):
        return "System.Collections.Hashtable"
    return str(value)


def truth(value):
    if isinstance(value, (list, tuple)):
        return len(value) > 1 or (len(value) == 1 and truth(value[0]))
    if isinstance(value, (Hash, Obj, Enum, Date, Block)):
        return True
    return bool(value)


def number(value):
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float)):
        return value
    if value is None:
        return 0
    if isinstance(value, Enum):
        return value.number
    try:
        return int(value)
    except ValueError:
        try:
            return float(value)
        except ValueError:
            raise PsError("InvalidCastFromStringToInteger", f'Cannot convert value "{value}" to type "System.Int32".',
                          "InvalidArgument") from None


def plain(value, depth):
    """For ConvertTo-Json: enums as numbers, dates as \\/Date(ms)\\/, what is too deep as text."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Enum):
        return value.number
    if isinstance(value, Date):
        return f"\\/Date({int(value.moment.timestamp() * 1000)})\\/"
    if depth < 0:
        return text(value)
    if isinstance(value, bytes):
        return list(value)
    if isinstance(value, (list, tuple)):
        return [plain(item, depth - 1) for item in value]
    if isinstance(value, Hash):
        return {text(key): plain(item, depth - 1) for key, item in value.items()}
    if isinstance(value, Obj):
        return {key: plain(item, depth - 1) for key, item in value.properties.items()}
    return text(value)


def to_json(value, depth, compress):
    shown = json.dumps(plain(value, depth), ensure_ascii=False,
                       separators=(",", ":") if compress else (",", ":  "), indent=None if compress else 4)
    for letter in "<>&'":  # as JavaScriptSerializer writes them
        shown = shown.replace(letter, f"\\u{ord(letter):04x}")
    return shown.replace("\\\\/Date(", "\\/Date(").replace(")\\\\/", ")\\/")


def from_json(source):
    def revive(value):
        if isinstance(value, dict):
            return Obj({key: revive(item) for key, item in value.items()})
        return [revive(item) for item in value] if isinstance(value, list) else value
    try:
        return revive(json.loads(source))
    except ValueError as error:
        raise PsError("System.ArgumentException,Microsoft.PowerShell.Commands.ConvertFromJsonCommand",
                      f"Invalid JSON primitive: {error}.") from None
