-- Serves @DOMAIN@ on @ADDRESS@: certificates only, as between organisations.
modules_enabled = { "roster"; "saslauth"; "tls"; "dialback"; "disco"; "ping"; "admin_shell"; "offline" }
modules_disabled = { }
s2s_require_encryption = true
s2s_secure_auth = true
s2s_interfaces = { "@ADDRESS@" }
c2s_interfaces = { "@ADDRESS@" }
ssl = { cafile = "/etc/prosody/certs/ca.pem"; certificate = "/etc/prosody/certs/@CERTIFICATE@.pem"; key = "/etc/prosody/certs/@CERTIFICATE@.key" }
unbound = { resolvconf = true; hoststxt = false; options = { ["local-zone:"] = "test. transparent" } } -- else .test is NXDOMAIN inside libunbound
pidfile = "@PID@"
log = { info = "@LOG@" }
VirtualHost "@DOMAIN@"
