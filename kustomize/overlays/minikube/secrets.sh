#!/usr/bin/env bash
# Makes this cluster's secrets once and leaves those that are there: another password would lock all services out of the database.
#   secrets.sh [namespace]      KUBECTL names another kubectl
set -euo pipefail
namespace=${1:-carillon}
kubectl() { command "${KUBECTL:-kubectl}" --namespace "$namespace" "$@"; }
random() { openssl rand -hex 24; }

# Values go through standard input, never through arguments, which any user of the machine can read.
make() {
  local name=$1 entry
  shift
  if kubectl get secret "$name" >/dev/null 2>&1; then
    echo "secret/$name is there already"
    return
  fi
  {
    printf 'apiVersion: v1\nkind: Secret\nmetadata: { name: %s, labels: { app.kubernetes.io/part-of: carillon } }\nstringData:\n' "$name"
    for entry in "$@"; do printf '  %s: "%s"\n' "${entry%%=*}" "${entry#*=}"; done
  } | kubectl create -f -
}

url() { printf 'postgres://%s:%s@postgres:5432/carillon' "$1" "$(random)"; }

admin=$(random)
make carillon-tokens app-api-token="$(random)" dapr-api-token="$(random)" jwt-secret="$(random)" \
  audit-key="$(random)"
make carillon-database-admin password="$admin" uri="postgres://postgres:$admin@postgres:5432/carillon"
make carillon-database-owner uri="$(url carillon_owner)"
make carillon-database api-url="$(url carillon_api)" audit-url="$(url carillon_audit)" \
  notification-url="$(url carillon_notification)" state-url="$(url carillon_state)" ops-url="$(url carillon_ops)"
