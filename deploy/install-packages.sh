#!/usr/bin/env bash
# Installs the Debian packages of deploy/packages.txt that are missing.
#
#   deploy/install-packages.sh [build] [test] [sanitize]     (default: build)
#
# Does nothing, and needs neither root nor network, where all are installed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
# shellcheck source=deploy/steps.sh
source "$here/steps.sh"
: "${STEP_LOG:=$root/build/log/packages.log}"

case ${1-} in
  -h | --help)
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"
    exit 0
    ;;
esac
sections=("${@:-build}")

# packages_of SECTION: those whose command is not there already.
packages_of() {
  local line on='' package unless command
  while read -r line; do
    case $line in
      '' | '#'*) ;;
      '['*) [[ $line == "[$1]" ]] && on=1 || on= ;;
      *)
        [[ $on ]] || continue
        read -r package unless command <<<"$line"
        [[ $unless == unless ]] && command -v "$command" >/dev/null && continue
        printf '%s\n' "$package"
        ;;
    esac
  done <"$here/packages.txt"
}

wanted=()
for section in "${sections[@]}"; do
  if ! grep -qxF "[$section]" "$here/packages.txt"; then
    echo "install-packages.sh: no section [$section] in deploy/packages.txt" >&2
    exit 2
  fi
  mapfile -t -O ${#wanted[@]} wanted < <(packages_of "$section")
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "This is not Debian. Install what these packages hold, then go on with" >&2
  echo "  cmake --preset release && cmake --build --preset release" >&2
  printf '  %s\n' "${wanted[*]}" >&2
  exit 1
fi

missing=()
for package in "${wanted[@]}"; do
  state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [[ $state == installed ]] || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
  echo "  ✓ Packages: all ${#wanted[@]} are installed"
  exit 0
fi

as_root=()
if ((EUID != 0)); then
  if command -v sudo >/dev/null && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; then
    as_root=(sudo)
    sudo -v || exit 1
  else
    echo "  ✗ ${#missing[@]} packages are missing, and only root can install them. As root:" >&2
    echo "    apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
fi

# Its progress comes on descriptor 3, opened behind sudo, which would close it;
# on 1 the packages' own scripts could not write.
apt() {
  "${as_root[@]}" sh -c 'DEBIAN_FRONTEND=noninteractive exec apt-get "$@" 3>&1' sh \
    -q -y -o Dpkg::Use-Pty=0 -o APT::Status-Fd=3 -o Acquire::Retries=2 "$@"
}
install() { apt install --no-install-recommends "${missing[@]}"; }
simulate() { apt-get -qq --simulate install --no-install-recommends "${missing[@]}" >/dev/null 2>&1; }

# The lists are fetched only if they do not know the packages, or know
# versions that are no longer served.
updated=
update() {
  updated=1
  run_step "Reading the package lists" apt update
}
if ! simulate; then update; fi
if run_step "Installing ${#missing[@]} packages" install; then exit 0; fi
if [[ $updated ]]; then exit 1; fi
echo "  Trying again with fresh package lists"
update
run_step "Installing ${#missing[@]} packages" install
