#!/bin/sh
# Print the path of a Chromium or Chrome. Where there is none, install the system's package.
# Without its windows, tabs and menus (headless shell) it opens a page in half the time.
set -eu

find_chromium() {
    for name in ${CHROMIUM:+"$CHROMIUM"} chromium-headless-shell chromium \
        chromium-browser google-chrome google-chrome-stable; do
        # Ubuntu's chromium-browser may be a stub that only names a snap: it must run.
        if path=$(command -v "$name") && "$path" --version >/dev/null 2>&1; then
            echo "$path"
            return 0
        fi
    done
    return 1
}

find_chromium && exit

if command -v apt-get >/dev/null; then
    if [ "$(id -u)" = 0 ]; then root=env; elif sudo -n true 2>/dev/null; then root="sudo -n env"; else root=; fi
    if [ -n "$root" ]; then
        echo "Installing Chromium for the browser tests (about 100 MB, a minute or two) ..." >&2
        $root apt-get update -qq >&2 || true
        for package in chromium-headless-shell chromium; do
            $root DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >&2 &&
                find_chromium && exit
        done
    fi
fi

cat >&2 <<'END'
The tests drive a Chromium, and none was found. Install one, then try again:
  Debian:  sudo apt-get install chromium
  Ubuntu:  sudo snap install chromium
  Fedora:  sudo dnf install chromium
  macOS:   brew install --cask chromium
or name the one you have: make test CHROMIUM=/path/to/chrome
END
exit 1
