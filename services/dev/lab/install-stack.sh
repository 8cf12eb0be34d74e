#!/usr/bin/env bash
# Builds the real Dapr, Kafka and Zipkin into STACK_DIR, from Go modules and Maven packages alone: no container, no download page.
# Needs Go 1.24 or newer, Java 17 and Maven. What is there already is kept; FORCE=1 builds Dapr again.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
stack=${STACK_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/carillon-stack}
dapr=1.16.0 kafka=4.1.1 zipkin=3.5.1
mkdir -p "$stack/bin"
export GOTOOLCHAIN=local GOFLAGS=-mod=mod CGO_ENABLED=0

# Dapr's module has replace directives, which `go install` refuses: a module of ours takes over its go.mod. daprd's main program imports
# every component there is; here that import gives way to components.go.
build_dapr() {
  local work module stamp=github.com/dapr/dapr/pkg/buildinfo
  work=$(mktemp -d)
  cd "$work"
  go mod download "github.com/dapr/dapr@v$dapr"
  module=$(go env GOMODCACHE)/github.com/dapr/dapr@v$dapr
  sed 's#^module .*#module lab#' "$module/go.mod" >go.mod
  cp "$module/go.sum" go.sum
  chmod u+w go.mod go.sum
  go mod edit -require="github.com/dapr/dapr@v$dapr" -tool=github.com/dapr/dapr/cmd/scheduler
  mkdir daprd
  sed -e 's/^package app$/package main/' -e '/cmd\/daprd\/components"/d' -e 's/^func Run()/func main()/' \
    "$module/cmd/daprd/app/app.go" >daprd/main.go
  cp "$here/components.go" daprd/
  local flags="-s -w -X $stamp.version=$dapr -X $stamp.gitversion=v$dapr"
  go build -trimpath -ldflags "$flags" -o "$stack/bin/daprd" ./daprd
  go build -trimpath -ldflags "$flags" -o "$stack/bin/scheduler" github.com/dapr/dapr/cmd/scheduler
  cd "$here"
  rm -rf "$work"
}

# Kept from an older checkout it may lack a component.
made_of="$dapr $(cksum <"$here/components.go")"
if [ ! -x "$stack/bin/daprd" ] || [ ! -x "$stack/bin/scheduler" ] || [ "${FORCE:-}" = 1 ] ||
  [ "$(cat "$stack/bin/made-of" 2>/dev/null)" != "$made_of" ]; then
  build_dapr
  echo "$made_of" >"$stack/bin/made-of"
fi
"$stack/bin/daprd" --version

if [ ! -d "$stack/kafka/libs" ]; then
  project=$(mktemp -d)
  cat >"$project/pom.xml" <<XML
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>lab</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$kafka</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>2.24.3</version></dependency>
  </dependencies>
</project>
XML
  mvn -q -B -f "$project/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$stack/kafka/libs.part"
  mv "$stack/kafka/libs.part" "$stack/kafka/libs"
  rm -rf "$project"
fi

jar=zipkin-server-$zipkin-exec.jar
if [ ! -f "$stack/zipkin/$jar" ]; then
  (cd "$stack" && mvn -q -B dependency:copy -Dartifact="io.zipkin:zipkin-server:$zipkin:jar:exec" -DoutputDirectory="$stack/zipkin")
fi
echo "Dapr $dapr, Kafka $kafka and Zipkin $zipkin are in $stack"
