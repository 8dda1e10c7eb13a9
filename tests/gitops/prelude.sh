# What the scripts of the tests may use: $KEYS, $HOME, and the repository that they run in.
export LC_ALL=C GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_DATE='2026-01-01T00:00:00Z' GIT_COMMITTER_DATE='2026-01-01T00:00:00Z'

# Options of git that let NAME sign; `none` signs nothing.
signed() {
  case $1 in
    none) echo "-c commit.gpgsign=false" ;;
    carol | stranger | lapsed | taken)
      echo "-c commit.gpgsign=true -c gpg.format=openpgp -c gpg.program=$KEYS/bin/$1 -c user.signingkey=$1@contoso.com" ;;
    *) echo "-c commit.gpgsign=true -c gpg.format=ssh -c user.signingkey=$KEYS/$1.pub" ;;
  esac
}
# Commits everything, signed by NAME.
commit() {
  git add -A
  git $(signed "$1") commit -q --allow-empty -m "${2:-a change}"
}
# Writes FILE and commits it, signed by NAME.
change() {
  mkdir -p "$(dirname "$2")"
  echo "# ${3:-changed}" >>"$2"
  commit "$1" "change $2"
}
# A commit object like HEAD with one line changed by a sed expression; the branch moves there.
forge() {
  git cat-file commit HEAD | sed "$1" >"$HOME/forged"
  git reset -q --soft "$(git hash-object -t commit -w --literally "$HOME/forged")"
}
# `merge NAME BRANCH OPTIONS...`
merge() {
  name=$1
  shift
  git $(signed "$name") merge -q --no-ff -m merge "$@"
}
key() { cut -d' ' -f1,2 "$KEYS/$1.pub"; }
block() { sed 's/^\(.\)/          \1/' "$KEYS/$1.asc"; }
# `confirms NAME [COMMIT]`: NAME agrees to the change of policy that COMMIT, or else HEAD, made.
confirms() {
  git $(signed "$1") commit -q --allow-empty -m "$(printf 'yes\n\nPoolshift-Confirm: %s' "$(git rev-parse "${2:-HEAD}")")"
}
# The policy: who may sign. EXTRA lines are signers more.
policy() {
  cat <<END
apiVersion: poolshift/v1
kind: Policy
metadata: {name: policy}
spec:
  commits:
    signatures: ${signatures:-required}
    policySigners: ${confirm:-1}
    signers:
      - {name: alice, ssh: $(key alice)}
      - {name: bob, ssh: $(key bob), paths: ["sites/**", "*.md"]}
      - {name: old, ssh: $(key old), until: 2020-01-01}
      - {name: gone, ssh: $(key gone), revoked: true}
      - name: carol
        openpgp: |
$(block carol)
      - name: lapsed
        openpgp: |
$(block lapsed)
      - name: taken
        openpgp: |
$(block taken)
${EXTRA:-}
END
}
