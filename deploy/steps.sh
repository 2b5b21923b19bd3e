# shellcheck shell=bash
# Long work shown as steps, one tidy line each; sourced by the scripts of this
# project. The full output goes into a log, and its tail is shown on failure.
#
#   STEP_LOG=build/log/x.log
#   run_step "Building" cmake --build --preset dev
#
# Progress is read off the output: `[12/345] ...` as Ninja writes it.

if [[ -t 1 ]]; then STEP_TTY=1; else STEP_TTY=; fi

# say_duration SECONDS: 42 s, 3 min 05 s
say_duration() {
  if (($1 < 60)); then printf '%d s' "$1"; else printf '%d min %02d s' $(($1 / 60)) $(($1 % 60)); fi
}

# step_progress TITLE: reads output, writes it to STEP_LOG, shows how far it is.
step_progress() {
  local title=$1 line finished total percent phase='' what='' shown=0 last=-1
  while IFS= read -r line; do
    [[ $line == [dp][lm]status:* ]] || printf '%s\n' "$line" >>"$STEP_LOG"
    if [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]]; then
      finished=${BASH_REMATCH[1]} total=${BASH_REMATCH[2]}
      percent=$((100 * finished / total))
    elif [[ $line =~ ^(dl|pm)status:.*:([0-9]+)\.[0-9]+: ]]; then
      # apt's APT::Status-Fd: first it downloads, then it installs.
      percent=${BASH_REMATCH[2]}
      if [[ $phase != "${BASH_REMATCH[1]}" ]]; then phase=${BASH_REMATCH[1]} shown=0; fi
      if [[ $phase == dl ]]; then what=', downloading'; else what=''; fi
    else
      continue
    fi
    if [[ $STEP_TTY ]]; then
      ((percent == last)) || printf '\r\e[K  %s%s … %d %%' "$title" "$what" "$percent"
      last=$percent
    elif ((percent / 20 > shown)) && ((percent < 100)); then
      shown=$((percent / 20))
      printf '  %s%s … %d %%\n' "$title" "$what" $((20 * shown))
    fi
  done
}

# run_step TITLE COMMAND...: runs it; returns its exit code.
run_step() {
  local title=$1 start=$SECONDS code=0
  shift
  mkdir -p "$(dirname "$STEP_LOG")"
  printf '\n=== %s: %s\n' "$title" "$*" >>"$STEP_LOG"
  if [[ $STEP_TTY ]]; then printf '  %s …' "$title"; else printf '  %s …\n' "$title"; fi
  { "$@" 2>&1 </dev/null | step_progress "$title"; code=${PIPESTATUS[0]}; } || true
  [[ $STEP_TTY ]] && printf '\r\e[K'
  if ((code == 0)); then
    printf '  ✓ %s (%s)\n' "$title" "$(say_duration $((SECONDS - start)))"
  else
    printf '  ✗ %s failed with exit code %d; the last lines of %s:\n\n' "$title" "$code" "$STEP_LOG"
    tail -n 30 "$STEP_LOG" | sed 's/^/    /'
    printf '\n'
  fi
  return "$code"
}

# build_jobs: how many compilers to run at once; one takes up to 1.5 GB on
# gRPC's headers.
build_jobs() {
  local jobs memory
  jobs=$(nproc)
  memory=$(awk '/^MemAvailable/ {print int($2 / 1500000)}' /proc/meminfo)
  ((memory >= 1)) || memory=1
  echo $((jobs < memory ? jobs : memory))
}
