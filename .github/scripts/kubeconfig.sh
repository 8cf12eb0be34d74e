#!/usr/bin/env bash
# Signs in to the cluster of an environment with this job's own identity (OIDC): no key of a cloud is stored anywhere. Prints the path of
# a kubeconfig. The identity may read the product's Application and start its sync, nothing else (argocd/install/release-role.yaml).
#   kubeconfig.sh <environment>       needs `id-token: write` and the environment's variables, see docs/ci-cd.md
set -euo pipefail
cd "$(dirname "$0")/../.."
environment=${1:?environment}
platform=$(sed -n 's/^platform: //p' "gitops/envs/$environment/env.yaml")
export KUBECONFIG="${RUNNER_TEMP:?}/kubeconfig-$environment"

identity() { # this job's token, for one audience
  curl --silent --show-error --fail --header "Authorization: Bearer ${ACTIONS_ID_TOKEN_REQUEST_TOKEN:?}" \
    "${ACTIONS_ID_TOKEN_REQUEST_URL:?}&audience=$1" | sed -n 's/.*"value": *"\([^"]*\)".*/\1/p'
}

# A token of an hour, which outlives the job, instead of each cloud's plugin for kubectl, which the runner has not.
by_token() {
  chmod 600 "$RUNNER_TEMP/token"
  kubectl config set users.release.tokenFile "$RUNNER_TEMP/token" >&2
  kubectl config set-context --current --user release >&2
}

aks() {
  az login --service-principal --username "${AZURE_CLIENT_ID:?}" --tenant "${AZURE_TENANT_ID:?}" \
    --federated-token "$(identity api://AzureADTokenExchange)" --output none
  az aks get-credentials --resource-group "${AKS_RESOURCE_GROUP:?}" --name "${AKS_CLUSTER:?}" --subscription "${AZURE_SUBSCRIPTION_ID:?}" \
    --file "$KUBECONFIG" --only-show-errors --output none
  # Entra's id for AKS, the same in every tenant.
  az account get-access-token --resource 6dae42f8-4368-4678-94ff-3960e28e3630 --query accessToken --output tsv >"$RUNNER_TEMP/token"
  by_token
}

gke() {
  local token="$RUNNER_TEMP/gke-token" credentials="$RUNNER_TEMP/gke-credentials.json"
  identity "https://iam.googleapis.com/${GCP_WORKLOAD_IDENTITY_PROVIDER:?}" >"$token"
  gcloud iam workload-identity-pools create-cred-config "$GCP_WORKLOAD_IDENTITY_PROVIDER" \
    --service-account "${GCP_SERVICE_ACCOUNT:?}" --credential-source-file "$token" --output-file "$credentials" --quiet >&2
  gcloud auth login --cred-file "$credentials" --quiet >&2
  gcloud container clusters get-credentials "${GKE_CLUSTER:?}" --location "${GKE_LOCATION:?}" --project "${GCP_PROJECT:?}" >&2
  gcloud auth print-access-token >"$RUNNER_TEMP/token"
  by_token
}

oke() { # a short-lived session of its own key pair, in exchange for the job's token
  local home="$RUNNER_TEMP/oci" key
  mkdir -p "$home"
  openssl genrsa -out "$home/key.pem" 2048 2>/dev/null
  key=$(openssl rsa -in "$home/key.pem" -pubout -outform DER 2>/dev/null | base64 --wrap 0)
  # The pair of the trust's own application; through a file, never through arguments.
  printf 'user = "%s"\n' "${OCI_TRUST_CLIENT:?}" >"$home/curl"
  curl --silent --show-error --fail --config "$home/curl" "${OCI_DOMAIN_URL:?}/oauth2/v1/token" \
    --data-urlencode grant_type=urn:ietf:params:oauth:grant-type:token-exchange \
    --data-urlencode requested_token_type=urn:oci:token-type:oci-upst --data-urlencode subject_token_type=jwt \
    --data-urlencode "subject_token=$(identity "$OCI_DOMAIN_URL")" --data-urlencode "public_key=$key" |
    sed -n 's/.*"token": *"\([^"]*\)".*/\1/p' >"$home/token"
  printf '[DEFAULT]\nregion=%s\ntenancy=%s\nkey_file=%s\nsecurity_token_file=%s\n' \
    "${OCI_REGION:?}" "${OCI_TENANCY:?}" "$home/key.pem" "$home/token" >"$home/config"
  chmod 600 "$home"/*
  export OCI_CLI_CONFIG_FILE="$home/config" OCI_CLI_AUTH=security_token
  pip install --quiet --user oci-cli==3.71.0 >&2
  oci ce cluster create-kubeconfig --cluster-id "${OKE_CLUSTER:?}" --file "$KUBECONFIG" --kube-endpoint PUBLIC_ENDPOINT >&2
  # kubectl asks this cloud's tool for a token each time: it must find the session, too.
  { echo "OCI_CLI_CONFIG_FILE=$home/config"; echo "OCI_CLI_AUTH=security_token"; } >>"${GITHUB_ENV:?}"
}

"$platform" >&2
chmod 600 "$KUBECONFIG"
echo "$KUBECONFIG"
