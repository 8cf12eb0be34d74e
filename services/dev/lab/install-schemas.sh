#!/usr/bin/env bash
# Puts kustomize, kubeconform and the JSON schemas of every kind our manifests use into LAB_DIR: kinds of Kubernetes from a PyPI
# package, kinds of others out of their Go modules. Needs Go, Python 3 with pip, and Node.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
lab=${LAB_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/carillon-kubernetes}
kubernetes=1.36 kubernetes_schemas=1.37.0
mkdir -p "$lab/bin"
export GOBIN=$lab/bin GOTOOLCHAIN=local CGO_ENABLED=0 GOFLAGS=-mod=mod
cd "$lab"

[ -x bin/kustomize ] || go install -ldflags='-s -w' sigs.k8s.io/kustomize/kustomize/v5@v5.8.1
[ -x bin/kubeconform ] || go install -ldflags='-s -w' github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0
if [ -d schemas/crds ] && [ -d schemas/kubernetes ]; then
  # What is written down here may have changed since.
  cp -r "$here/schemas/." schemas/crds
  exit
fi

definitions=$(mktemp -d)
take() { # module version files…
  local folder
  folder=$(go mod download -json "$1@$2" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
  shift 2
  for pattern in "$@"; do
    # A pattern: several files, or a path with a star.
    # shellcheck disable=SC2086
    for file in $folder/$pattern; do install -m 644 "$file" "$definitions/$(basename "$folder")-$(basename "$file")"; done
  done
}
take github.com/argoproj/argo-cd/v3 v3.5.7 'manifests/crds/*-crd.yaml'
take github.com/cert-manager/cert-manager v1.21.2 'deploy/crds/*.yaml'
take github.com/prometheus-operator/prometheus-operator v0.85.0 'example/prometheus-operator-crd/*.yaml'
take github.com/dapr/dapr v1.17.0 'charts/dapr/crds/*.yaml'
take sigs.k8s.io/gateway-api v1.6.3 'config/crd/standard/gateway.networking.k8s.io_*s.yaml'
take github.com/envoyproxy/gateway v1.9.1 'charts/gateway-crds-helm/templates/generated/gateway.envoyproxy.io_*.yaml'
take github.com/external-secrets/external-secrets v1.3.2 'config/crds/bases/external-secrets.io_*.yaml'
take github.com/kedacore/keda/v2 v2.21.0 'config/crd/bases/keda.sh_*.yaml'
take github.com/cloudnative-pg/plugin-barman-cloud v0.15.0 'config/crd/bases/barmancloud.cnpg.io_*.yaml'

rm -rf schemas schemas.part
mkdir -p schemas.part
npm --prefix "$here/../../.." run --silent bun -- services/dev/lab/crd-schemas.ts "$definitions" "$lab/schemas.part/crds"
# CloudNativePG publishes no module: the fields our two kinds use are written down here.
cp -r "$here/schemas/." schemas.part/crds

package=$(mktemp -d)
python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$package" "kubernetes-validate==$kubernetes_schemas"
python3 -m zipfile -e "$package"/*.whl "$package/unpacked"
cp -r "$package/unpacked/kubernetes_validate/kubernetes-json-schema/v$kubernetes.0-local-strict" schemas.part/kubernetes
# Their "$id" and absolute references would send kubeconform to a web site for the definitions beside them.
# shellcheck disable=SC2016
sed -i -e 's#"/api/_definitions.json#"_definitions.json#' -e 's#"$id": "https:#"$comment": "https:#' schemas.part/kubernetes/*.json
mv schemas.part schemas
rm -rf "$definitions" "$package"
