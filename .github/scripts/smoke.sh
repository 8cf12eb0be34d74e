#!/usr/bin/env bash
# Goes a person's way through an environment from outside, through its gateway and its certificate.
#   smoke.sh <environment>
set -euo pipefail
cd "$(dirname "$0")/../.."
SMOKE_URL=$(sed -n 's/^publicUrl: //p' "gitops/envs/${1:?environment}/env.yaml")
export SMOKE_URL
bun=$(.github/scripts/find-bun.sh)
"$bun" install --frozen-lockfile --silent
"$bun" services/ops/src/main.ts smoke
