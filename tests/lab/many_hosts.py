"""Looking at many machines: the organisation of the lab with N more Edge servers, which are one real machine under N names.

The plan must be empty, so each of them was looked at. Beside it the bare price of N log-ins: `ssh HOST true`, 32 at a time.
"""

import resource
import statistics
import subprocess
import time

import manifests
import network
import providers
from machine import LAB
from stage import Stage

MACHINE = "s2e2"  # of the pool that does not host: its services rest


def _names(hosts):
    return [f"x{number:04d}.contoso.test" for number in range(hosts)]


def _write(hosts):
    def write(folder, host, out, key_file, successes):
        manifests.write(folder, host, out, key_file, successes)
        names = _names(hosts)
        addresses = {name: f"10.99.{100 + number // 200}.{1 + number % 200}" for number, name in enumerate(names)}
        pools = [names[at:at + 2] for at in range(0, hosts, 2)]
        text = "".join(manifests.POOL.format(
            name=f"more{number}", site=2, access=f"access{number}.contoso.test", condition="",
            servers="".join(f"    - {{fqdn: {name}, addresses: [{addresses[name]}]}}\n" for name in pool))
            for number, pool in enumerate(pools))
        (folder / "more.yaml").write_text(text, encoding="utf-8")
        machines = "".join(providers.SERVER.format(fqdn=name, address=network.management(MACHINE)) for name in names)
        (folder / "providers.yaml").write_text(providers.text(key_file, machines), encoding="utf-8")
    return write


def _timed(command):
    """Seconds, seconds of processor time of our side, result."""
    def spent():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime
    began, before = time.monotonic(), spent()
    result = command()
    return time.monotonic() - began, spent() - before, result


def _log_in(hosts):
    """As many connections as the product needs, by the program that it uses for them."""
    ssh = (f"ssh -F none -i {LAB}/ssh/id -o UserKnownHostsFile={LAB}/ssh/known_hosts -o BatchMode=yes "
           f"-o KexAlgorithms=curve25519-sha256 root@{network.management(MACHINE)} true")
    return subprocess.run(["ip", "netns", "exec", "admin", "sh", "-c", f"seq {hosts} | xargs -P 32 -I N {ssh}"], check=True,
                          capture_output=True)


def hold(laboratory, programs, hosts, runs=3):
    stage = Stage(laboratory, programs, "many_hosts", f"a look at {hosts} Linux machines over SSH, for a plan with nothing to do")
    began = time.monotonic()
    stage.write = _write(hosts)
    laboratory.rest("edge1", others_run=False)
    stage.commit("edge1")
    looks, processor, log_ins = [], [], []
    for number in range(runs):
        seconds, spent, result = _timed(lambda: stage.product.plan("--json"))
        looks.append(seconds)
        processor.append(spent)
        stage.check(result.returncode == 0, f"run {number + 1}: the plan is empty: {result.stdout[-300:] if result.returncode else ''}{result.stderr[-300:]}")
        log_ins.append(_timed(lambda: _log_in(hosts))[0])
    look, log_in = statistics.median(looks), statistics.median(log_ins)
    stage.fact(f"`poolshift plan`, {hosts} machines, median of {runs}", f"{look:.2f} s ({', '.join(f'{each:.2f}' for each in looks)})")
    stage.fact("processor time of it, without the machines'", f"{statistics.median(processor):.2f} s")
    stage.fact(f"{hosts} times `ssh HOST true`, 32 at a time", f"{log_in:.2f} s; the plan takes {look / log_in:.2f} of it")
    stage.seconds = time.monotonic() - began
    return [stage]
