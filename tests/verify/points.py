"""The boundaries at which processes are killed, by phase: every step of a run between two things that outlast it. The
preloaded library names them (boundaries/); one that it meets and that is not here fails `./dev verify kills`, and so does
one that is here and at which nothing was killed."""


def record(name):
    """Of the store: its transaction."""
    return [f"controller/{name}: {position}" for position in ("before", "written, not synced", "durable")]


def file(name):
    """Written beside, synced, renamed."""
    return [f"controller/{name}: {position}" for position in ("written, not synced", "synced", "not yet in place", "in place")]


def call(name):
    return [f"controller/{name}: {position}" for position in ("before", "sent")]


RUN = [*record("lease taken"), *call("fence raised"), *call("export asked for"), *file("export file"), *record("export on record"),
       *record("intent"), *call("provider called"), "controller/answer received", *record("result"),
       *record("gate's evidence"), *record("end of a run"), *record("checkpoint"), *file("head"),
       *record("lease given back"), *record("drift")]

# A plugin: its own record of keys, the platform's state, the zone's update, its answer.
PLUGINS = [f"{role}/{point}" for role in ("sim", "dns")
           for point in ("ledger: written, not synced", "ledger: synced", "answer: before", "answer: sent")]
PLUGINS += [f"sim/platform: {position}" for position in ("written, not synced", "synced", "not yet in place", "in place")]
PLUGINS += ["dns/update: before", "dns/update: sent"]

POINTS = {
    "plan": file("plan file"),
    "apply": [*record("begin of a run, plan file used up"), *RUN, *PLUGINS],
    # From an intent in doubt: takes the lease over, settles, closes, plans, and carries out. Plugins do
    # there what they do in the first run.
    "resume": [*record("begin of a run"), *call("looked up"), *RUN],
    "takeover": [*record("lease broken"), *record("begin of a run"), *call("looked up"), *RUN],
}

# Passed for every action or gate: killed at the first and the last one, also when only few are tried.
THROUGHOUT = frozenset([*record("intent"), *call("provider called"), "controller/answer received", *record("result"),
                        *record("gate's evidence")])
