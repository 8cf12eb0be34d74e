#!/usr/bin/env bash
# What a laptop runs, on a clean machine: `npm test` fetches the pinned Bun by itself; the rest uses that one.
set -euo pipefail
cd "$(dirname "$0")/../.."
npm test
bun=$(.github/scripts/find-bun.sh)
"$bun" run check
