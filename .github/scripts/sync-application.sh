#!/usr/bin/env bash
# Asks Argo CD to make an environment what a commit says, as a person's click would.
#   sync-application.sh <environment> <commit>
set -euo pipefail
environment=${1:?environment} commit=${2:?commit}
application="application/carillon-$environment"
options=$(kubectl --namespace argocd get "$application" --output 'jsonpath={.spec.syncPolicy.syncOptions}')
operation='{"operation":{"initiatedBy":{"username":"release"},"sync":{"revision":"'$commit'","prune":true,"syncOptions":'$options',"syncStrategy":{"hook":{}}}}}'
kubectl --namespace argocd patch "$application" --type merge --patch "$operation"
