#!/bin/sh
# Make .venv and install requirements.txt into it. Usage: tools/environment.sh PYTHON
set -eu
python=$1

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    version=$("$python" --version 2>&1) || version="not there"
    echo "This course needs Python 3.11 or newer; '$python' is $version." >&2
    echo "Name a newer one: make PYTHON=python3.12 ..." >&2
    exit 1
fi

# Debian and Ubuntu ship venv apart from Python.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing python$version-venv ..." >&2
        apt-get update -qq >&2
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "python$version-venv" >&2
    else
        echo "'$python' cannot make virtual environments yet. On Debian and Ubuntu:" >&2
        echo "  sudo apt-get install python$version-venv" >&2
        exit 1
    fi
fi

# A .venv that was copied or whose Python is gone is made anew.
if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    echo "Making .venv ..."
    "$python" -m venv --clear .venv
fi
echo "Installing what requirements.txt lists into .venv: 1 to 5 minutes the first time ..."
.venv/bin/python -m pip install --disable-pip-version-check -r requirements.txt
