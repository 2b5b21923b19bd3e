#!/usr/bin/env bash
# Builds Tocsin, starts it, and shows it at work on sample articles.
#
#   ./deploy/quickstart.sh [options] [PATH...]
#
# Installs the Debian packages that are missing (as root or with sudo), builds,
# starts the daemon on an archive of its own, loads yesterday's sample articles
# silently, then ingests today's and shows the alerts as they ring. The daemon
# goes on running; how to use and how to stop it is said at the end.
#
#   PATH...      articles to ingest instead of the samples: text files, .jsonl
#                files or folders of them
#   --once       stop the daemon at the end; without --data its archive is
#                deleted too
#   --port N     listen on 127.0.0.1:N (default 7640; 0: any free port)
#   --data DIR   where the archive is kept (default build/quickstart/data)
#   --help       this text
#
# Run it again any time: it builds what changed, restarts its daemon and keeps
# the archive. The exit code is 0 if all went well.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
home=$root/build/quickstart
bin=$root/build/release/bin
STEP_LOG=$root/build/log/quickstart.log
# shellcheck source=deploy/steps.sh
source "$root/deploy/steps.sh"

once='' port=7640 data='' paths=()
daemon='' watcher='' temporary='' doing='reading the options'

usage() { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; }

# fail MESSAGE: the last line that is printed.
fail() {
  printf '\nquickstart: %s\n' "$1" >&2
  exit 1
}

# stop_daemon PID: asks it to drain, and waits; false if it had to be killed.
stop_daemon() {
  kill -TERM "$1" 2>/dev/null || return 0
  for _ in {1..150}; do
    kill -0 "$1" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL "$1" 2>/dev/null || true
  return 1
}

finish() {
  local code=$?
  trap - EXIT INT TERM
  [[ ! $watcher ]] || kill "$watcher" 2>/dev/null || true
  if ((code != 0)) || [[ $once ]]; then
    if [[ $daemon ]]; then
      stop_daemon "$daemon" || echo "quickstart: the daemon did not stop by itself and was killed" >&2
      rm -f "$pidfile"
    fi
    [[ ! $temporary ]] || rm -rf "$temporary"
  fi
  exit "$code"
}
trap finish EXIT
trap 'printf "\n"; fail "interrupted while $doing; nothing is left running"' INT TERM

absolute() { case $1 in /*) printf '%s' "$1" ;; *) printf '%s/%s' "$PWD" "$1" ;; esac; }

while (($#)); do
  case $1 in
    --once) once=1 ;;
    --port | --data)
      [[ ${2-} && ${2-} != -* ]] || fail "$1 needs a value; see --help"
      if [[ $1 == --port ]]; then port=$2; else data=$(absolute "$2"); fi
      shift
      ;;
    --port=*) port=${1#*=} ;;
    --data=*) data=$(absolute "${1#*=}") ;;
    -h | --help)
      usage
      exit 0
      ;;
    --)
      shift
      for path in "$@"; do paths+=("$(absolute "$path")"); done
      break
      ;;
    -*) fail "there is no option $1; see --help" ;;
    *) paths+=("$(absolute "$1")") ;;
  esac
  shift
done

for path in "${paths[@]}"; do
  [[ -r $path ]] || fail "cannot read $path"
done
[[ $port =~ ^[0-9]{1,5}$ ]] && ((port <= 65535)) || fail "--port $port is not a port"

# --- What can be refused at once is refused before the long build.

taken() { (: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

doing='preparing folders'
mkdir -p "$root/build/log" 2>/dev/null && [[ -w $root/build/log ]] ||
  fail "cannot write in $root/build; take a clone that is yours"
if [[ ! $data ]]; then
  mkdir -p "$home" 2>/dev/null && [[ -w $home ]] || fail "cannot write in $home"
  if [[ $once ]]; then
    temporary=$(mktemp -d "$home/once.XXXXXX")
    data=$temporary/data
  else
    data=$home/data
  fi
fi
mkdir -p "$data" 2>/dev/null && [[ -w $data ]] ||
  fail "cannot write in $data; choose another folder with --data DIR"
pidfile=$data.pid

: >"$STEP_LOG"

# The daemon that an earlier run left running on this archive.
earlier=$(cat "$pidfile" 2>/dev/null || true)
if [[ $earlier && $(readlink "/proc/$earlier/exe" 2>/dev/null) == */tocsind* ]]; then
  doing='stopping the daemon of the earlier run'
  stop_daemon "$earlier" || fail "the daemon of the earlier run (process $earlier) does not stop"
  echo "  ✓ Stopped the daemon of the earlier run (process $earlier)"
