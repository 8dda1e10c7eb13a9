#!/usr/bin/env python3
"""The laboratory: real servers on one machine, messages between them, and the product moving federation under these.

run.py --programs FOLDER --report FOLDER [--short] [--name-server bind|knot] [--compare RUNS] [--hosts NUMBER] [--package FILE] [--keep] [SCENARIO...]

Exit status: 0 everything held, 1 something did not, 77 this machine cannot carry the lab (the reason is on stderr).
"""

import argparse
import pathlib
import sys
import time
import traceback

import isolation


def parse():
    parser = argparse.ArgumentParser(prog="./dev lab")
    parser.add_argument("--programs", required=True, help="where poolshift and its providers are")
    parser.add_argument("--report", required=True, help="where the report goes")
    parser.add_argument("--short", action="store_true", help="only a failover and a failback")
    parser.add_argument("--name-server", choices=("bind", "knot"), default="bind")
    parser.add_argument("--compare", type=int, metavar="RUNS", default=0,
                        help="instead: the same failover by the product, by Ansible and by a shell script, RUNS times each")
    parser.add_argument("--hosts", type=int, metavar="NUMBER", default=0,
                        help="instead: how long a look at so many machines over SSH takes")
    parser.add_argument("--package", metavar="FILE", help="instead: install, start, upgrade and remove this Debian package")
    parser.add_argument("--keep", action="store_true", help="stay when a scenario failed, so that one can look around")
    parser.add_argument("--list", action="store_true", help="only say which scenarios there are")
    parser.add_argument("scenario", nargs="*", help="only these")
    return parser.parse_args()


def chosen(options, scenarios):
    if options.scenario:
        known = {each.__name__: each for each in scenarios.ALL}
        unknown = [name for name in options.scenario if name not in known]
        if unknown:
            sys.exit(f"lab: no scenario is called {', '.join(unknown)}; there are {', '.join(known)}")
        return [known[name] for name in options.scenario]
    if options.short:
        return scenarios.SHORT
    return scenarios.ALL if options.name_server == "bind" else scenarios.ON_KNOT


def play(scenario, laboratory, programs):
    from stage import Stage
    stage = Stage(laboratory, programs, scenario.__name__, scenario.__doc__.replace("\n    ", " "))
    print(f"\n{stage.name}: {stage.why}", flush=True)
    began = time.monotonic()
    try:
        scenario(stage)
    except Exception as fault:  # a scenario that cannot be played has failed; the others are played all the same
        traceback.print_exc()
        stage.check(False, f"it was not played to its end: {fault}")
    finally:
        stage.finish()
    stage.seconds = time.monotonic() - began
    return stage


def conclude(options, laboratory, stages, began, more=()):
    import report
    seconds = time.monotonic() - began
    report.write(options.report, options.name_server, laboratory, stages, seconds, more)
    failed = [stage.name for stage in stages if not stage.passed]
    if failed:
        isolation.save_logs(pathlib.Path(options.report, "log"))
    print(f"\nlab: {len(stages) - len(failed)} scenarios passed, {len(failed)} failed"
          + (f" ({', '.join(failed)})" if failed else "") + f"; {seconds:.0f} s; {options.report}/report.md", flush=True)
    if failed and options.keep:
        print("lab: kept; end it with Ctrl-C. Look around with: nsenter -a -t $(pgrep -f tests/lab/run.py | tail -1)", flush=True)
        time.sleep(86400)
    return 1 if failed else 0


def main():
    options = parse()
    isolation.enter()
    import scenarios
    from laboratory import Laboratory
    from product import Product
    scenarios_to_play = chosen(options, scenarios)
    if options.list:
        print("\n".join(f"{each.__name__}: {each.__doc__}" for each in scenarios_to_play))
        return 0
    began = time.monotonic()
    if options.package:
        import debian
        stages, laboratory = debian.hold(options.package, options.programs)
        return conclude(options, laboratory, stages, began)
    grant = Product(options.programs, "", "").grant(options.name_server)
    laboratory = Laboratory(options.name_server, grant, pathlib.Path(options.programs).resolve())
    print(f"lab: up after {laboratory.seconds:.1f} s ({', '.join(laboratory.laps)})", flush=True)
    more = ()
    if options.compare:
        import contest
        stages, more = contest.hold(laboratory, options.programs, options.compare)
    elif options.hosts:
        import many_hosts
        stages = many_hosts.hold(laboratory, options.programs, options.hosts)
    else:
        stages = [play(each, laboratory, options.programs) for each in scenarios_to_play]
    return conclude(options, laboratory, stages, began, more)


if __name__ == "__main__":
    sys.exit(main())
