"""Checks the JSON Schema of manifests against samples: check_schema.py SCHEMA SOURCE_DIR.

Every document of every good sample must be accepted; every text of shape.cases that has findings must be rejected,
unless its fault is none that a schema can see (listed below). Exits 1 with the reasons otherwise.
"""
import json
import pathlib
import re
import sys

import jsonschema
import yaml

# Faults of YAML itself or of values behind a pattern: for the loader alone.
INVISIBLE = {
    "site name with spaces around", "site name with an escape sequence", "site name with a hidden direction",
    "duplicate keys", "ambiguous settings", "control character in settings", "merge key", "tag",
    "time to live of more than a week",
}


class Loader(yaml.SafeLoader):
    """YAML 1.2: only true, false, null and decimal numbers are not text."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in (("bool", r"^(true|false)$", "tf"), ("null", r"^(null|~|)$", ["n", "~", ""]),
                            ("int", r"^-?(0|[1-9][0-9]*)$", "-0123456789")):
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


def documents(text):
    return [document for document in yaml.load_all(text, Loader) if document is not None]


def cases(path):
    for part in path.read_text().split("=== ")[1:]:
        name, rest = part.split("\n", 1)
        text, expected = rest.split("=>\n", 1)
        yield name, text, expected


def main():
    schema = json.loads(pathlib.Path(sys.argv[1]).read_text())
    source = pathlib.Path(sys.argv[2])
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    faults, accepted, rejected = [], 0, 0
    good = sorted((source / "tests/manifest/good").glob("*.yaml"))
    samples = sorted((source / "manifests").rglob("*.yaml"))
    for path in good + samples:
        for document in documents(path.read_text()):
            accepted += 1
            if not validator.is_valid(document):
                faults.append(f"{path}: rejected: {document['kind']} {document['metadata']}")
    for name, text, expected in cases(source / "tests/manifest/shape.cases"):
        try:
            parts = documents(text)
        except yaml.YAMLError:
            continue
        valid = all(validator.is_valid(part) for part in parts)
        rejected += not valid
        if not expected and not valid:
            faults.append(f"{name}: rejected although it has no findings")
        if expected and valid and name not in INVISIBLE:
            faults.append(f"{name}: accepted")
    if accepted < 20 or rejected < 30:
        faults.append(f"too few samples: {accepted} accepted, {rejected} rejected")
    print("\n".join(faults) or f"{accepted} accepted, {rejected} rejected")
    return 1 if faults else 0


sys.exit(main())
