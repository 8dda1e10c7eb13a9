#!/bin/bash
# The same failover as a person's script: one step after the other, over ssh that keeps its connections.
# failover.sh SSH_CONFIG KEY CA_FOLDER
set -eu
here=$(dirname "$0") config=$1 key=$2 ca=$3
on() { ssh -F "$config" "$@"; }
look() { on vantage "$here/look" "$1" "$2" "$3" "$ca"; }
all_answer() {
  for address in 10.99.2.21 10.99.2.22; do
    until look "$address" xmpp contoso.test; do sleep 1; done
    until look "$address" sip sip2.contoso.test; do sleep 1; done
  done
}
for server in s2e1 s2e2; do
  for service in prosody kamailio; do
    on "$server" "systemctl start $service && sleep 1 && systemctl is-active --quiet $service"
  done
done
all_answer
nsupdate -k "$key" "$here/records.nsupdate"
on core nft -f "$here/fence.nft"
[[ $(dig +short @10.99.0.53 xmpp.contoso.test A | sort | xargs) == "10.99.2.21 10.99.2.22" ]]
[[ $(dig +short @10.99.0.53 _sipfederationtls._tcp.contoso.test SRV) == "0 0 5061 sip2.contoso.test." ]]
all_answer
