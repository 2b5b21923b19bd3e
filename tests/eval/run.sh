#!/usr/bin/env bash
# Says how good detection is on the annotated texts, in one table.
#
#   tests/eval/run.sh [--no-curated] [--only WORD] [--errors N]
#
#   --no-curated  without the name lists that are kept by hand
#   --only WORD   only files whose name has WORD in it, such as `pud` or `seeds`
#   --errors N    the scorer's own output with the first N errors of each file
#
# Environment: EVAL (default ../shared/eval beside the repository), BUILD (the
# build folder; default build/dev).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
eval_dir=${EVAL:-$root/../shared/eval}
build=${BUILD:-$root/build/dev}
flags=() only='' errors=''
while [ $# -gt 0 ]; do
  case $1 in
    --no-curated) flags+=(--no-curated) ;;
    --only) only=$2; shift ;;
    --errors) errors=$2; shift ;;
    *) sed -n '2,12s/^# \{0,1\}//p' "$0"; exit 2 ;;
  esac
  shift
done

if [ ! -f "$eval_dir/score.py" ]; then
  echo "skipped: there are no annotated texts in $eval_dir"
  exit 0
fi
if [ ! -x "$build/bin/analyze_jsonl" ]; then
  echo "$build/bin/analyze_jsonl is missing: build the target analyze_jsonl, or set BUILD" >&2
  exit 1
fi
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# predict GOLD: prints the predictions for a gold file.
predict() {
  python3 "$eval_dir/score.py" articles "$1" |
    "$build/bin/analyze_jsonl" --data "$root/daemon/data" ${flags[@]+"${flags[@]}"} "${@:2}"
}

# row MODE GOLD: one line of the table.
row() {
  local name; name=$(basename "$(dirname "$2")")/$(basename "$2" .jsonl)
  [[ $name == *"$only"* ]] || return 0
  predict "$2" > "$tmp/predicted"
  if [ -n "$errors" ]; then
    echo "== $name"
    python3 "$eval_dir/score.py" "$1" "$2" "$tmp/predicted" --errors "$errors"
    return
  fi
  python3 "$eval_dir/score.py" "$1" "$2" "$tmp/predicted" > "$tmp/score"
  python3 "$root/tests/eval/table_row.py" "$name" "$1" < "$tmp/score"
}

[ -n "$errors" ] || printf '%-28s %6s %6s %6s  %s\n' file P R F1 more
row amounts "$eval_dir/seeds/amounts.jsonl"
row documents "$eval_dir/seeds/documents.jsonl"
for gold in "$eval_dir"/dev/amounts-*.jsonl; do row amounts "$gold"; done
for gold in "$eval_dir"/dev/entities-*.jsonl; do row entities "$gold"; done

[ -z "$errors$only" ] || exit 0
for gold in "$eval_dir"/seeds/documents.jsonl "$eval_dir"/dev/entities-*.jsonl; do
  predict "$gold" --identify > "$tmp/predicted"
  python3 "$root/tests/eval/languages.py" "$gold" "$tmp/predicted" 200
done > "$tmp/languages"
python3 "$root/tests/eval/languages.py" --sum < "$tmp/languages"
