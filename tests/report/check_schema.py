"""Checks JSON documents against a JSON Schema: check_schema.py SCHEMA [--needs MEMBER] DOCUMENT...

With --needs, a document is at fault too when it would be right without that member.
"""
import argparse
import json
import sys

import jsonschema

parser = argparse.ArgumentParser()
parser.add_argument("schema")
parser.add_argument("--needs", default="")
parser.add_argument("documents", nargs="+")
arguments = parser.parse_args()
with open(arguments.schema) as file:
    schema = json.load(file)
validator = jsonschema.validators.validator_for(schema)
validator.check_schema(schema)
faults = 0
for path in arguments.documents:
    with open(path) as file:
        document = json.load(file)
    for fault in validator(schema).iter_errors(document):
        print(f"{path}: {'/'.join(map(str, fault.absolute_path))}: {fault.message}")
        faults += 1
    rest = {name: member for name, member in document.items() if name != arguments.needs}
    if arguments.needs and validator(schema).is_valid(rest):
        print(f"{path}: is right without `{arguments.needs}`")
        faults += 1
sys.exit(1 if faults else 0)
