#!/usr/bin/env bash
# The demonstration for many seeds: how often the planted edge is found, and how often noise is called one.
#   docs/demo-campaign.sh [FIRST_SEED] [LAST_SEED]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
found=0 false=0 runs=0
for seed in $(seq "${1:-1}" "${2:-20}"); do
  # Exit code 3 is an answer as well: no edge.
  out=$("$root/peregrine" demo --home "$home" --json --quiet --no-browser --seed "$seed") || [ $? = 3 ]
  read -r edge noise < <(grep -oE '"verdict": "[a-z-]+"' <<<"$out" | cut -d'"' -f4 | paste -sd' ')
  read -r p q < <(grep -oE '"p": [0-9.eE-]+' <<<"$out" | cut -d' ' -f2 | paste -sd' ')
  printf 'seed %2d  planted: %-8s p %.4f   noise: %-8s p %.4f\n' "$seed" "$edge" "$p" "$noise" "$q"
  runs=$((runs + 1))
  [ "$edge" != edge ] || found=$((found + 1))
  [ "$noise" != edge ] || false=$((false + 1))
done
echo "$runs seeds: planted edge found in $found, noise called an edge in $false"
