#!/bin/sh
# Installs the clients that the conformance tests run: Debian's psql, Python drivers and Chromium, node's from npm.
# usage: install.sh FOLDER     FOLDER gets node_modules. Does nothing, quickly, when everything is there.
# A client that cannot be installed is a failure: exit 1 and one line saying which and why.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
folder=${1:?usage: install.sh FOLDER}

fail() {
    echo "install.sh: $*" >&2
    exit 1
}

missing_packages() {
    [ -x /usr/bin/psql ] || echo postgresql-client
    [ -x /usr/bin/python3 ] || echo python3
    [ -x /usr/bin/chromium ] || echo chromium
    for module in psycopg2 psycopg asyncpg; do
        /usr/bin/python3 -c "import $module" 2>/dev/null || echo "python3-$module"
    done
    command -v node >/dev/null || echo nodejs
    command -v npm >/dev/null || echo npm
}

install_packages() {
    command -v apt-get >/dev/null || fail "apt-get is missing, cannot install: $*"
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif command -v sudo >/dev/null; then
        as_root="sudo -n"
    else
        fail "neither root nor sudo, cannot install: $*"
    fi
    # Two runs at once wait for each other instead of failing on dpkg's lock.
    apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300"
    $apt update || fail "apt-get update failed"
    $apt install -y --no-install-recommends "$@" >/dev/null || fail "apt-get could not install: $*"
}

packages=$(missing_packages | tr '\n' ' ')
if [ -n "$packages" ]; then
    # shellcheck disable=SC2086
    install_packages $packages
    left=$(missing_packages | tr '\n' ' ')
    [ -z "$left" ] || fail "installed, but still not usable: $left"
fi

mkdir -p "$folder"
if ! cmp -s "$here/package-lock.json" "$folder/installed-lock.json"; then
    cp "$here/package.json" "$here/package-lock.json" "$folder/"
    (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error) || fail "npm ci failed in $folder"
    cp "$folder/package-lock.json" "$folder/installed-lock.json"
fi
