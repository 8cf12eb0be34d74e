#!/usr/bin/env bash
# Makes the three secrets of the platform that no vault holds, once, and leaves those that have something in them: Argo CD's own manifest
# brings an empty argocd-notifications-secret, which is filled.
#   SLACK_URL=… PAGERDUTY_KEY=… SMTP_PASSWORD=… SLACK_TOKEN=… EMAIL_HOST=… EMAIL_USERNAME=… EMAIL_FROM=… argocd/platform-secrets.sh
# What is not given stays empty: nothing then goes that way. KUBECTL names another kubectl.
set -euo pipefail
kubectl() { command "${KUBECTL:-kubectl}" "$@"; }

# Values go through standard input, never through arguments, which any user of the machine can read.
make() {
  local namespace=$1 name=$2 entry value
  shift 2
  if [ -n "$(kubectl --namespace "$namespace" get secret "$name" --ignore-not-found --output 'jsonpath={.data}' 2>/dev/null)" ]; then
    echo "secret/$name is there already"
    return
  fi
  kubectl create namespace "$namespace" --dry-run=client --output yaml | kubectl apply --server-side -f - >/dev/null
  {
    printf 'apiVersion: v1\nkind: Secret\nmetadata: { name: %s, labels: { app.kubernetes.io/part-of: carillon } }\nstringData:\n' "$name"
    # JSON strings are YAML strings, whatever they contain.
    for entry in "$@"; do
      value=${entry#*=}
      value=${value//\\/\\\\}
      printf '  %s: "%s"\n' "${entry%%=*}" "${value//\"/\\\"}"
    done
  } | kubectl --namespace "$namespace" apply --server-side -f -
}

make monitoring carillon-alerting slack-url="${SLACK_URL:-}" pagerduty-key="${PAGERDUTY_KEY:-}" smtp-password="${SMTP_PASSWORD:-}"
make monitoring grafana-admin username=admin password="$(openssl rand -hex 16)"
make argocd argocd-notifications-secret slack-token="${SLACK_TOKEN:-}" email-host="${EMAIL_HOST:-}" email-from="${EMAIL_FROM:-}" \
  email-username="${EMAIL_USERNAME:-}" email-password="${SMTP_PASSWORD:-}"
