#!/usr/bin/env bash
# From nothing to a running product on this machine: a cluster, Dapr, the gateway, images built here, secrets made here. Whatever is there
# already stays, so it may be run again after a change. Ends with the address to open. Needs about 15 minutes the first time.
#   up.sh      PROFILE (carillon), CPUS (4), MEMORY (8g) and DRIVER (docker) may be set
set -euo pipefail
cd "$(dirname "$0")/../../.."
profile=${PROFILE:-carillon}
# A configuration of its own: with other clusters on this machine, their selection must not change.
export KUBECONFIG="${XDG_CACHE_HOME:-$HOME/.cache}/$profile-minikube.kubeconfig"
mkdir -p "$(dirname "$KUBECONFIG")"
step() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }

missing=()
for tool in minikube kubectl helm docker openssl; do command -v "$tool" >/dev/null || missing+=("$tool"); done
[ ${#missing[@]} -eq 0 ] || { echo "Not installed: ${missing[*]}. docs/deployment.md says where to get them." >&2; exit 1; }

# Versions and values are those of the clouds: one place says them.
version() { gitops/clusters/chart.sh minikube "$1" version; }
values() { gitops/clusters/chart.sh minikube "$1" values; }

step "cluster"
# The gateway's port of the machine (30080) is port 8080 here. Calico, because network policies without enforcement prove nothing.
minikube status --profile "$profile" >/dev/null 2>&1 ||
  minikube start --profile "$profile" --cpus "${CPUS:-4}" --memory "${MEMORY:-8g}" --driver "${DRIVER:-docker}" --ports 8080:30080 \
    --addons metrics-server --cni calico
minikube update-context --profile "$profile" >/dev/null

step "gateway $(version gateway-crds)"
values gateway-crds | helm template gateway-crds oci://registry-1.docker.io/envoyproxy/gateway-crds-helm \
  --version "$(version gateway-crds)" --values - | kubectl apply --server-side --force-conflicts -f - >/dev/null
values envoy-gateway | helm upgrade --install envoy-gateway oci://registry-1.docker.io/envoyproxy/gateway-helm \
  --version "$(version envoy-gateway)" --values - --namespace envoy-gateway-system --create-namespace --skip-crds --wait --timeout 5m >/dev/null
kubectl apply --server-side -f gitops/platform/gateway/gateway-class.yaml -f gitops/platform/gateway/envoy-proxy.yaml >/dev/null

step "Dapr $(version dapr)"
values dapr | helm upgrade --install dapr dapr --repo https://dapr.github.io/helm-charts/ --version "$(version dapr)" --values - \
  --namespace dapr-system --create-namespace --wait --timeout 10m >/dev/null

step "images"
for service in api audit notification ops realtime recurring web; do
  docker build --quiet --file services/Dockerfile --build-arg "SERVICE=$service" --tag "carillon/$service:local" .
done
minikube image load --profile "$profile" carillon/{api,audit,notification,ops,realtime,recurring,web}:local

step "secrets"
kubectl create namespace carillon --dry-run=client --output yaml | kubectl apply --server-side -f - >/dev/null
kubectl label namespace carillon pod-security.kubernetes.io/enforce=restricted --overwrite >/dev/null
kustomize/overlays/minikube/secrets.sh carillon

step "product"
# Jobs are created again, as Argo CD does before each sync.
kubectl --namespace carillon delete job --all --ignore-not-found >/dev/null
kubectl apply --server-side --force-conflicts -k gitops/envs/minikube >/dev/null
for name in postgres redpanda; do kubectl --namespace carillon rollout status "statefulset/$name" --timeout 10m; done
kubectl --namespace carillon wait job --all --for condition=Complete --timeout 10m
kubectl --namespace carillon wait deployment --all --for condition=Available --timeout 10m

step "ready: http://localhost:8080"
curl --silent --fail --max-time 10 http://localhost:8080/health >/dev/null ||
  echo "It does not answer there (another driver than docker?): try http://$(minikube ip --profile "$profile"):30080"
echo "kubectl: export KUBECONFIG=$KUBECONFIG"
