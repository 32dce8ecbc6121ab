#!/usr/bin/env bash
# Prepares a clone for building: chooses where TorchSharp, ONNX Runtime and ScottPlot come from, and installs
# what that choice needs. Every step looks first and does nothing when nothing is to do, so it may run any time.
#
#   eng/setup.sh [--quiet] [--packages auto|nuget|standin]
#
# The choice can also be given as the environment variable HwNasPackages. "auto" asks the NuGet feed once; the
# answer is kept in eng/packages.local.props (git-ignored) until a choice is given again. All output is on stderr.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly ChoiceFile=eng/packages.local.props
readonly NativeBuild=artifacts/native/build
readonly ShimSources=src/StandIns/TorchSharp/native
readonly FeedSeconds=120

quiet=no
wanted=${HwNasPackages:-}

say() { echo "setup: $*" >&2; }
fail() { echo "setup: $*" >&2; exit 2; }

while (($# > 0)); do
    case $1 in
        --quiet) quiet=yes ;;
        --packages) (($# > 1)) || fail "--packages needs a value: auto, nuget or standin."; wanted=$2; shift ;;
        --packages=*) wanted=${1#*=} ;;
        *) fail "unknown argument '$1'. Usage: eng/setup.sh [--quiet] [--packages auto|nuget|standin]" ;;
    esac
    shift
done
[[ $wanted =~ ^(|auto|nuget|standin)$ ]] || fail "HwNasPackages is '$wanted'; it must be auto, nuget or standin."

command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing: install it from https://dot.net and put 'dotnet' on the PATH."

property() { [[ ! -f $ChoiceFile ]] || sed -n "s:.*<$1[^>]*>\(.*\)</$1>.*:\1:p" "$ChoiceFile"; }
version_of() { sed -n "s:.*Include=\"$1\" Version=\"\([^\"]*\)\".*:\1:p" Directory.Packages.props; }
hash_of() { cat "$@" | sha256sum | cut -d ' ' -f 1; }

# --- which packages ---------------------------------------------------------------------------------------

# Sets choice and reason by restoring an empty project that asks for the packages. It lies inside the clone so
# that the same NuGet.config files apply, with empty props files of its own so that nothing else of ours does.
ask_feed() {
    local probe=artifacts/setup/feed name
    rm -rf "$probe" && mkdir -p "$probe"
    echo '<Project />' | tee "$probe/Directory.Build.props" "$probe/Directory.Build.targets" >"$probe/Directory.Packages.props"
    {
        echo '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup><ItemGroup>'
        for name in TorchSharp Microsoft.ML.OnnxRuntime ScottPlot; do
            echo "<PackageReference Include=\"$name\" Version=\"$(version_of "$name")\" />"
        done
        echo '</ItemGroup></Project>'
    } >"$probe/feed.csproj"
    say "asking the NuGet feed for TorchSharp, ONNX Runtime and ScottPlot (once, at most $FeedSeconds s)"
    local status=0
    timeout "$FeedSeconds" dotnet restore "$probe/feed.csproj" --disable-build-servers >"$probe/restore.log" 2>&1 || status=$?
    if ((status == 0)); then
        choice=nuget reason="the feed has TorchSharp $(version_of TorchSharp), ONNX Runtime and ScottPlot"
    elif ((status == 124)); then
        choice=standin reason="the feed did not answer within $FeedSeconds s"
    elif name=$(sed -nE 's/.*NU110[0-9]: Unable to find package ([A-Za-z.]+[A-Za-z]).*/\1/p' "$probe/restore.log" |
            LC_ALL=C sort -u | paste -sd ' ') && [[ -n $name ]]; then
        choice=standin reason="the feed lacks ${name// /, }"
    else
        choice=standin reason="the feed could not be asked: $(grep -oE 'error *NU[0-9]+' "$probe/restore.log" | head -n 1 || true) (log: $probe/restore.log)"
    fi
}

choose_packages() {
    choice=$(property HwNasPackages) reason=$(property HwNasPackagesReason)
    if [[ -n $choice && ( -z $wanted || $wanted == "$choice" ) ]]; then return; fi
    case $wanted in
        nuget | standin) choice=$wanted reason="asked for by HwNasPackages=$wanted" ;;
        *) ask_feed ;;
    esac
    cat >"$ChoiceFile.tmp" <<XML
<!-- Written by eng/setup.sh; run it with another HwNasPackages to choose again. -->
<Project>
  <PropertyGroup>
    <HwNasPackages Condition="'\$(HwNasPackages)' == '' or '\$(HwNasPackages)' == 'auto'">$choice</HwNasPackages>
    <HwNasPackagesReason>$reason</HwNasPackagesReason>
  </PropertyGroup>
