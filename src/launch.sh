#!/usr/bin/env bash
# launch.sh PROJECT ASSEMBLY SOURCE... -- ARGS: builds PROJECT into build/<hash of the sources>/ when that is missing, and runs it from there.
# A rebuild therefore never pulls files from under a running process. Nothing but the program itself writes to stdout.
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
project=$1 assembly=$2
shift 2
sources=()
while [ "$1" != -- ]; do sources+=("$1"); shift; done
shift
kept=3   # finished builds that stay beside the newest

die() { printf '%s\n' "$@" >&2; exit 1; }

sources_hash() {
  { echo "$project"
    cd "$root"
    find "${sources[@]}" \( -name bin -o -name obj -o -name node_modules -o -name wwwroot \) -prune -o -type f -print0 \
      | LC_ALL=C sort -z | xargs -0 sha256sum
  } | sha256sum | cut -c1-16
}

# Holds a shared lock on the build for as long as the process lives: the lock survives exec and ends with the process.
hold() {
  { exec 8<"$root/build/$1/.running"; } 2>/dev/null || return 1
  flock --shared --nonblock 8 && [ -e "$root/build/$1/.running" ] || return 1
  touch "$root/build/$1/.running" 2>/dev/null || true   # the time of use; who may not write here runs it all the same
}

# Builds aside, under the build lock; the folder gets its name when it is complete.
compile() {
  local out=$root/build/$1 aside=$root/build/.new log=$root/build/build.log
  rm -rf "$aside"
  # Descriptor 9 is the build lock: compiler servers outlive the build and must not inherit it.
  if ! (cd "$root" && dotnet publish "$project" -c Release --artifacts-path "$root/build/artifacts" -o "$aside" \
        -p:RestoreLockedMode=true -v quiet -nologo) >"$log" 2>&1 </dev/null 8<&- 9>&-; then
    die "Peregrine could not be built; correct the errors below (all output: $log)." \
      "$(grep -E '(error|Error) ' "$log" | sort -u | head -20)"
  fi
  if [ "$(sources_hash)" != "$1" ]; then
    rm -rf "$aside"   # edited meanwhile: this build is of neither version
    return
  fi
  # Native libraries of other systems are nine tenths of the bytes.
  [ ! -d "$aside/runtimes" ] || find "$aside/runtimes" -mindepth 1 -maxdepth 1 ! -name 'linux*-x64' -exec rm -rf {} +
  touch "$aside/.running"
  rm -rf "$out"
  mv "$aside" "$out"
}

prune() {
  local old
  ls -1dt "$root"/build/*/.running 2>/dev/null | tail -n "+$((kept + 2))" | while read -r old; do
    old=$(dirname "$old")
    # Renamed before it is deleted, so that a process about to start from it either holds the lock or finds nothing.
    ( exec 7<"$old/.running" && flock --exclusive --nonblock 7 && mv "$old" "$old.old" && rm -rf "$old.old" ) || true
  done
}

command -v dotnet >/dev/null || die "Peregrine needs .NET 10, and 'dotnet' is not on the PATH; install the SDK from https://dotnet.microsoft.com/download and run this again."
command -v flock >/dev/null || die "Peregrine's launcher needs 'flock', which is not on the PATH; install util-linux and run this again."

hash=$(sources_hash)
if ! hold "$hash"; then
  case $(dotnet --list-sdks) in 10.*|*$'\n'10.*) ;; *) die "Peregrine is built with the .NET 10 SDK, and 'dotnet --list-sdks' shows none; install it from https://dotnet.microsoft.com/download and run this again." ;; esac
  mkdir -p "$root/build" 2>/dev/null || die "Peregrine cannot be built: $root is not writable; make it so, or copy it where you may write."
  { exec 9>"$root/build/.lock"; } 2>/dev/null || die "Peregrine cannot be built: $root/build is not writable; make it so, or copy $root where you may write."
  flock 9
  for attempt in 1 2 3; do
    hash=$(sources_hash)
    if hold "$hash"; then break; fi
    [ ! -t 2 ] || echo "Peregrine: building …" >&2
    compile "$hash"
  done
  hold "$hash" || die "Peregrine could not be built: its sources changed during each of three builds; run this again when they rest."
  prune
  exec 9>&-
fi

exec dotnet "$root/build/$hash/$assembly.dll" "$@"
