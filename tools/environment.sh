#!/bin/sh
# Make .venv, or bring it up to date, with what requirements.txt pins. Usage:
#   tools/environment.sh PYTHON         all of it
#   tools/environment.sh PYTHON book    what one extra of pyproject.toml needs of it
set -eu
python=$1 extra=${2:-}

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
bin=.venv/bin
[ -d .venv/Scripts ] && bin=.venv/Scripts
if ! "$bin/python" -m pip --version >/dev/null 2>&1; then
    echo "Making .venv ..."
    "$python" -m venv --clear .venv
    [ -d .venv/Scripts ] && bin=.venv/Scripts
fi
pip() { "$bin/python" -m pip --disable-pip-version-check "$@"; }

# uv installs ten times as fast as pip, which stays the way where uv cannot be had.
uv=$(command -v uv || command -v "$bin/uv") ||
    { pip install --quiet uv && uv=$bin/uv; } || uv=
install() {
    if [ -n "$uv" ]; then
        "$uv" pip install --quiet --python "$bin/python" "$@" && return
        echo "uv could not; trying pip ..." >&2
    fi
    pip install --quiet "$@"
}

if [ -z "$extra" ]; then
    echo "Installing what requirements.txt lists into .venv: seconds with uv, minutes with pip ..."
    install --requirement requirements.txt
else
    echo "Installing what the $extra needs into .venv: seconds with uv, minutes with pip ..."
    grep -v '^-e ' requirements.txt >.venv/pins.txt # its own line is no constraint
    install --constraint .venv/pins.txt --editable ".[$extra]"
fi
