#!/usr/bin/env bash
# Builds Prometheus 3 into LAB_DIR/bin from its Go module: what the alerts are tried on. Debian's is a release that stores `le` otherwise.
# Discovery of clouds is left out, which the tests do not use. Needs Go 1.24 or newer.
set -euo pipefail
lab=${LAB_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/carillon-kubernetes}
version=0.305.0 # 3.5.0 of the server
mkdir -p "$lab/bin"
if [ -x "$lab/bin/prometheus" ]; then exit; fi
export GOTOOLCHAIN=local GOFLAGS=-mod=mod CGO_ENABLED=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
go mod download "github.com/prometheus/prometheus@v$version"
module=$(go env GOMODCACHE)/github.com/prometheus/prometheus@v$version
# Its replace and exclude directives are refused by `go install`: a module of ours takes over its go.mod.
sed 's#^module .*#module lab#' "$module/go.mod" >go.mod
cp "$module/go.sum" go.sum
chmod u+w go.mod go.sum
go mod edit -require="github.com/prometheus/prometheus@v$version"
sed '/prometheus\/prometheus\/plugins"/d' "$module/cmd/prometheus/main.go" >main.go
go build -trimpath -ldflags "-s -w -X github.com/prometheus/common/version.Version=3.5.0" -o "$lab/bin/prometheus" .
