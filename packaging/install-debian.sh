#!/bin/sh
# Installs the Debian packages named as arguments that are missing; without the rights to do so, prints the one line to run.
set -eu

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "This is not a Debian system: if the window does not open, install what these packages hold: $*"
    exit 0
fi

missing=""
for package in "$@"; do
    # `provides` too: a later Debian may hold the same library under another name (libglib2.0-0t64).
    if ! dpkg-query -W -f '${db:Status-Status} ${Package} ${Provides}\n' 2>/dev/null | awk -v wanted="$package" '
            $1 == "installed" { for (i = 2; i <= NF; i++) { sub(/,$/, "", $i); if ($i == wanted) found = 1 } }
            END { exit !found }'; then
        missing="$missing $package"
    fi
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
    echo "Some system packages are missing. Run this line once, then the same make command again:" >&2
    echo "    sudo apt-get update && sudo apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
echo "Installing system packages:$missing"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086  # one argument a package
if ! log=$({ apt-get update && apt-get install -y --no-install-recommends $missing; } 2>&1 </dev/null); then
    echo "$log" >&2
    echo "The system packages could not be installed; the lines above say why. Run the same make command again after that." >&2
    exit 1
fi
