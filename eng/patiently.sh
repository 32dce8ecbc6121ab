# For other scripts: runs a command that takes its time. What it prints goes into a log; a terminal sees how long it
# has been running, anything else gets one line.
#
#   patiently LOG TEXT COMMAND [ARGUMENT...]
patiently() {
    local log=$1 text=$2 code=0 ticker=
    shift 2
    mkdir -p "$(dirname "$log")"
    if [[ -t 2 ]]; then
        # It ends with this script, should a signal end that first.
        (seconds=0; while kill -0 $$ 2>/dev/null; do printf '\r%s: %d s' "$text" "$((seconds++))"; sleep 1; done) >&2 9>&- &
        ticker=$!
    else
        echo "$text" >&2
    fi
    # Build servers outlive the script, so they must not inherit its lock (descriptor 9).
    "$@" >"$log" 2>&1 </dev/null 9>&- || code=$?
    if [[ -n $ticker ]]; then
        { kill "$ticker" && wait "$ticker"; } 2>/dev/null || true
        printf '\r\e[K' >&2
    fi
    return "$code"
}
