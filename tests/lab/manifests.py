"""The organisation of the lab as people commit it: two pools of Prosody and Kamailio, and the providers that reach them."""

import edge
import network
import providers
from authority import TTL

ORGANISATION = """apiVersion: poolshift/v1
kind: Organization
metadata: {{name: contoso}}
spec:
  hosts: {{federation: {host}, xmpp: {host}}}
---
apiVersion: poolshift/v1
kind: Site
metadata: {{name: Site1}}
---
apiVersion: poolshift/v1
kind: Site
metadata: {{name: Site2}}
---
apiVersion: poolshift/v1
kind: Domain
metadata: {{name: contoso.test}}
spec:
  sip: {{ttl: {ttl}s}}
  xmpp: {{host: xmpp.contoso.test, ttl: {ttl}s}}
---
apiVersion: poolshift/v1
kind: Partner
metadata: {{name: fabrikam.test}}
spec:
  protocols: [sip, xmpp]
---
apiVersion: poolshift/v1
kind: Policy
metadata: {{name: lab}}
spec:
  probes: {{vantages: [vantage], required: 1, successes: {successes}}}
"""
POOL = """---
apiVersion: poolshift/v1
kind: EdgePool
metadata: {{name: {name}}}
spec:
  site: Site{site}
  product: [prosody, kamailio]
  accessEdge: {{fqdn: {access}}}
  servers:
{servers}{condition}"""


def _pool(name, out):
    servers = "".join(f"    - {{fqdn: {place}.contoso.test, addresses: [{network.outside(place)}]}}\n" for place in edge.POOLS[name])
    condition = "  condition: outOfService\n  reason: its site is cut off\n" if name == out else ""
    return POOL.format(name=name, site=name[-1], access=f"sip{name[-1]}.contoso.test", servers=servers, condition=condition)


def write_seed(folder, key_file, successes):
    """What `poolshift import` begins with: names, providers and policy; no pool, no host."""
    names = [document for document in ORGANISATION.format(host="", ttl=TTL, successes=successes).split("---\n")
             if "kind: Site" not in document]
    names = [document.split("spec:")[0] if "kind: Organization" in document or "kind: Domain" in document else document for document in names]
    (folder / "seed.yaml").write_text("---\n".join(names) + "---\n" + providers.text(key_file, sites=True), encoding="utf-8")
    (folder / "seed.yaml").chmod(0o600)


def write(folder, host, out, key_file, successes):
    text = ORGANISATION.format(host=host, ttl=TTL, successes=successes) + "".join(_pool(name, out) for name in edge.POOLS)
    (folder / "contoso.yaml").write_text(text, encoding="utf-8")
    (folder / "providers.yaml").write_text(providers.text(key_file), encoding="utf-8")
    (folder / "providers.yaml").chmod(0o600)
