# Completion of tocsin's commands, options and names in bash.
#
# Read by bash-completion as share/bash-completion/completions/tocsin, or:
#   source clients/cli/tocsin.bash

# Commands and options, read off --help, so that this file need not know them.
_tocsin_help() {
  "${COMP_WORDS[0]}" "$@" --help 2>/dev/null |
    sed -nE 's/^  (-[a-z],)?(--[a-z-]+).*/\2/p; /^Commands:/,/^$/s/^  ([a-z-]+) .*/\1/p'
}

# The names of the daemon's rules.
_tocsin_rules() {
  "${COMP_WORDS[0]}" rules list --json --timeout 1 2>/dev/null |
    sed -nE 's/.*"name":"rules\/([^"]+)".*/\1/p'
}

# The names of the daemon's subscriptions.
_tocsin_subscriptions() {
  "${COMP_WORDS[0]}" subscriptions list --json --timeout 1 2>/dev/null |
    sed -nE 's/.*"name":"subscriptions\/([^"]+)".*/\1/p'
}

_tocsin() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local word command='' subcommand=''
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -* ]] && continue
    if [[ -z $command ]]; then
      command=$word
    elif [[ $command =~ ^(backup|names|rules|subscriptions)$ && -z $subcommand ]]; then
      subcommand=$word
    fi
  done
  case $previous in
    --follow) mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
    --state | -f | --file) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    --rule) mapfile -t COMPREPLY < <(compgen -W "$(_tocsin_rules)" -- "$current"); return ;;
    --format) mapfile -t COMPREPLY < <(compgen -W 'auto text json' -- "$current"); return ;;
    --ack) mapfile -t COMPREPLY < <(compgen -W 'auto never' -- "$current"); return ;;
    --from | --to) mapfile -t COMPREPLY < <(compgen -W 'now oldest' -- "$current"); return ;;
  esac
  if [[ $current != -* ]]; then
    case $command$subcommand in
      ingest | analyze | rulestest) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
      pull | subscriptionsget | subscriptionsupdate | subscriptionsdelete | subscriptionsseek | \
        subscriptionsdead-letters | subscriptionsreplay)
        mapfile -t COMPREPLY < <(compgen -W "$(_tocsin_subscriptions)" -- "$current")
        return
        ;;
      rulesget | rulesdelete)
        mapfile -t COMPREPLY < <(compgen -W "$(_tocsin_rules)" -- "$current")
        return
        ;;
      rulesbacktest)
        mapfile -t COMPREPLY < <(compgen -W "$(_tocsin_rules)" -- "$current"; compgen -f -- "$current")
        return
        ;;
    esac
  fi
  mapfile -t COMPREPLY < <(compgen -W "$(_tocsin_help ${command:+"$command"} ${subcommand:+"$subcommand"})" -- "$current")
}

complete -o filenames -F _tocsin tocsin
