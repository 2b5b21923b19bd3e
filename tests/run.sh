#!/usr/bin/env bash
# Sets up, builds and runs all tests.
#
#   tests/run.sh [ctest options]
#
#   tests/run.sh                 everything
#   tests/run.sh -R novelty      tests whose name matches
#   tests/run.sh -L lint         tests with that label
#   tests/run.sh -N              only list them
#
# Installs the Debian and npm packages that are missing, builds the preset dev,
# and ends with ctest's summary. The exit code is ctest's.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
STEP_LOG=$root/build/log/tests.log
# shellcheck source=deploy/steps.sh
source "$root/deploy/steps.sh"

case ${1-} in
  -h | --help)
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
    echo "ctest's own options: ctest --help"
    exit 0
    ;;
esac

cd "$root"
mkdir -p "$(dirname "$STEP_LOG")"
: >"$STEP_LOG"

# npm_ci FOLDER: what its lock file names, unless it is there already.
npm_ci() {
  [[ -f $1/package-lock.json ]] || return 0
  if cmp -s "$1/package-lock.json" "$1/node_modules/.installed-lock.json"; then return 0; fi
  run_step "npm packages of $1" npm ci --prefix "$1" --ignore-scripts --no-audit --no-fund
  cp "$1/package-lock.json" "$1/node_modules/.installed-lock.json"
}

STEP_LOG=$STEP_LOG deploy/install-packages.sh build test
npm_ci tests/lint
npm_ci tests/integration/node
jobs=$(build_jobs)
run_step 'Configuring the build' cmake --preset dev
NINJA_STATUS='[%f/%t] ' run_step 'Building everything' cmake --build --preset dev -j "$jobs"

echo "  Running the tests"
exec ctest --preset dev --progress -j "$jobs" --timeout 600 "$@"
