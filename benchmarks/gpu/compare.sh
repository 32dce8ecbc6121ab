#!/usr/bin/env bash
# Trains one supernet with one seed on the CPU and on an NVIDIA GPU, searches it there, exports what is chosen, verifies that
# through ONNX Runtime, and writes what each device took and reached into a Markdown file.
#
#   benchmarks/gpu/compare.sh LIBTORCH    the folder of a libtorch with CUDA: torch/lib of a PyTorch 2.10
#
# From the environment: DEVICES ("cpu cuda cuda+bf16"), STEPS (2000), SEED (1), EVALUATIONS (40), DATA (Fashion-MNIST),
# OUT (gpu.md), WORK (a temporary folder for the runs), HWNAS (the tool).
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
read -ra hwnas <<<"${HWNAS:-$root/hwnas}"
read -ra devices <<<"${DEVICES:-cpu cuda cuda+bf16}"
steps=${STEPS:-2000} seed=${SEED:-1} evaluations=${EVALUATIONS:-40} out=${OUT:-gpu.md}
work=${WORK:-$(mktemp -d)}
data=()
[[ -z ${DATA:-} ]] || data=(--data "$DATA")
[[ -z ${1:-} ]] || export HWNAS_LIBTORCH=$1

# The last value of a key in a file of JSON.
value() { grep -oE "\"$1\": ?[-+.0-9eE]+" "$2" | tail -n 1 | sed 's/.*: *//'; }

# The most memory of the first GPU, in MiB, from now on until what is started here is stopped.
watch_memory() {
    command -v nvidia-smi >/dev/null || return 0
    nvidia-smi -i 0 --query-gpu=memory.used --format=csv,noheader,nounits -lms 200 >"$1" &
    watcher=$!
}
watcher=
trap '[[ -z $watcher ]] || kill "$watcher"' EXIT

# That a GPU is not there is said before the CPU works for long: a verb asks for its device first.
for device in "${devices[@]}"; do
    refusal=$("${hwnas[@]}" train --device "${device%+bf16}" --batch 0 --out "$work/none" 2>&1) || true
    [[ $refusal == *"batch size"* ]] || { echo "$refusal" >&2; exit 2; }
done

rows=()
for device in "${devices[@]}"; do
    where=(--device "${device%+bf16}") training=()
    [[ $device != *+bf16 ]] || training=(--bf16)
    run=$work/$device
    mkdir -p "$run"
    watch_memory "$run/memory"
    "${hwnas[@]}" train --steps "$steps" --seed "$seed" --out "$run" "${data[@]}" "${where[@]}" "${training[@]}"
    started=$SECONDS
    "${hwnas[@]}" search --run "$run" --evaluations "$evaluations" --seed "$seed" "${where[@]}" >/dev/null
    searched=$((SECONDS - started))
    "${hwnas[@]}" export --run "$run" --out "$run/chosen.onnx" "${where[@]}" >/dev/null
    "${hwnas[@]}" verify "$run/chosen.onnx" --run "$run" --seconds 1 "${where[@]}" >/dev/null
    [[ -z $watcher ]] || kill "$watcher"
    watcher=
    memory=$(sort -n "$run/memory" 2>/dev/null | tail -n 1 || true)
    rows+=("| $device | $(value images_per_second "$run/training.json") | $(value seconds "$run/training.json") | $searched \
| $(($(value peak_memory_bytes "$run/training.json") >> 20)) | ${memory:-–} | $(value test_top1_percent "$run/chosen.json") \
| $(value same_class_percent "$run/chosen.json") | $(value max_logit_difference "$run/chosen.json") |")
done

{
    echo "# CPU and GPU"
    echo
    echo "\`DEVICES=\"${devices[*]}\" STEPS=$steps SEED=$seed EVALUATIONS=$evaluations benchmarks/gpu/compare.sh LIBTORCH\`,"
    echo "$(date -u +%F), $(nproc) processors$(nvidia-smi -i 0 --query-gpu=name --format=csv,noheader 2>/dev/null | sed 's/^/, /' || true)."
    echo "The memory of the GPU is all that was in use there. The model is the one that the search chose; it is compared with"
    echo "its supernet on that device."
    echo
    echo "| device | images/s | training, s | search, s | memory, MiB | GPU memory, MiB | test accuracy, % | same class, % | logits differ by |"
    echo "|---|---|---|---|---|---|---|---|---|"
    printf '%s\n' "${rows[@]}"
} >"$out"
cat "$out"
