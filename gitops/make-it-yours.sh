#!/usr/bin/env bash
# Replaces the repository's placeholders: repository, domain, mail address and mail host. Run once, then commit.
# A test rejects a placeholder that this script does not know.
#   REPOSITORY=you/yours DOMAIN=bells.you.org MAIL_HOST=smtp.you.org MAIL_ADDRESS=operations@you.org gitops/make-it-yours.sh
# Environments' numbers (vaults, buckets, addresses) come from `terraform output environment` instead: docs/deployment.md.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${REPOSITORY:?owner/name}" "${DOMAIN:?the domain of the product}" "${MAIL_HOST:?the relay that takes mail for alerts}" "${MAIL_ADDRESS:?who is mailed}"

# Every placeholder address becomes the operators'.
grep --recursive --files-with-matches --extended-regexp 'carillon-app/carillon|carillon\.example|example\.com' \
  argocd gitops/platform gitops/envs gitops/clusters observability/alertmanager observability/alerts .github |
  while IFS= read -r file; do
    sed --in-place \
      -e "s#carillon-app/carillon#$REPOSITORY#g" \
      -e "s#\(oncall\|operations\)@carillon\.example#$MAIL_ADDRESS#g" \
      -e "s#\(carillon\|alerts\)@example\.com#$MAIL_ADDRESS#g" \
      -e "s#smtp\.example\.com#$MAIL_HOST#g" \
      -e "s#carillon\.example#$DOMAIN#g" "$file"
  done
echo "Now: bun run gen, and look at git diff."
