#!/usr/bin/env bash
# Breaks the daemon on purpose, in every way we know, and checks its promises.
#
#   tests/fault/run.sh [--long] [--seed N] [NAME...]
#
#   tests/fault/run.sh                    everything, at a size for every day
#   tests/fault/run.sh kill9 clock        these only
#   tests/fault/run.sh --long             the same programs for hours: kill -9
#                                         a thousand times
#   tests/fault/run.sh --seed 7 kill9     the same choices again
#   tests/fault/run.sh --list             their names
#
# Each program prints one line: its seed, cycles, what was acked, lost,
# duplicated, out of order, and whatever else is wrong. The last line says what
# happened; the exit code is 0 if all is well. TOCSIN_BIN is the folder of the
# programs (build/dev/bin: a build without assertions has no failpoints).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export TOCSIN_BIN=${TOCSIN_BIN:-$here/../../build/dev/bin} PYTHONDONTWRITEBYTECODE=1

# Name, and what --long adds. The sizes for every day are the defaults.
programs=(
  "validate_validators"
  "failpoints --cycles 20"
  "kill9 --cycles 1000 --articles 1000000 --seconds 0.1"
  "powercut --cycles 200 --articles 200000"
  "cuts --articles 300000"
  "sigterm --cycles 200 --articles 400000"
  "clock --cycles 60 --articles 60000"
  "stalled --rounds 50"
  "restore --cycles 40 --articles 120000"
  "two_daemons --cycles 20 --articles 20000"
  "damage --count 1000 --articles 2000"
  "fsync_eio --cycles 40 --articles 60000"
  "disk_full --cycles 12"
)

long='' seed='' names=() failed=() skipped=()
while (($#)); do
  case $1 in
    --long) long=1 ;;
    --seed) seed=$2 && shift ;;
    --list) printf '%s\n' "${programs[@]%% *}" && exit ;;
    -h | --help) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" && exit ;;
    -*) echo "run.sh: no option $1; see --help" >&2 && exit 2 ;;
    *) names+=("$1") ;;
  esac
  shift
done
for name in "${names[@]}"; do
  if ! printf '%s\n' "${programs[@]%% *}" | grep -qx -e "$name"; then
    echo "run.sh: no program $name; the programs are ${programs[*]%% *}" >&2
    exit 2
  fi
done

ran=0
for program in "${programs[@]}"; do
  read -r name more <<<"$program"
  if ((${#names[@]})) && [[ " ${names[*]} " != *" $name "* ]]; then continue; fi
  arguments=(${seed:+--seed "$seed"})
  # shellcheck disable=SC2206 # Words, all our own.
  if [[ $long ]]; then arguments+=($more); fi
  ran=$((ran + 1))
  code=0
  /usr/bin/python3 -W ignore::ResourceWarning "$here/$name.py" "${arguments[@]}" || code=$?
  case $code in
    0) ;;
    77) skipped+=("$name") ;; # It has said why.
    *) failed+=("$name") ;;
  esac
done

if ((${#failed[@]})); then
  echo "FAILED: ${failed[*]} (of $ran fault programs)"
  exit 1
fi
if ((${#skipped[@]})); then
  echo "Every promise was kept, but these could not run: ${skipped[*]} (of $ran fault programs)"
  if ((${#skipped[@]} == ran)); then exit 77; fi
  exit 0
fi
echo "All $ran fault programs found every promise kept in $SECONDS s."
