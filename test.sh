#!/usr/bin/env bash
# All tests: ./test.sh [arguments of dotnet test, such as --filter NAME]. The last line is 'N passed, N failed'.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# The tests start hundreds of short processes, in which these cost more than they bring: profiling for a second compilation,
# and pages that are never writable and executable at once.
export DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0

eng/setup.sh
dotnet build HwNas.sln -c Release -v quiet -clp:NoSummary

results=artifacts/test-results
rm -rf "$results"
passed=0 failed=0 skipped=0 status=0

# Adds one counter of a TRX report.
counter() { sed -n "s/.*<Counters .*\b$1=\"\([0-9]*\)\".*/\1/p" "$2"; }

for project in HwNas.Tests HwNas.Native.Tests; do
    code=0
    dotnet test "tests/$project/$project.csproj" -c Release --no-build --nologo \
        --logger "console;verbosity=minimal" --logger "trx;LogFileName=$project.trx" --results-directory "$results" \
        --blame-hang-timeout 15m --blame-hang-dump-type none "$@" || code=$?
    report=$results/$project.trx failed_here=0
    if [[ -f $report ]]; then
        failed_here=$(counter failed "$report")
        passed=$((passed + $(counter passed "$report")))
        skipped=$((skipped + $(counter total "$report") - $(counter executed "$report")))
    fi
    # A run that broke off (a crash, a hang) without a failed test is a failure all the same.
    if ((code != 0)); then
        status=1
        ((failed_here > 0)) || failed_here=1
    fi
    failed=$((failed + failed_here))
done

((failed == 0 && passed > 0)) || status=1
((skipped == 0)) && tail="" || tail=", $skipped skipped"
echo "$passed passed, $failed failed$tail"
exit "$status"