fi
rm -f "$pidfile"

! taken "$port" ||
  fail "port $port is taken by another program; choose one with --port N, or --port 0 for any free one"
# --- Install and build.

doing='installing packages'
STEP_LOG=$STEP_LOG "$root/deploy/install-packages.sh" build || fail 'packages are missing'

doing=building
jobs=$(build_jobs)
cd "$root"
run_step 'Configuring the build' cmake --preset release || fail "the build could not be configured; see $STEP_LOG"
NINJA_STATUS='[%f/%t] ' run_step 'Building tocsind and tocsin' \
  cmake --build --preset release -j "$jobs" --target tocsind tocsin || fail "the build failed; see $STEP_LOG"

# --- Start.

doing='starting the daemon'
log=$root/build/log/tocsind.log
portfile=$data.port
rm -f "$portfile"
setsid nohup "$bin/tocsind" --data "$data" --listen "127.0.0.1:$port" --port-file "$portfile" \
  >"$log" 2>&1 </dev/null &
daemon=$!
echo "$daemon" >"$pidfile"
for _ in {1..300}; do
  if [[ -s $portfile ]] || ! kill -0 "$daemon" 2>/dev/null; then break; fi
  sleep 0.1
done
port=$(cat "$portfile" 2>/dev/null || true)
rm -f "$portfile"
if [[ ! $port ]]; then
  tail -n 5 "$log" | sed 's/^/    /'
  fail "tocsind did not start; its log is $log"
fi
server=127.0.0.1:$port
tocsin() { "$bin/tocsin" --server "$server" "$@"; }
echo "  ✓ tocsind listens on $server (process $daemon)"

# sequence: of the latest alert.
sequence() {
  tocsin status --json | grep -o '"lastSequence": *"\{0,1\}[0-9]*' | grep -o '[0-9]*$' || echo 0
}

# --- Ingest, and show what rings.

doing='ingesting'
samples=
if ((${#paths[@]} == 0)); then
  samples=1
  paths=("$root/deploy/samples/today")
  printf '\nYesterday'\''s articles, loaded silently: they become known and ring nothing.\n\n'
  tocsin ingest --suppress-alerts "$root/deploy/samples/yesterday" || fail "yesterday's samples were not ingested"
  printf '\nToday'\''s articles, and what they ring:\n\n'
else
  printf '\nYour articles, and what they ring:\n\n'
fi
before=$(sequence)
# Ends by itself when nothing has come for a while.
tocsin watch --from "$before" --idle-exit 2s &
watcher=$!
ingested=0
summary=$(tocsin ingest "${paths[@]}") || ingested=$?
kill -0 "$daemon" 2>/dev/null || fail "tocsind ended while articles came in; its log is $log"
wait "$watcher" || fail "the watch broke off; the log of tocsind is $log"
watcher=
printf '\n%s\n' "$summary"
((ingested == 0)) || fail "not every article was taken (exit code $ingested of tocsin ingest)"
rung=$(($(sequence) - before))

if ((rung == 0)) && [[ $samples ]]; then
  printf '\nThese samples were ingested before, so nothing in them is new: that is the point.\nWhat they rang then:\n\n'
  tocsin alerts
fi

# --- Say how to go on.

doing='ending'
if [[ $once ]]; then
  stop_daemon "$daemon" || fail "tocsind did not stop within 15 s and was killed; its log is $log"
  daemon=
  rm -f "$pidfile"
  printf '\nquickstart: done: %d alerts rang, and the daemon stopped cleanly.\n' "$rung"
  exit 0
fi
cat <<EOF

The daemon goes on running. Go on with:

  cd $root
  export PATH=\$PWD/build/release/bin:\$PATH TOCSIN_SERVER=$server

  tocsin watch                      alerts as they ring
  tocsin alerts                     those that rang, by article
  tocsin entity 'Kvarnholm Cell'    what the archive knows of somebody
  tocsin ingest FILE...             your own articles, .txt or .jsonl
  tocsin rules list                 what rings; README.md says how to write more
  tocsin --help                     everything else

  kill $daemon$(printf '%*s' $((29 - ${#daemon})) '')stop the daemon; run quickstart.sh again to start it

Its archive is $data, its log $log.

quickstart: done: $rung alerts rang, and the daemon listens on $server.
EOF
