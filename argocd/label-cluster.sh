#!/usr/bin/env bash
# Tells the Argo CD of this cluster which environment it is: the product's ApplicationSet looks for that label, the platform's for the other.
#   label-cluster.sh <environment>      KUBECTL names another kubectl
set -euo pipefail
cd "$(dirname "$0")/.."
file="gitops/envs/${1:?Usage: argocd/label-cluster.sh <environment>}/env.yaml"
[ -f "$file" ] || { echo "There is no environment $1; there are: $(cd gitops/envs && echo *)" >&2; exit 1; }
value() { sed -n "s/^$1: //p" "$file"; }

command "${KUBECTL:-kubectl}" apply --server-side -f - <<YAML
apiVersion: v1
kind: Secret
metadata:
  name: this-cluster
  namespace: argocd
  labels:
    argocd.argoproj.io/secret-type: cluster
    carillon.dev/environment: $(value cluster)
    carillon.dev/platform: $(value platform)
stringData:
  name: in-cluster
  server: https://kubernetes.default.svc
  config: '{"tlsClientConfig":{"insecure":false}}'
YAML
