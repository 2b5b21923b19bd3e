#!/usr/bin/env bash
# Checks our C++ against .clang-format:  format.sh ROOT
# Repair with:  clang-format -i FILE...
# Exit code 77 (skipped) without clang-format 14: other versions differ.
set -euo pipefail
cd "$1"
for tool in clang-format-14 clang-format; do
  if command -v "$tool" >/dev/null && [[ $("$tool" --version) == *'version 14.'* ]]; then
    find daemon clients tests -name node_modules -prune -o \
      \( -name '*.h' -o -name '*.cc' \) -print0 |
      xargs -0 "$tool" --dry-run -Werror
    exit
  fi
done
echo 'clang-format 14 is not installed'
exit 77
