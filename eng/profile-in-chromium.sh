#!/usr/bin/env bash
# Profiles this machine's Chromium: serves the page, opens it without a window, and ends when the profile is written.
#
#   eng/profile-in-chromium.sh NAME [options of 'hwnas profile']
#
# Measure on a quiet machine: a browser has no clock of CPU time.
set -euo pipefail

(($# > 0)) || { echo "profile-in-chromium: a name is missing. Usage: eng/profile-in-chromium.sh NAME [options of 'hwnas profile']" >&2; exit 2; }
name=$1 && shift
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
    { echo "profile-in-chromium: Chromium is missing. As root, run: apt-get install chromium" >&2; exit 2; }
hwnas=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../hwnas
scratch=$(mktemp -d)
trap 'kill "${browser:-}" "${server:-}" 2>/dev/null || true; wait; rm -rf "$scratch"' EXIT

"$hwnas" profile --browser --port 0 "$@" 2> >(tee "$scratch/messages" >&2) &
server=$!
until url=$(grep -om 1 'http://.*' "$scratch/messages"); do
    kill -0 "$server" 2>/dev/null || { wait "$server"; exit; }
    sleep 0.2
done
"$chromium" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync --disable-dev-shm-usage --remote-debugging-port=0 \
    --user-data-dir="$scratch/chromium" "$url/$name" >"$scratch/chromium.log" 2>&1 &
browser=$!
wait "$server"
