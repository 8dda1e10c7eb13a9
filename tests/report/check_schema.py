"""Checks JSON documents against a JSON Schema: check_schema.py SCHEMA DOCUMENT..."""
import json
import sys

import jsonschema

with open(sys.argv[1]) as file:
    schema = json.load(file)
validator = jsonschema.validators.validator_for(schema)
validator.check_schema(schema)
faults = 0
for path in sys.argv[2:]:
    with open(path) as file:
        for fault in validator(schema).iter_errors(json.load(file)):
            print(f"{path}: {'/'.join(map(str, fault.absolute_path))}: {fault.message}")
            faults += 1
sys.exit(1 if faults else 0)
