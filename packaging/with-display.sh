#!/bin/sh
# Runs a command on the display there is; where there is none, on a virtual one with a window manager, gone afterwards.
set -eu

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    exec "$@"
fi

folder=$(mktemp -d)
xvfb="" manager=""
clean_up() {
    [ -z "$manager" ] || kill "$manager" 2>/dev/null || true
    [ -z "$xvfb" ] || kill "$xvfb" 2>/dev/null || true
    [ -z "$xvfb" ] || wait "$xvfb" 2>/dev/null || true
    rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' HUP TERM

# The display ends with this script even where the script is killed: the kernel tells it.
tied=""
if setpriv --pdeathsig TERM true 2>/dev/null; then
    tied="setpriv --pdeathsig TERM"
fi

# Xvfb picks a free display number by itself and writes it down once it answers.
$tied Xvfb -displayfd 3 -screen 0 1600x1000x24 +extension GLX -nolisten tcp -noreset \
    3>"$folder/number" >"$folder/log" 2>&1 &
xvfb=$!
waited=0
while [ ! -s "$folder/number" ]; do
    if [ "$waited" -ge 200 ] || ! kill -0 "$xvfb" 2>/dev/null; then
        echo "The virtual display did not start:" >&2
        cat "$folder/log" >&2
        exit 1
    fi
    sleep 0.1
    waited=$((waited + 1))
done
DISPLAY=":$(cat "$folder/number")"
export DISPLAY
export SLICELAB_DISPLAY_PROCESS="$xvfb"
export SLICELAB_VIRTUAL_DISPLAY=1 # nobody is looking: pictures instead of waiting for a person
export QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-xcb}"
if [ -z "${XDG_RUNTIME_DIR:-}" ]; then
    mkdir -m 700 "$folder/runtime"
    export XDG_RUNTIME_DIR="$folder/runtime"
fi

$tied openbox >"$folder/manager" 2>&1 &
manager=$!
"$@"
