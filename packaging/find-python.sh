#!/bin/sh
# Prints the Python that the environment is made from: 3.11 where there is one, else a version that slicelab knows.
set -eu
for candidate in python3.11 python3.12 python3.13 python3; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
        command -v "$candidate"
        exit 0
    fi
done
echo "slicelab needs Python 3.11, 3.12 or 3.13, and none was found. On Debian: apt-get install python3.11" >&2
exit 1
