#!/usr/bin/env bash
# Builds kube-apiserver, kubectl and etcd with Go, for the conformance tests: scripts/api-server.sh [FOLDER]
# Takes some ten minutes the first time and nothing when they are there. Prints what to set.
set -euo pipefail

KUBERNETES=1.34.4
ETCD=3.6.5
folder=${1:-${KUBEBUILDER_ASSETS:-$HOME/.cache/cdk8s-mcp/bin}}
export GOFLAGS=-mod=mod

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build_kubernetes() {
  mkdir -p "$work/kubernetes" && cd "$work/kubernetes"
  # Kubernetes keeps its own modules in its repository and refers to them there; outside of it they have releases.
  local own
  own=$(go mod download -json "k8s.io/kubernetes@v$KUBERNETES" | sed -n 's/^\s*"GoMod": "\(.*\)",\?$/\1/p')
  {
    printf 'module throwaway\n\ngo 1.24.0\n\nrequire k8s.io/kubernetes v%s\n\n' "$KUBERNETES"
    sed -n "s#^\s*\(replace \)\?\(k8s.io/[a-z-]*\) => ./staging/.*#replace \2 => \2 v0.${KUBERNETES#1.}#p" "$own"
  } > go.mod
  for program in kube-apiserver kubectl; do
    go build -trimpath -ldflags "-s -w -X k8s.io/component-base/version.gitVersion=v$KUBERNETES" -o "$folder/$program" "k8s.io/kubernetes/cmd/$program"
  done
}

build_etcd() {
  mkdir -p "$work/etcd" && cd "$work/etcd"
  printf 'module throwaway\n\ngo 1.24\n\ntool go.etcd.io/etcd/server/v3\n\nrequire go.etcd.io/etcd/server/v3 v%s\n' "$ETCD" > go.mod
  go build -trimpath -ldflags '-s -w' -o "$folder/etcd" go.etcd.io/etcd/server/v3
}

if [ ! -x "$folder/kube-apiserver" ] || [ ! -x "$folder/kubectl" ]; then
  build_kubernetes
fi
if [ ! -x "$folder/etcd" ]; then
  build_etcd
fi
echo "export KUBEBUILDER_ASSETS=$folder"
