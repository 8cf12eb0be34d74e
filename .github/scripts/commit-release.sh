#!/usr/bin/env bash
# Pins the digests of a build in an environment and pushes the commit; prints it. The file has one writer, but main has many: a push that
# came too late is made again on what is there now.
#   commit-release.sh <environment> <commit that was built> < digests, `carillon/<service>=sha256:…`
set -euo pipefail
cd "$(dirname "$0")/../.."
environment=${1:?environment} built=${2:?commit}
bun=$(.github/scripts/find-bun.sh)
mapfile -t digests
release="gitops/envs/$environment/release/kustomization.yaml"

for _ in 1 2 3 4 5; do
  git fetch --quiet origin main
  git reset --quiet --hard FETCH_HEAD
  # Two builds may end in the wrong order: an older one does not replace what a newer one pinned.
  running=$(git log -1 --format=%B -- "$release" | sed -n 's/^Built-from: //p')
  if [ -n "$running" ] && git merge-base --is-ancestor "$built" "$running" 2>/dev/null; then
    echo "$environment already runs $running, which has $built in it" >&2
    git log -1 --format=%H -- "$release"
    exit
  fi
  "$bun" gitops/pin.ts "$environment" "${digests[@]}" >&2
  if git diff --quiet -- "$release"; then
    git rev-parse HEAD
    exit
  fi
  git commit --quiet -m "Release to $environment" -m "Built-from: $built" -- "$release"
  if git push --quiet origin HEAD:main; then
    git rev-parse HEAD
    exit
  fi
done
echo "main moved five times in a row" >&2
exit 1
