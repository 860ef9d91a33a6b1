/** What `kubectl completion` prints for each shell: the shell asks `kubectl __complete` what could follow. */
// Simplified: much shorter than the real scripts, and without the descriptions of candidates.
export const completionScripts: Readonly<Record<string, string>> = {
  bash: `
# bash completion for kubectl

__start_kubectl() {
    local word="\${COMP_WORDS[COMP_CWORD]}" line
    COMPREPLY=()
    while IFS= read -r line; do
        case "$line" in
            :*) ;;
            "$word"*) COMPREPLY+=("$line") ;;
        esac
    done < <(kubectl __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}

complete -o default -F __start_kubectl kubectl
`,
  zsh: `#compdef kubectl
compdef _kubectl kubectl

# zsh completion for kubectl

_kubectl() {
    local -a candidates
    candidates=("\${(@f)$(kubectl __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
    compadd -- "\${(@)candidates:#:*}"
}

if [ "$funcstack[1]" = "_kubectl" ]; then
    _kubectl
fi
`,
  fish: `# fish completion for kubectl

function __kubectl_candidates
    set -l words (commandline -opc) (commandline -ct)
    kubectl __complete $words[2..-1] 2>/dev/null | string match -v ':*'
end

complete -c kubectl -f -a '(__kubectl_candidates)'
`,
  powershell: `# powershell completion for kubectl

Register-ArgumentCompleter -CommandName 'kubectl' -ScriptBlock {
    param($Word, $Command, $Cursor)
    $words = $Command.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" }
    if ($Word -eq '') { $words += '""' }
    kubectl __complete @words 2>$null | Where-Object { $_ -notlike ':*' -and $_ -like "$Word*" }
}
`,
}
