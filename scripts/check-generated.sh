#!/usr/bin/env bash
# Generates every generated file anew and fails when one differs from what is in the working tree:
# projen's files, crds/, src/imports/, src/backends/envoy/config/api.ts, src/backends/envoy/lua/programs.ts, API.md,
# docs/capabilities.md, docs/gateway-policy.md, docs/findings.md, THIRD-PARTY-NOTICES.txt, sbom.cdx.json. Compiles, and so also leaves lib/.
set -euo pipefail
cd "$(dirname "$0")/.."

state() {
  git status --porcelain --untracked-files=all
  git diff HEAD
  git ls-files --others --exclude-standard -z | xargs -0 --no-run-if-empty sha256sum
}

before=$(state)
npx projen
npm run crds
npm run envoy-api
npm run lua
npm run notices
npm run docs
after=$(state)

if [ "$before" != "$after" ]; then
  echo 'Generated files are out of date. Commit what these made: npx projen; npm run crds; npm run envoy-api; npm run lua; npm run notices; npm run docs' >&2
  diff <(echo "$before") <(echo "$after") | head -100 >&2 || true
  exit 1
fi
echo 'Generated files are up to date.'
