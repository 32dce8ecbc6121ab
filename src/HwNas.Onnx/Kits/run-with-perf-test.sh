#!/bin/sh
# Measures the models of this kit with onnxruntime_perf_test, where hwnas itself cannot run (see README.txt).
# Plain shell, so that it runs in Android's too. It continues where it was interrupted.
#
#   sh run-with-perf-test.sh [passes] [runs]
#
# PERF_TEST=path/to/onnxruntime_perf_test if it is not on the PATH.
set -eu
cd "$(dirname "$0")"
passes=${1:-10} runs=${2:-20}
perf_test=${PERF_TEST:-onnxruntime_perf_test}
results=perf-test-results.csv
models=@MODELS@

header="hwnas-perf-test,1,@JOB@,$runs"
[ -f "$results" ] || echo "$header" >"$results"
read -r found <"$results"
if [ "$found" != "$header" ]; then
    echo "$results is of another kit, or was measured with other runs: move it away." >&2
    exit 2
fi

pass=0
while [ "$pass" -lt "$passes" ]; do
    # Every pass measures all models, in an order of its own: what changes slowly hits all of them alike.
    set -- @STRIDES@
    shift $((pass % $#))
    stride=$1 step=0
    while [ "$step" -lt "$models" ]; do
        number=$(((pass + step * stride) % models))
        step=$((step + 1))
        ! grep -q "^$pass,$number,done$" "$results" || continue
        rm -f run.csv
        "$perf_test" -I -m times -r "$runs" -e @PROVIDER@ -o @LEVEL@ -x @THREADS@ -y 1 -D -f batch:@BATCH@ \
            "models/$(printf %04d "$number").onnx" run.csv >run.log 2>&1 || {
            cat run.log >&2
            exit 1
        }
        while IFS= read -r line; do
            [ -z "$line" ] || echo "$pass,$number,$line" >>"$results"
        done <run.csv
        echo "$pass,$number,done" >>"$results"
    done
    pass=$((pass + 1))
    echo "pass $pass of $passes" >&2
done
rm -f run.csv run.log
echo "measured: $results" >&2
