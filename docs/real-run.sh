#!/usr/bin/env bash
# Evolve on EURUSD M15 of 2018, judge on 2019, report. Needs HistData's M1 zips of both years:
#   docs/real-run.sh FOLDER_WITH_ZIPS [HOME_FOLDER] [EVALUATIONS]
set -euo pipefail
zips=$1 home=${2:-$(mktemp -d)} evaluations=${3:-10000}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
p() { "$root/peregrine" --home "$home" "$@"; }

p data import "$zips"/HISTDATA_COM_ASCII_EURUSD_M1201[89].zip --format histdata --symbol EURUSD
p evolve --symbol EURUSD --timeframe M15 --to 2019-01-01 --evaluations "$evaluations" --seed 1 --json >"$home/evolve.json" || [ $? = 3 ] # an answer as well: no edge, or too little data
ids=$(sed -n '/"front"/,/"refused"/p' "$home/evolve.json" | grep -oE '"id": "[0-9a-f]{64}"' | grep -oE '[0-9a-f]{64}')
rank=0
for id in $ids; do
  rank=$((rank + 1))
  out=$(p backtest "$id" --from 2019-01-01 --to 2020-01-01 --out "$home/2019-$rank.html" --json)
  echo "$rank ${id:0:8} 2019: Sharpe $(grep -m1 -oE '"sharpe": [^,]*' <<<"$out" | cut -d' ' -f2), return $(grep -m1 -oE '"totalReturn": [^,]*' <<<"$out" | cut -d' ' -f2), trades $(grep -m1 -oE '"trades": [0-9]+' <<<"$out" | cut -d' ' -f2)"
done
echo "reports in $home"
