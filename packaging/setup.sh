#!/bin/sh
# Makes everything slicelab needs on this machine: system packages and the Python environment (.venv). Safe to run again at any time.
#
# SLICELAB_TORCH_INDEX: a package index to take PyTorch from (a CPU or CUDA build); unset: the usual one.
set -eu
cd "$(dirname "$0")/.."

stamp=.venv/slicelab-setup
wanted=$({ cat pyproject.toml packaging/constraints.txt packaging/setup.sh; echo "${SLICELAB_TORCH_INDEX:-}"; } | sha256sum)
packages=$(sed 's/#.*//' packaging/system-packages.txt)

there=no
if [ -f "$stamp" ] && .venv/bin/python -c '' 2>/dev/null; then
    there=yes
else
    python=$(packaging/find-python.sh)
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then # Debian keeps it apart
        packages="$packages $("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    fi
fi

# shellcheck disable=SC2086  # one argument a package
packaging/install-debian.sh $packages

if [ "$there" = no ]; then
    # No stamp: never finished, or interrupted. What half an installation holds cannot be told, so it is made anew.
    echo "Making .venv with $("$python" --version); the first time takes a few minutes"
    rm -rf .venv
    "$python" -m venv .venv
elif [ "$(cat "$stamp")" = "$wanted" ]; then
    exit 0
else
    echo "The wanted versions have changed: updating .venv"
    rm "$stamp"
fi

pip() { .venv/bin/python -m pip --quiet --disable-pip-version-check "$@"; }
pip install --constraint packaging/constraints.txt hatchling
if [ -n "${SLICELAB_TORCH_INDEX:-}" ]; then
    pip install --constraint packaging/constraints.txt --index-url "$SLICELAB_TORCH_INDEX" --no-deps --force-reinstall torch
fi
pip install --constraint packaging/constraints.txt --no-build-isolation --editable '.[dev]'

# Written last and moved into place: an interrupted set-up has no stamp.
echo "$wanted" > "$stamp.new"
mv "$stamp.new" "$stamp"
echo "The environment is ready."
