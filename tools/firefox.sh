#!/bin/sh
# Print the path of a Firefox. Where there is none, install the system's package.
set -eu

find_firefox() {
    for name in ${FIREFOX:+"$FIREFOX"} firefox-esr firefox; do
        # Ubuntu's firefox may be a stub that only names a snap: it must run.
        if path=$(command -v "$name") && "$path" --version >/dev/null 2>&1; then
            echo "$path"
            return 0
        fi
    done
    return 1
}

find_firefox && exit

if command -v apt-get >/dev/null; then
    if [ "$(id -u)" = 0 ]; then root=env; elif sudo -n true 2>/dev/null; then root="sudo -n env"; else root=; fi
    if [ -n "$root" ]; then
        echo "Installing Firefox for the browser tests (about 100 MB, a minute or two) ..." >&2
        if $root apt-get update -qq >&2 &&
            $root DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends firefox-esr >&2; then
            find_firefox && exit
        fi
    fi
fi

cat >&2 <<'END'
The tests drive a Firefox, and none was found. Install one, then try again:
  Debian:  sudo apt-get install firefox-esr
  Ubuntu:  sudo snap install firefox
  Fedora:  sudo dnf install firefox
  macOS:   brew install --cask firefox
or name the one you have: make test FIREFOX=/path/to/firefox
END
exit 1
