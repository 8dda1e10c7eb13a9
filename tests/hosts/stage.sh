#!/usr/bin/env bash
# Sets the stage on a booted machine: certificates, names, and the configuration of the real servers. Nothing is started
# but the name server.
#   stage.sh FOLDER
set -eu
folder=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$folder/root
made=$folder/certificates

leaf() { # NAME COMMON-NAME ALTERNATIVE-NAMES
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$1.key" -subj "/CN=$2" 2> /dev/null |
    openssl x509 -req -CA ca.pem -CAkey ca.key -CAcreateserial -days 10 -out "$1.pem" 2> /dev/null -extfile <(
      printf 'basicConstraints=CA:FALSE\nkeyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=%s\n' "$3"
    )
  cat "$1.pem" "$1.key" > "$1-bundle.pem"
}

mkdir -p "$made"
cd "$made"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem -days 10 \
  -subj "/CN=Authority of a test" -addext keyUsage=critical,keyCertSign,cRLSign 2> /dev/null
leaf edge1 edge1.contoso.test DNS:contoso.test,DNS:xmpp.contoso.test,DNS:sip.contoso.test
leaf partner fabrikam.test DNS:fabrikam.test
chmod 644 ./*.key ./*.pem

zone() { # NAME ADDRESS
  printf '$TTL 1\n@ SOA ns root 1 1 1 1 1\n@ NS ns\nns A 127.0.0.1\n@ A %s\nxmpp A %s\n_xmpp-server._tcp SRV 0 0 5269 xmpp\n' \
    "$2" "$2" > "$root/etc/zones/$1"
}
mkdir -p "$root/etc/zones"
zone contoso.test 127.0.0.11
zone fabrikam.test 127.0.0.12
cat > "$root/etc/zones/named.conf" <<'NAMED'
options { directory "/etc/zones"; listen-on { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; pid-file none; session-keyfile none; };
controls { };
zone "contoso.test" { type primary; file "contoso.test"; };
zone "fabrikam.test" { type primary; file "fabrikam.test"; };
NAMED
chmod -R a+rX "$root/etc/zones"
rm -f "$root/etc/resolv.conf"
echo "nameserver 127.0.0.1" > "$root/etc/resolv.conf"

prosody() { # FOLDER ADDRESS DOMAIN CERTIFICATE PID LOG
  mkdir -p "$root/$1/certs"
  sed "s#@ADDRESS@#$2#; s#@DOMAIN@#$3#; s#@CERTIFICATE@#$4#g; s#@PID@#$5#; s#@LOG@#$6#; s#/etc/prosody/#/$1/#g" \
    "$here/files/prosody.cfg.lua" > "$root/$1/prosody.cfg.lua"
  cp ca.pem "$4.pem" "$4.key" "$root/$1/certs/"
  chown -R root:prosody "$root/$1"
  chmod -R u=rwX,g=rX,o= "$root/$1"
}
prosody etc/prosody 127.0.0.11 contoso.test edge1 /run/prosody/prosody.pid /var/log/prosody/prosody.log
prosody etc/partner 127.0.0.12 fabrikam.test partner /run/partner/partner.pid /var/log/prosody/partner.log
sed -i 's#^pidfile#data_path = "/var/lib/partner"\npidfile#' "$root/etc/partner/prosody.cfg.lua"
mkdir -p "$root/usr/lib/systemd/system"
cat > "$root/usr/lib/systemd/system/partner.service" <<'UNIT'
[Unit]
Description=The partner's Prosody
[Service]
User=prosody
RuntimeDirectory=partner
StateDirectory=partner
ExecStart=/usr/bin/prosody --config /etc/partner/prosody.cfg.lua -F
UNIT

cp "$here/files/ejabberd.yml" ca.pem edge1-bundle.pem "$root/etc/ejabberd/"
chown -R ejabberd:ejabberd "$root/etc/ejabberd"
cp "$here/files/"{kamailio,dispatcher-of-edge,inside,tls}.cfg ca.pem edge1.pem edge1.key "$root/etc/kamailio/"
chmod a+r "$root"/etc/kamailio/*

unit() { # NAME LINE...: units that go wrong in their own ways
  local name=$1
  shift
  printf '[Unit]\nStartLimitIntervalSec=0\n[Service]\n' > "$root/usr/lib/systemd/system/$name.service"
  printf '%s\n' "$@" '[Install]' 'WantedBy=multi-user.target' >> "$root/usr/lib/systemd/system/$name.service"
}
unit dies 'ExecStart=/bin/sh -c "echo the tablespace is full; sleep 0.5; exit 3"'
unit loops 'ExecStart=/bin/sh -c "sleep 0.3; exit 4"' Restart=always RestartSec=100ms
unit clings 'ExecStart=/bin/sleep 1000' 'ExecStop=/bin/sleep 1000' TimeoutStopSec=1000
unit thief 'ExecStart=/usr/bin/python3 -m http.server --bind 127.0.0.11 5269'
"$here/machine.sh" exec "$folder" systemctl daemon-reload
"$here/machine.sh" exec "$folder" systemd-run --quiet --unit=names named -f -c /etc/zones/named.conf
