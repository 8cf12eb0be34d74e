#!/usr/bin/env bash
# Asks Argo CD to make an environment what its branch says now, as a person's click would. No revision is named: the Role `release` may not.
#   sync-application.sh <environment>
set -euo pipefail
environment=${1:?environment}
application="application/carillon-$environment"
options=$(kubectl --namespace argocd get "$application" --output 'jsonpath={.spec.syncPolicy.syncOptions}')
operation='{"operation":{"initiatedBy":{"username":"release"},"sync":{"prune":true,"syncOptions":'$options',"syncStrategy":{"hook":{}}}}}'
kubectl --namespace argocd patch "$application" --type merge --patch "$operation"
