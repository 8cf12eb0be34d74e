#!/usr/bin/env bash
# Takes a release back: reverts the commit that pinned it, pushes, prints the new commit. Refuses any commit that changed more than pins, and
# the first release of an environment: what was there before is nothing, and a gateway, its certificate and DNS may still be on their way.
#   revert-pin.sh <commit>
set -euo pipefail
cd "$(dirname "$0")/../.."
commit=$(git rev-parse --verify "${1:?commit}^{commit}")

for _ in 1 2 3 4 5; do
  git fetch --quiet origin main
  git reset --quiet --hard FETCH_HEAD
  changed=$(git diff --name-only "$commit^" "$commit")
  if [ -z "$changed" ] || grep -qv '^gitops/envs/[a-z-]*/release/kustomization.yaml$' <<<"$changed"; then
    echo "$commit is not a release: it changed ${changed:-nothing}" >&2
    exit 1
  fi
  before=$(while IFS= read -r file; do git show "$commit^:$file"; done <<<"$changed")
  if grep -q "sha256:0\{64\}" <<<"$before"; then
    echo "$commit is the first release: there is nothing to go back to, and it stays. Mend it, or wait and run the checks again" >&2
    exit 1
  fi
  git revert --no-edit "$commit" >/dev/null
  if git push --quiet origin HEAD:main; then
    git rev-parse HEAD
    exit
  fi
done
echo "main moved five times in a row" >&2
exit 1
