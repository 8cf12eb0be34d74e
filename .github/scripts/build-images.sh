#!/usr/bin/env bash
# Builds every service's image for both processors and pushes it; prints `carillon/<service>=sha256:…`, a line each.
#   build-images.sh <registry prefix, ghcr.io/owner/repository> <commit>
set -euo pipefail
cd "$(dirname "$0")/../.."
registry=${1:?registry} revision=${2:?commit}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The base images by digest: each tag is resolved once, so that all services build on the same bytes.
pinned() {
  local image
  image=$(sed -n "s/^ARG $1=//p" services/Dockerfile)
  printf '%s@%s' "$image" "$(docker buildx imagetools inspect --format '{{json .Manifest.Digest}}' "$image" | tr -d '"')"
}
builder=$(pinned BUILDER)
bun=$(pinned BUN)

for service in api audit notification ops realtime recurring web; do
  docker buildx build --file services/Dockerfile --platform linux/amd64,linux/arm64 --push --quiet \
    --build-arg "SERVICE=$service" --build-arg "BUILDER=$builder" --build-arg "BUN=$bun" \
    --build-arg "VERSION=$(git describe --tags --always)" --build-arg "REVISION=$revision" \
    --label "org.opencontainers.image.source=https://github.com/${GITHUB_REPOSITORY:-carillon-app/carillon}" \
    --provenance mode=max --sbom true --metadata-file "$work/$service.json" --tag "$registry/$service:$revision" . >&2
  digest=$(sed -n 's/.*"containerimage.digest": *"\(sha256:[0-9a-f]*\)".*/\1/p' "$work/$service.json")
  printf 'carillon/%s=%s\n' "$service" "${digest:?no digest of $service}"
done
