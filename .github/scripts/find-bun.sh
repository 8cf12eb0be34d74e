#!/usr/bin/env bash
# Prints the path of the Bun this repository pins, and fetches it from the package registry first if need be (as `npm start` does).
set -euo pipefail
cd "$(dirname "$0")/../.."
version=$(sed -n 's/^const bunVersion = "\(.*\)";$/\1/p' services/dev/bootstrap.mjs)
if [ "$(bun --version 2>/dev/null)" = "$version" ]; then
  command -v bun
  exit
fi
tools=${RUNNER_TEMP:-.tools}/bun-$version
[ -x "$tools/bin/bun" ] || npm install --global --silent --prefix "$tools" "bun@$version" >&2
echo "$tools/bin/bun"
