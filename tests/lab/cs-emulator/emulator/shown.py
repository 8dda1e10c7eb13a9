"""Default output: lists with aligned colons, wrapped at the width of the console, collections cut at four
($FormatEnumerationLimit); tables for a few types. Samples of real output are in ../samples, with their section."""

import textwrap

from emulator.values import Date, Enum, Obj, text

LIMIT = 4
WIDTH = 80
TABLES = {"NTService": ("Status", "Name"), "SipDomain": ("Identity", "Name", "IsDefault")}


def cell(value):
    if isinstance(value, list):
        items = ", ".join(text(item) for item in value[:LIMIT])
        return "{" + items + ("..." if len(value) > LIMIT else "") + "}"
    if isinstance(value, Date):
        return value.shown()
    return text(value)


def wrapped(value, width):
    """Breaks at blanks, and inside a word only when it has to."""
    return textwrap.wrap(value, width, break_long_words=True, break_on_hyphens=False) or [""]


def as_list(items):
    lines = [""]
    for item in items:
        if not isinstance(item, Obj):
            lines.append(text(item))
            continue
        label = max((len(name) for name in item.properties), default=0)
        for name, value in item.properties.items():
            first, *more = wrapped(cell(value), WIDTH - label - 4)
            lines.append(f"{name:<{label}} : {first}".rstrip() if not first else f"{name:<{label}} : {first}")
            lines += [" " * (label + 3) + part for part in more]
        lines.append("")
    return lines


def as_table(items, names):
    widths = [max(len(name), *(len(cell(item.get(name))) for item in items)) for name in names]
    rows = [" ".join(f"{name:<{width}}" for name, width in zip(names, widths)).rstrip(),
            " ".join(f"{'-' * len(name):<{width}}" for name, width in zip(names, widths)).rstrip()]
    rows += [" ".join(f"{cell(item.get(name)):<{width}}" for name, width in zip(names, widths)).rstrip() for item in items]
    return ["", *rows, ""]


def default(items):
    if items and all(isinstance(item, Obj) and item.kind in TABLES for item in items):
        return as_table(items, TABLES[items[0].kind])
    if items and any(isinstance(item, Obj) for item in items):
        return as_list(items)
    return [cell(item) if isinstance(item, (Enum, Date)) else text(item) for item in items]
