#!/usr/bin/env bash
# Feeds the parsers of outside bytes, and the running daemon, what nobody would
# send in good faith, under the address and undefined-behaviour sanitizers.
#
#   tests/fuzz/run.sh [--seconds N] [--seed N] [NAME...]
#
#   tests/fuzz/run.sh                          all, a minute each
#   tests/fuzz/run.sh --seconds 600 filter     ten minutes of the filter parser
#   tests/fuzz/run.sh --list                   their names
#
# Builds what it needs (preset asan, clang). Each fuzzer prints one line: its
# seed, how many inputs it ran, how much code they reached. What it learns is
# kept in build/asan/fuzz/NAME, so the next run goes on from there; an input
# that breaks something is kept there too, and its path is printed. The exit
# code is 0 if nothing broke.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
STEP_LOG=$root/build/log/fuzz.log
# shellcheck source=deploy/steps.sh
source "$root/deploy/steps.sh"

readarray -t all < <(sed -nE 's/^tocsin_(service_)?fuzzer\(([a-z_]+)_fuzz.*/\2/p' "$here/CMakeLists.txt")
seconds=60 seed=$RANDOM names=()
while (($#)); do
  case $1 in
    --seconds) seconds=$2 && shift ;;
    --seed) seed=$2 && shift ;;
    --list) printf '%s\n' "${all[@]}" && exit ;;
    -h | --help) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" && exit ;;
    -*) echo "run.sh: no option $1; see --help" >&2 && exit 2 ;;
    *) names+=("$1") ;;
  esac
  shift
done
for name in "${names[@]}"; do
  if [[ " ${all[*]} " != *" $name "* ]]; then
    echo "run.sh: no fuzzer $name; the fuzzers are ${all[*]}" >&2
    exit 2
  fi
done
((${#names[@]})) || names=("${all[@]}")

cd "$root"
mkdir -p "$(dirname "$STEP_LOG")"
: >"$STEP_LOG"
[[ -f build/asan/build.ninja ]] || run_step 'Configuring the build' cmake --preset asan
NINJA_STATUS='[%f/%t] ' run_step 'Building the fuzzers' \
  cmake --build --preset asan -j "$(build_jobs)" --target "${names[@]/%/_fuzz}"

failed=()
for name in "${names[@]}"; do
  folder=$root/build/asan/fuzz/$name
  mkdir -p "$folder/corpus"
  log=$folder/log
  # Text breaks a parser at any length; a call is made of many bytes, so the
  # fuzzers of the daemon begin with long inputs.
  growth=100
  case $name in ingest | watch | subscription | pull) growth=0 ;; esac
  if [[ -t 1 ]]; then printf '  %s, %s s …\r' "$name" "$seconds"; fi
  code=0
  (cd "$folder" && "$root/build/asan/bin/${name}_fuzz" corpus -seed="$seed" \
    -max_total_time="$seconds" -max_len=4096 -len_control="$growth" -timeout=25 \
    -print_final_stats=1) >"$log" 2>&1 || code=$?
  inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  reached=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
  printf '%-12s seed %s, %s inputs in %s s, %s places reached' \
    "$name" "$seed" "${inputs:-?}" "$seconds" "${reached:-?}"
  if ((code == 0)); then
    echo ', nothing broke'
    continue
  fi
  failed+=("$name")
  echo ', BROKEN:'
  grep -m 3 -E 'ERROR:|SUMMARY:|runtime error:|Test unit written' "$log" | sed 's/^/    /' || tail -n 5 "$log"
done

if ((${#failed[@]})); then
  echo "FAILED: ${failed[*]} (of ${#names[@]} fuzzers); see the log in build/asan/fuzz/NAME"
  exit 1
fi
echo "All ${#names[@]} fuzzers ran for $seconds s each and nothing broke."
