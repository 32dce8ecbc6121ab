#!/usr/bin/env bash
# Prepares a clone for building: the Fashion-MNIST images from Debian, and the NuGet packages. It looks first, does
# what is missing, and may run any time. All output is on stderr.
#
#   eng/setup.sh [--quiet]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# English, since messages are read below.
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
source eng/patiently.sh

readonly DataSet=dataset-fashion-mnist
readonly Install="apt-get install --yes --no-install-recommends $DataSet"
readonly LockPatienceSeconds=600

quiet=no
say() { echo "setup: $*" >&2; }
fail() { say "$*"; exit 2; }

while (($# > 0)); do
    case $1 in
        --quiet) quiet=yes ;;
        *) fail "unknown argument '$1'. Usage: eng/setup.sh [--quiet]" ;;
    esac
    shift
done

command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing: install it from https://dot.net and put 'dotnet' on the PATH."
dotnet --version >/dev/null 2>&1 || fail "this .NET SDK is too old: the .NET 10 SDK is needed, from https://dot.net ('dotnet --list-sdks' shows what is here)."

# --- Debian: the images -----------------------------------------------------------------------------------

apt_get() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C sh -c "apt-get update && $Install -o DPkg::Lock::Timeout=$LockPatienceSeconds"; }

install_data_set() {
    if ! command -v dpkg-query >/dev/null; then
        [[ $quiet == yes ]] || say "no dpkg here: get Fashion-MNIST's four IDX files yourself and give their folder as --data ('./hwnas doctor' looks)."
        return 0
    fi
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$DataSet" 2>/dev/null) != installed ]] || return 0

    as_root=()
    if ((EUID != 0)); then
        command -v sudo >/dev/null || fail "the Debian package $DataSet is missing. As root, run: apt-get update && $Install"
        as_root=(sudo)
    fi
    local log=artifacts/setup/apt.log said=no
    until patiently "$log" "setup: installing the Debian package $DataSet" apt_get; do
        # The option above makes apt-get wait for dpkg's lock, but not for that of the package lists.
        if ! grep -q 'Could not get lock' "$log" || ((SECONDS > LockPatienceSeconds)); then
            tail -n 15 "$log" >&2
            fail "apt-get could not install it. As root, run: apt-get update && $Install"
        fi
        [[ $said == yes ]] || say "another program is installing packages; waiting until it is done, at most $((LockPatienceSeconds / 60)) minutes"
        said=yes
        sleep 2
    done
}

# --- NuGet ------------------------------------------------------------------------------------------------

restore_packages() {
    local log=artifacts/setup/restore.log
    patiently "$log" "setup: restoring NuGet packages (some minutes the first time)" dotnet restore HwNas.sln || {
        tail -n 15 "$log" | sed 's/ \[[^ ]*$//' >&2
        local missing
        missing=$(sed -nE 's/.*NU110[123]: Unable to find (a stable )?package ([A-Za-z][A-Za-z0-9._-]*[A-Za-z0-9])( with version \(([^)]*)\))?.*/\2 \4/p' "$log" | sort -u | sed 's/ *$//' | paste -sd ',' | sed 's/,/, /g')
        [[ -z $missing ]] || fail "no NuGet source serves $missing. Sources: $(sources). Add one that does: dotnet nuget add source URL"
        fail "the NuGet packages could not be restored (log: $PWD/$log). Sources: $(sources)."
    }
    # A source that has lost the version of Directory.Packages.props and offers a newer one is good enough.
    sed -nE -e 's/.* NU1603: .* but ([^ ]+) ([^ ]+) was not found\. [^ ]+ ([^ ]+) was resolved instead\..*/\1 \2 \3/p' \
        -e 's/.* NU1601: .*specified was ([^ ]+) \(>= ([^ )]+)\) but ended up with [^ ]+ ([^ ]+)\..*/\1 \2 \3/p' "$log" | sort -u |
        while read -r name asked taken; do say "$name $asked is no longer served; $taken takes its place"; done
}

sources() { dotnet nuget list source --format short | sed 's/^[A-Z]* //' | paste -sd ' '; }

install_data_set
restore_packages
[[ $quiet == yes ]] || say "ready"