</Project>
XML
    mv "$ChoiceFile.tmp" "$ChoiceFile"
    say "packages: $choice ($reason)"
}

# --- Debian packages --------------------------------------------------------------------------------------

install_debian_packages() {
    local wanted_packages=(dataset-fashion-mnist) missing=() package
    if [[ $choice == standin ]]; then
        wanted_packages+=(libtorch-dev libcairo2 fonts-dejavu-core)
        # A compiler or Node.js of one's own is as good as Debian's.
        command -v g++ >/dev/null || wanted_packages+=(g++)
        command -v cmake >/dev/null || wanted_packages+=(cmake)
        command -v make >/dev/null || wanted_packages+=(make)
        command -v npm >/dev/null || wanted_packages+=(npm)
    fi
    if ! command -v dpkg-query >/dev/null; then
        [[ $quiet == yes ]] || say "no dpkg here: make sure that the equivalents of ${wanted_packages[*]} are installed ('./hwnas doctor' looks)."
        return
    fi
    local installed
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${wanted_packages[@]}" 2>/dev/null || true)
    for package in "${wanted_packages[@]}"; do
        grep -qxF "installed $package" <<<"$installed" || missing+=("$package")
    done
    ((${#missing[@]} > 0)) || return 0

    local as_root=() install="apt-get install --yes --no-install-recommends ${missing[*]}" log=artifacts/setup/apt.log
    if ((EUID != 0)); then
        command -v sudo >/dev/null || fail "Debian packages are missing. As root, run: apt-get update && $install"
        as_root=(sudo)
    fi
    mkdir -p artifacts/setup
    say "installing Debian packages: ${missing[*]}"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive sh -c "apt-get update && $install" >"$log" 2>&1 </dev/null || {
        tail -n 15 "$log" >&2
        fail "apt-get could not install them. As root, run: apt-get update && $install"
    }
}

# --- npm packages -----------------------------------------------------------------------------------------

install_npm_packages() {
    local stamp=node_modules/.hwnas-stamp hash
    hash=$(hash_of package.json package-lock.json)
    [[ $(cat "$stamp" 2>/dev/null) != "$hash" ]] || return 0
    mkdir -p artifacts/setup
    say "installing the ONNX Runtime builds of package-lock.json (npm ci)"
    # Install scripts would download from elsewhere; nothing here needs them.
    npm ci --ignore-scripts --no-audit --no-fund >artifacts/setup/npm.log 2>&1 </dev/null || {
        tail -n 15 artifacts/setup/npm.log >&2
        fail "npm ci failed (log: artifacts/setup/npm.log). Check the npm registry settings, then run eng/setup.sh again."
    }
    echo "$hash" >"$stamp"
}

# --- the libtorch shim ------------------------------------------------------------------------------------

build_native() {
    [[ -f $ShimSources/CMakeLists.txt ]] || return 0
    local stamp=$NativeBuild/.hwnas-stamp log=artifacts/setup/cmake.log hash sources
    # The root is an input too: CMake refuses a build folder that was made for another place. So is the
    # libtorch package, whose upgrade changes what the shim must be linked with.
    mapfile -t sources < <(find "$ShimSources" -type f | LC_ALL=C sort)
    hash=$(hash_of "${sources[@]}" <(echo "$PWD" "${sources[@]}" "$(dpkg-query -W libtorch-dev 2>/dev/null || true)"))
    [[ ! -f artifacts/native/libHwNasTorch.so || $(cat "$stamp" 2>/dev/null) != "$hash" ]] || return 0
    mkdir -p artifacts/setup
    grep -qsxF "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD/$ShimSources" "$NativeBuild/CMakeCache.txt" || rm -rf "$NativeBuild"
    say "building the libtorch shim (CMake)"
    { cmake -S "$ShimSources" -B "$NativeBuild" -DCMAKE_BUILD_TYPE=Release &&
        cmake --build "$NativeBuild" --parallel 2; } >"$log" 2>&1 </dev/null || {
        tail -n 30 "$log" >&2
        fail "the libtorch shim did not build (log: $log)."
    }
    [[ -f artifacts/native/libHwNasTorch.so ]] || fail "CMake succeeded without artifacts/native/libHwNasTorch.so (log: $log)."
    echo "$hash" >"$stamp"
}

choose_packages
install_debian_packages
if [[ $choice == standin ]]; then
    install_npm_packages
    build_native
fi
[[ $quiet == yes ]] || say "ready; packages: $choice ($reason)"
