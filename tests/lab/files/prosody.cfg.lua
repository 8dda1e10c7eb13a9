-- Edge: serves contoso.test. @EXT@ outside, @OOB@ management.
admins = { }
modules_enabled = { "roster"; "saslauth"; "tls"; "dialback"; "disco"; "ping"; "time"; "version"; "uptime"; "admin_shell"; "offline"; }
allow_registration = false
c2s_require_encryption = true
s2s_require_encryption = true
s2s_secure_auth = true                  -- the peer's certificate must verify (no plain dialback)
s2s_interfaces = { "@EXT@" }
c2s_interfaces = { "@OOB@" }
ssl = { cafile = "/etc/prosody/certs/ca.pem"; certificate = "/etc/prosody/certs/edge.pem"; key = "/etc/prosody/certs/edge.key"; }
pidfile = "/run/prosody/prosody.pid"
authentication = "internal_hashed"
storage = "internal"
s2s_timeout = 10
unbound = { resolvconf = true; hoststxt = false; options = { ["local-zone:"] = "test. transparent" } }   -- libunbound answers NXDOMAIN for .test by default
log = { info = "/var/log/prosody/prosody.log" }
VirtualHost "contoso.test"
