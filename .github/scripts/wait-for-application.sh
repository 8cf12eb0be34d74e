#!/usr/bin/env bash
# Waits until an environment runs a commit, or a later one that has it in it: synced, healthy, its smoke test passed. Fails as soon as that sync has failed, and after
# WAIT_SECONDS (900) in any case, saying what it last saw.
#   wait-for-application.sh <environment> <commit>
set -euo pipefail
environment=${1:?environment} commit=${2:?commit}
field() { kubectl --namespace argocd get "application/carillon-$environment" --output "jsonpath={$1}"; }
# main goes on meanwhile, and Argo CD follows it.
holds() { [ "$1" = "$commit" ] || { git fetch --quiet origin main && git merge-base --is-ancestor "$commit" "$1"; } 2>/dev/null; }
end=$((SECONDS + ${WAIT_SECONDS:-900}))
seen=nothing

while [ $SECONDS -lt $end ]; do
  # One answer, so that its parts belong together; a call that fails is asked again.
  if line=$(field '.status.operationState.syncResult.revision}|{.status.operationState.phase}|{.status.sync.status}|{.status.health.status'); then
    IFS='|' read -r revision phase sync health <<<"$line"
    [ "$line" = "$seen" ] || echo "${revision:0:12} ${phase:-no sync yet} ${sync:-unknown} ${health:-unknown}"
    seen=$line
    if [ -n "$revision" ] && holds "$revision"; then
      case "$phase/$sync/$health" in
        Succeeded/Synced/Healthy) exit 0 ;;
        Failed/* | Error/*)
          field .status.operationState.message >&2
          exit 1
          ;;
      esac
    fi
  fi
  sleep "${POLL_SECONDS:-5}"
done
echo "carillon-$environment did not become well in time: $seen" >&2
exit 1
