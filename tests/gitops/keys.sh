# Makes the keys of the tests in $KEYS: one for each person of repository.h.
set -e
cd "$KEYS"
mkdir -p bin
for name in alice bob eve old gone; do ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$name"; done
# Signs for another purpose than git.
printf '#!/bin/sh\nfor word; do shift; [ "$word" = git ] && word=file; set -- "$@" "$word"; done\nexec ssh-keygen "$@"\n' >bin/other-purpose
pgp() {  # NAME OPTIONS...: a key that gpg with OPTIONS makes and signs with
  name=$1
  shift
  mkdir -m 700 "$name.gnupg"
  printf '#!/bin/sh\nexec gpg --homedir %s --batch %s "$@"\n' "$KEYS/$name.gnupg" "$*" >"bin/$name"
  chmod +x "bin/$name"
  "bin/$name" --quiet --passphrase '' --quick-gen-key "$name@contoso.com" ed25519 sign "$validity" 2>/dev/null
  "bin/$name" --armor --export >"$name.asc" 2>/dev/null
}
validity=never pgp carol
validity=never pgp stranger
validity=1y pgp lapsed --faked-system-time '20200101T000000!'
validity=never pgp taken
# The same key as others get it once it is revoked.
mkdir -m 700 revoking.gnupg
sed 's/^:---/---/' taken.gnupg/openpgp-revocs.d/*.rev >revocation
gpg --homedir revoking.gnupg --batch --quiet --import taken.asc revocation 2>/dev/null
gpg --homedir revoking.gnupg --batch --armor --export >taken.asc 2>/dev/null
chmod +x bin/*
