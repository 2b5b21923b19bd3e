#!/usr/bin/env bash
# Checks the protos with buf and the rules in proto/buf.yaml:  protos.sh ROOT
# Exit code 77 (skipped) without buf; `npm ci` in tests/lint brings it.
set -euo pipefail
cd "$1"
for buf in tests/lint/node_modules/@bufbuild/buf-linux-*/bin/buf "$(command -v buf || true)"; do
  if [[ -x $buf ]]; then
    "$buf" build proto
    exec "$buf" lint proto
  fi
done
echo 'buf is not installed: npm ci in tests/lint'
exit 77
