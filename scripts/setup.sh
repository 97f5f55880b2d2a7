#!/usr/bin/env bash
# Sets up what is missing, and only that: `scripts/setup.sh [build|test]` (test, the default, wants a browser too).
# The Makefile's PATH begins with the two bin folders that this fills.
set -euo pipefail
cd "$(dirname "$0")/.."

cache="${XDG_CACHE_HOME:-$HOME/.cache}/flowsift"
tools="$cache/tools" # what cargo installs
rust="$cache/rust"   # a toolchain made of Debian's packages, where rustup cannot add the wasm target
node="$cache/node"   # Node, where the system's is too old
export PATH="$rust/bin:$node/bin:$tools/bin:$PATH"
wasm=wasm32-unknown-unknown

say() { echo "setup: $*"; }
have() { command -v "$1" >/dev/null 2>&1; }

# Installs Debian packages, or names the command and stops.
packages() {
    local root=()
    if ! have apt-get; then
        say "install what these Debian packages hold, then try again: $*"
        exit 1
    fi
    if [ "$(id -u)" != 0 ]; then
        if ! sudo -n true 2>/dev/null; then
            say "system packages are missing; run this, then try again:"
            echo "    sudo apt-get install --no-install-recommends $*"
            exit 1
        fi
        root=(sudo)
    fi
    say "installing $*"
    "${root[@]}" apt-get update -q
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}

# ---- system packages ----

node_ok() { node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null; }

missing=()
have cc || missing+=(gcc libc6-dev)
have npm || { have node || missing+=(nodejs); missing+=(npm); }
if [ "${1:-test}" = test ] && [ -z "${CHROME:-}" ]; then
    have chromium || have google-chrome || missing+=(chromium)
fi
[ ${#missing[@]} = 0 ] || packages "${missing[@]}"

# Firefox and WebKit, in which the tests do the main job as well. They skip what is not here and say so, so nobody is asked
# to install it; root gets those that apt knows.
engines=()
[ -n "${FIREFOX:-}" ] || have firefox-esr || have firefox || engines+=(firefox-esr)
[ -n "${WEBKIT_DRIVER:-}" ] || have WebKitWebDriver || engines+=(webkit2gtk-driver xvfb xauth dbus)
if [ "${1:-test}" = test ] && [ ${#engines[@]} != 0 ] && [ "$(id -u)" = 0 ] && have apt-get; then
    compgen -G "/var/lib/apt/lists/*Packages*" >/dev/null || apt-get update -q
    known=()
    for package in "${engines[@]}"; do apt-cache show "$package" >/dev/null 2>&1 && known+=("$package"); done
    [ ${#known[@]} = 0 ] || packages "${known[@]}" || say "not installed: ${known[*]}"
fi

if ! node_ok; then
    say "fetching a current Node (the system's is older than 20)"
    case "$(uname -m)" in aarch64 | arm64) arch=arm64 ;; *) arch=x64 ;; esac
    npm install --silent --prefix "$cache/npm" "node-linux-$arch@22"
    mkdir -p "$node"
    ln -sfn "$cache/npm/node_modules/node-linux-$arch/bin" "$node/bin"
    node_ok || { say "that Node does not run; install Node 20 or newer"; exit 1; }
fi

# ---- Rust and its wasm target ----

has_wasm() { have rustc && [ -d "$(rustc --print target-libdir --target $wasm)" ]; }

# Debian's rustc with a std for wasm built from Debian's sources, in a sysroot of our own: nothing outside the cache changes.
debian_rust() {
    packages rustc-web cargo-web rust-web-src rust-web-clippy rustfmt-web lld-22
    local host lib build
    host="$(/usr/bin/rustc -vV | sed -n 's/^host: //p')"
    rm -rf "$rust"
    mkdir -p "$rust/bin" "$rust/lib/rustlib/$host/bin"
    lib="$rust/lib/rustlib"
    ln -s /usr/lib/rustlib/src "$lib/src"
    ln -s "/usr/lib/rustlib/$host/lib" "$lib/$host/lib"
    ln -s "$(command -v ld.lld-22 | xargs readlink -f)" "$lib/$host/bin/rust-lld"
    for tool in rustc rustdoc; do
        printf '#!/bin/sh\nexec /usr/bin/%s --sysroot "%s" "$@"\n' $tool "$rust" >"$rust/bin/$tool"
    done
    # cargo finds clippy-driver beside the real cargo-clippy; SYSROOT tells it where the target's std is.
    for tool in cargo cargo-clippy cargo-fmt rustfmt; do
        printf '#!/bin/sh\nexport SYSROOT="%s"\nexec /usr/bin/%s "$@"\n' "$rust" $tool >"$rust/bin/$tool"
    done
    chmod +x "$rust/bin/"*

    say "building Rust's std for $wasm (1-2 minutes, once)"
    build="$(mktemp -d)"
    mkdir "$build/src"
    printf '[package]\nname = "empty"\nedition = "2021"\n' >"$build/Cargo.toml"
    touch "$build/src/lib.rs"
    # Without embedded bitcode, link-time optimisation cannot use it.
    (cd "$build" && RUSTC_BOOTSTRAP=1 RUSTFLAGS="-C embed-bitcode=yes" CARGO_TARGET_DIR=target \
        cargo build --release --target $wasm -Zbuild-std=std,panic_abort)
    mkdir -p "$lib/$wasm/lib"
    find "$build/target/$wasm/release/deps" -name '*.rlib' ! -name 'libempty-*' -exec cp {} "$lib/$wasm/lib/" \;
    rm -rf "$build"
    /usr/bin/rustc --version >"$rust/version"
}

if [ -e "$rust" ] || [ -n "${FLOWSIFT_FORCE_DEBIAN_RUST:-}" ]; then
    # Made before; again when it was interrupted or Debian's compiler has changed since.
    [ "$(cat "$rust/version" 2>/dev/null)" = "$(/usr/bin/rustc --version 2>/dev/null || echo none)" ] || debian_rust
elif ! has_wasm; then
    say "adding the target $wasm"
    if ! have rustup || ! $(have timeout && echo timeout 300) rustup target add $wasm; then
        say "rustup cannot add it here; trying Debian's Rust instead"
        debian_rust
    fi
fi

# ---- tools that cargo builds ----

# Quick to build rather than quick to run: a build of the site uses each for seconds.
install() {
    say "building $1 $2 (several minutes, once)"
    env -u CARGO_TARGET_DIR -u RUSTFLAGS \
        CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
        cargo install "$1" --version "$2" --root "$tools" --force "${@:3}"
}

trunk=0.21.14
bindgen="$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)" # must be the crate's own
[ "$(trunk --version 2>/dev/null)" = "trunk $trunk" ] ||
    install trunk $trunk --locked --no-default-features --features rustls
[ "$(wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $bindgen" ] ||
    install wasm-bindgen-cli "$bindgen"

# ---- packages ----

cargo fetch --locked --quiet # trunk builds offline
if ! cmp -s package-lock.json node_modules/.installed; then
    say "installing npm packages"
    npm ci --ignore-scripts --silent
    cp package-lock.json node_modules/.installed
fi
