"""What peers plan for the move that `./dev bench plan` measures: the same number of sites, three resources each.

Terraform: its built-in `terraform_data` stands for site route, association and record, each after the one before; the state
is that of an apply with the former pool. Pacemaker: a node for each Edge pool, three resources a site on the former node,
ordered and together; the node goes into standby. Neither knows of Edge pools, so this is what a person would have to model
by hand, at its smallest.
"""

import os
import re
import shutil
import subprocess

PARTS = ("route", "association", "record")
FORMER, NEXT = "edgepool1", "edgepool2"


def is_installed(program):
    return shutil.which(program) is not None


def environment():
    """Without a person's own settings, and without a look for newer versions."""
    mine = {key: value for key, value in os.environ.items() if not key.startswith("TF_")}
    return {**mine, "CHECKPOINT_DISABLE": "1"}


# --- Terraform -------------------------------------------------------------------------------------------------------

def write_terraform(folder, sites):
    """Configuration and state; afterwards `terraform plan` finds 3 changes a site. Contacts nothing."""
    lines = ['variable "pool" {}']
    for site in range(1, sites + 1):
        before = None
        for part in PARTS:
            after = f"depends_on = [terraform_data.{before}]" if before else ""
            lines.append(f'resource "terraform_data" "{part}_{site}" {{\n'
                         f'  input = {{ site = "Site{site}", pool = var.pool }}\n  {after}\n}}')
            before = f"{part}_{site}"
    (folder / "main.tf").write_text("\n".join(lines) + "\n")
    quiet = {"cwd": folder, "env": environment(), "check": True, "stdout": subprocess.DEVNULL}
    subprocess.run(["terraform", "init", "-input=false"], **quiet)
    subprocess.run(["terraform", "apply", "-auto-approve", "-input=false", f"-var=pool={FORMER}"], **quiet)


def terraform_command():
    return ["terraform", "plan", "-input=false", "-no-color", f"-var=pool={NEXT}"]


def terraform_actions(output):
    found = re.search(r"Plan: (\d+) to add, (\d+) to change, (\d+) to destroy", output)
    return sum(int(number) for number in found.groups()) if found else 0


# --- Pacemaker -------------------------------------------------------------------------------------------------------

def resource(name):
    return f'<primitive id="{name}" class="ocf" provider="pacemaker" type="Dummy"/>'


def constraints(site):
    pairs = [(f"{first}_{site}", f"{second}_{site}") for first, second in zip(PARTS, PARTS[1:])]
    for first, second in pairs:
        yield f'<rsc_order id="order_{second}" first="{first}" then="{second}"/>'
        yield f'<rsc_colocation id="together_{second}" rsc="{second}" with-rsc="{first}" score="INFINITY"/>'


def history(name):
    operation = ('operation_key="{name}_{what}_0" operation="{what}" crm-debug-origin="bench" crm_feature_set="3.16.2" '
                 'transition-key="1:1:0:aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa" '
                 'transition-magic="0:0;1:1:0:aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa" call-id="1" rc-code="0" op-status="0" '
                 'interval="0" op-digest="f2317cad3d54cec5d7d7aa7d0bf35cf8"')
    return (f'<lrm_resource id="{name}" class="ocf" provider="pacemaker" type="Dummy">'
            f'<lrm_rsc_op id="{name}_last_0" {operation.format(name=name, what="start")}/></lrm_resource>')


def absent(name):
    return (f'<lrm_resource id="{name}" class="ocf" provider="pacemaker" type="Dummy">'
            f'<lrm_rsc_op id="{name}_seen_0" operation_key="{name}_monitor_0" operation="monitor" crm_feature_set="3.16.2" '
            'transition-key="1:1:7:aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa" '
            'transition-magic="0:7;1:1:7:aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa" call-id="1" rc-code="7" op-status="0" '
            'interval="0" op-digest="f2317cad3d54cec5d7d7aa7d0bf35cf8"/></lrm_resource>')


def node_state(number, name, resources):
    return (f'<node_state id="{number}" uname="{name}" in_ccm="true" crmd="online" join="member" expected="member">'
            f'<lrm id="{number}"><lrm_resources>{"".join(resources)}</lrm_resources></lrm></node_state>')


def write_pacemaker(folder, sites):
    """A cluster of a node a site; the first, which runs everything, has just been put into standby."""
    names = [f"{part}_{site}" for site in range(1, sites + 1) for part in PARTS]
    rules = [rule for site in range(1, sites + 1) for rule in constraints(site)]
    states = [node_state(1, FORMER, map(history, names))]
    states += [node_state(node, f"edgepool{node}", map(absent, names)) for node in range(2, sites + 1)]
    nodes = "".join(f'<node id="{node}" uname="edgepool{node}"/>' for node in range(2, sites + 1))
    standby = f'<instance_attributes id="a1"><nvpair id="s1" name="standby" value="on"/></instance_attributes>'
    text = (f'<cib crm_feature_set="3.16.2" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">'
            '<configuration><crm_config><cluster_property_set id="options">'
            '<nvpair id="fencing" name="stonith-enabled" value="false"/>'
            '<nvpair id="quorum" name="no-quorum-policy" value="ignore"/></cluster_property_set></crm_config>'
            f'<nodes><node id="1" uname="{FORMER}">{standby}</node>'
            f'{nodes}</nodes>'
            f'<resources>{"".join(map(resource, names))}</resources><constraints>{"".join(rules)}</constraints>'
            f'</configuration><status>{"".join(states)}</status></cib>')
    (folder / "cib.xml").write_text(text)


def pacemaker_command():
    return ["crm_simulate", "--run", "--xml-file", "cib.xml"]


def pacemaker_actions(output):
    """Resources that move; each is a stop and a start, counted as one."""
    return len(re.findall(r"^\s*\* Move\s", output, re.MULTILINE))


PEERS = {
    "terraform": (write_terraform, terraform_command, terraform_actions),
    "crm_simulate": (write_pacemaker, pacemaker_command, pacemaker_actions),
}
