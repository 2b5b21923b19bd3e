#!/usr/bin/env bash
# Checks our shell scripts with shellcheck:  scripts.sh ROOT
# Exit code 77 (skipped) where it is not installed.
set -euo pipefail
cd "$1"
command -v shellcheck >/dev/null || {
  echo 'shellcheck is not installed'
  exit 77
}
find deploy tests clients .ci/run -name node_modules -prune -o -type f \
  \( -name '*.sh' -o -name run \) -print0 |
  xargs -0 shellcheck --severity=warning --external-sources
