#!/usr/bin/env bash
# Takes back what up.sh made: the product with its data, or with --cluster everything.
#   down.sh [--cluster]      PROFILE (carillon) may be set
set -euo pipefail
profile=${PROFILE:-carillon}
export KUBECONFIG="${XDG_CACHE_HOME:-$HOME/.cache}/$profile-minikube.kubeconfig"
case ${1:-} in
  --cluster) minikube delete --profile "$profile" && rm -f "$KUBECONFIG" ;;
  "") kubectl delete namespace carillon --ignore-not-found --timeout 5m ;;
  *) sed -n 2,3p "$0"; exit 2 ;;
esac
