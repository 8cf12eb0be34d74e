#!/usr/bin/env bash
# Promotes what staging runs to a production environment, if it is what the tag names; pushes the commit and prints it.
#   promote-tag.sh <from> <to> <commit of the tag>
set -euo pipefail
cd "$(dirname "$0")/../.."
from=${1:?from} to=${2:?to} tagged=$(git rev-parse --verify "${3:?commit}^{commit}")
bun=$(.github/scripts/find-bun.sh)

for _ in 1 2 3 4 5; do
  git fetch --quiet origin main
  git reset --quiet --hard FETCH_HEAD
  # The bytes that were tested are the bytes that are released: a tag on anything else is a mistake, and building again would be another.
  built=$(git log -1 --format=%B -- "gitops/envs/$from/release/kustomization.yaml" | sed -n 's/^Built-from: //p')
  if [ "$built" != "$tagged" ]; then
    echo "$from runs ${built:-nothing that was built here}, the tag names $tagged: wait for staging, or tag what it runs" >&2
    exit 1
  fi
  before=$(git rev-parse HEAD)
  "$bun" gitops/promote.ts "$from" "$to" --commit >&2
  after=$(git rev-parse HEAD)
  # Nothing changed: it runs there already.
  [ "$before" = "$after" ] || git push --quiet origin HEAD:main || continue
  echo "$after"
  exit
done
echo "main moved five times in a row" >&2
exit 1
