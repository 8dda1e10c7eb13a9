#!/usr/bin/env bash
# A machine for tests: systemd, started by systemd-nspawn on an overlay of this machine's own root, with sshd on
# 127.0.0.1:22. Whatever is installed here is installed there; what happens there, stays there.
#
#   machine.sh isolated COMMAND...   the command in network, mount, process, host name and IPC namespaces of its own;
#                                    the machine shares its network, and /mnt is empty and in memory. All of it dies
#                                    with the command, killed or not
#   machine.sh boot FOLDER           (there, below /mnt) boots and waits until systemd and sshd answer; FOLDER gets the keys
#   machine.sh exec FOLDER COMMAND...  a command on it, past sshd: the tests' independent witness
set -eu

fail() {
  echo "machine.sh: $*" >&2
  exit 1
}

isolated() {
  [[ $(id -u) == 0 ]] || fail "namespaces of its own need root"
  exec unshare --net --mount --pid --uts --ipc --fork --kill-child --mount-proc bash -c '
    mount --make-rprivate / && mount -t tmpfs -o size=1g tmpfs /mnt && ip link set lo up && "$@"
    exit $?' isolated "$@" # not exec: somebody must bury what is orphaned
}

files() { # what is different from this machine
  local etc=$folder/upper/etc
  mkdir -p "$etc"/{ssh,systemd/system/ssh.service.d} "$folder"/upper/{root/.ssh,home/watcher/.ssh,etc/network} "$folder"/{work,root}
  echo edge1 > "$etc/hostname"
  printf '127.0.0.1 localhost edge1\n' > "$etc/hosts"
  : > "$folder/upper/root/.bashrc" # an empty one keeps commands fast
  # An account that may log in and look, and nothing else.
  (grep -v '^watcher:' /etc/passwd; echo 'watcher:x:4242:4242::/home/watcher:/bin/sh') > "$etc/passwd"
  (grep -v '^watcher:' /etc/group; echo 'watcher:x:4242:') > "$etc/group"
  cat > "$etc/systemd/system/machine.target" <<'UNIT'
[Unit]
Description=A machine of a test
Requires=basic.target
After=basic.target
Wants=ssh.service dbus.service
AllowIsolate=yes
UNIT
  local unit
  for unit in systemd-{networkd,resolved,timesyncd,udevd,udev-trigger,logind}.service networking.service apparmor.service e2scrub_reap.service; do
    ln -sf /dev/null "$etc/systemd/system/$unit"
  done
  cat > "$etc/ssh/sshd_config" <<'SSHD'
ListenAddress 127.0.0.1
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
MaxStartups 200
SSHD
  rm -f "$etc"/ssh/ssh_host_* "$folder"/client*
  ssh-keygen -q -t ed25519 -N '' -C '' -f "$etc/ssh/ssh_host_ed25519_key"
  ssh-keygen -q -t ed25519 -N '' -C '' -f "$folder/client"
  local home
  for home in root home/watcher; do
    cp "$folder/client.pub" "$folder/upper/$home/.ssh/authorized_keys"
    chmod 700 "$folder/upper/$home/.ssh"
  done
  chown -R 4242:4242 "$folder/upper/home/watcher"
  chmod 755 "$folder" "$folder/upper" "$folder/upper/home"
  cp "$etc/ssh/ssh_host_ed25519_key.pub" "$folder/host.pub"
}

boot() {
  mkdir -p "$folder"
  [[ -e $folder/host.pub ]] || files
  mountpoint -q "$folder/root" ||
    mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/upper,workdir=$folder/work" "$folder/root" ||
    fail "no overlay of / can be mounted here"
  setsid systemd-nspawn --quiet --register=no --keep-unit -D "$folder/root" --machine=edge1 --resolv-conf=off --timezone=off \
    --link-journal=no --console=pipe --capability=CAP_NET_ADMIN,CAP_NET_RAW -b systemd.unit=machine.target \
    systemd.log_level=warning > "$folder/console" 2>&1 < /dev/null &
  echo $! > "$folder/pid"
  local look
  for look in {1..600}; do
    kill -0 "$(< "$folder/pid")" 2> /dev/null || fail "systemd-nspawn ended: $(tail -n 5 "$folder/console")"
    if [[ $(command_there systemctl is-active machine.target ssh.service dbus.service 2> /dev/null | sort -u) == active ]] &&
      (exec 3<> /dev/tcp/127.0.0.1/22 && read -r -t 5 -u 3 line && [[ $line == SSH* ]]) 2> /dev/null; then
      return
    fi
    sleep 0.1
  done
  fail "it did not boot within a minute: $(tail -n 5 "$folder/console")"
}

command_there() {
  local init
  init=$(cat "/proc/$(< "$folder/pid")/task/$(< "$folder/pid")/children")
  [[ -n ${init// /} ]] || fail "it is not up"
  nsenter -t "${init%% *}" -m -u -p -i -C env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 "$@"
}

verb=${1:-}
shift || true
case $verb in
  isolated) isolated "$@" ;;
  boot | exec)
    folder=$1
    shift
    if [[ $verb == exec ]]; then command_there "$@"; else boot; fi
    ;;
  *) fail "isolated, boot or exec" ;;
esac
