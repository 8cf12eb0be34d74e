#!/usr/bin/env bash
# Prints a chart's version, or its values as JSON, for helm: both are read from Argo CD's Application.
#   chart.sh <platform> <application> version|values      KUBECTL names another kubectl
set -euo pipefail
cd "$(dirname "$0")/../.."
platform=${1:?platform} application=${2:?application}
case ${3:?version or values} in
  version) path=targetRevision ;;
  values) path=helm.valuesObject ;;
  *) sed -n 2,3p "$0" >&2; exit 2 ;;
esac
kubectl=${KUBECTL:-kubectl}
# Read locally: no cluster and no Application CRD is needed.
"$kubectl" kustomize "gitops/platform/$platform" |
  awk -v RS='---\n' -v name="$application" '$0 ~ "\n  name: " name "\n"' |
  "$kubectl" annotate --local --filename - --overwrite read-by=chart.sh --output "jsonpath={.spec.source.$path}"
