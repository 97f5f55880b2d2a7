#!/usr/bin/env bash
# Sets up what is missing, and only that: `scripts/setup.sh [build|test]` (test, the default, wants what the checks need too).
# The Makefile's PATH begins with the three bin folders that this fills.
set -euo pipefail
cd "$(dirname "$0")/.."

cache="${XDG_CACHE_HOME:-$HOME/.cache}/flowsift"
tools="$cache/tools" # what cargo builds
rust="$cache/rust"   # a toolchain made of Debian's packages, where rustup has none with the wasm target
node="$cache/node"   # Node, where the system's is too old
export PATH="$rust/bin:$node/bin:$tools/bin:$PATH"
wasm=wasm32-unknown-unknown
system="$(uname -s)"
whole="$([ "${1:-test}" = test ] && echo yes || true)"

say() { echo "setup: $*"; }
have() { command -v "$1" >/dev/null 2>&1; }

# ---- system packages ----

# The command that installs Debian packages, or what holds the same elsewhere; empty where none is known.
installer() {
    local other="${*/libc6-dev/glibc-devel}"
    other="${other/g++/gcc-c++}"
    if [ "$system" = Darwin ]; then
        case "$*" in # one after another: each is asked for again until it is there
        *gcc* | *g++*) echo "xcode-select --install" ;;
        *npm*) echo "brew install node" ;;
        *) echo "brew install --cask google-chrome" ;;
        esac
    elif have apt-get; then echo "sudo apt-get install --no-install-recommends $*"
    elif have dnf; then echo "sudo dnf install $other"
    elif have zypper; then echo "sudo zypper install $other"
    elif have pacman; then echo "sudo pacman -S --needed $(echo "${*/libc6-dev/glibc}" | sed 's/g++/gcc/')"
    fi
}

# Installs Debian packages for root; anybody else is told the one command, and asked to run it.
packages() {
    local command
    if [ "$(id -u)" = 0 ] && have apt-get; then
        say "installing $*"
        apt-get update -q
        DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
        return
    fi
    command="$(installer "$@")"
    if [ -n "$command" ]; then
        say "system packages are missing; run this, then try again:"
        echo "    $command"
    else
        say "install what Debian calls $*, then try again"
    fi
    exit 1
}

node_ok() { node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null; }

# What the tests drive; scripts/browser.mjs looks in the same places.
have_chrome() {
    [ -n "${CHROME:-}" ] || have chromium || have google-chrome ||
        [ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ] ||
        [ -x "/Applications/Chromium.app/Contents/MacOS/Chromium" ]
}

missing=()
have cc || missing+=(gcc libc6-dev)
[ -z "$whole" ] || have c++ || missing+=(g++) # for libFuzzer
have npm || { have node || missing+=(nodejs); missing+=(npm); }
[ -z "$whole" ] || have_chrome || missing+=(chromium)
[ ${#missing[@]} = 0 ] || packages "${missing[@]}"

# Firefox and WebKit, in which the tests do the main job as well. They skip what is not here and say so, so nobody is asked
# to install it; root gets those that apt knows.
engines=()
[ -n "${FIREFOX:-}" ] || have firefox-esr || have firefox || engines+=(firefox-esr)
[ -n "${WEBKIT_DRIVER:-}" ] || have WebKitWebDriver || engines+=(webkit2gtk-driver xvfb xauth dbus)
if [ -n "$whole" ] && [ ${#engines[@]} != 0 ] && [ "$(id -u)" = 0 ] && have apt-get; then
    compgen -G "/var/lib/apt/lists/*Packages*" >/dev/null || apt-get update -q
    known=()
    for package in "${engines[@]}"; do apt-cache show "$package" >/dev/null 2>&1 && known+=("$package"); done
    [ ${#known[@]} = 0 ] || packages "${known[@]}" || say "not installed: ${known[*]}"
fi

if ! node_ok; then
    case "$system-$(uname -m)" in
    Linux-x86_64) build=linux-x64 ;;
    Linux-aarch64) build=linux-arm64 ;;
    Darwin-arm64) build=darwin-arm64 ;;
    Darwin-x86_64) build=darwin-x64 ;;
    *) say "Node is older than 20; install a newer one, then try again"; exit 1 ;;
    esac
    say "fetching a current Node (the system's is older than 20)"
    npm install --silent --prefix "$cache/npm" "node-$build@22" || true
    mkdir -p "$node"
    ln -sfn "$cache/npm/node_modules/node-$build/bin" "$node/bin"
    node_ok || { say "that Node does not run; install Node 20 or newer, then try again"; exit 1; }
fi

# ---- Rust and its wasm target ----

# Whether the compiler on this path has the target.
has_wasm() { [ -d "$(PATH="$1" rustc --print target-libdir --target $wasm 2>/dev/null || echo none)" ]; }

# Debian's rustc with a std for wasm built from Debian's sources, in a sysroot of our own: nothing outside the cache changes.
debian_rust() {
    if ! have apt-get; then
        say "install Rust with rustup (https://rustup.rs), then try again: \`rustup target add $wasm\` has to work"
        exit 1
    fi
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

theirs="${PATH//"$rust/bin:"/}" # without the toolchain that this made
if [ -z "${FLOWSIFT_FORCE_DEBIAN_RUST:-}" ] && has_wasm "$theirs"; then
    rm -rf "$rust" # made when there was no better one
elif [ -e "$rust" ] || [ -n "${FLOWSIFT_FORCE_DEBIAN_RUST:-}" ]; then
    # Made before; again when it was interrupted or Debian's compiler has changed since.
    [ "$(cat "$rust/version" 2>/dev/null)" = "$(/usr/bin/rustc --version 2>/dev/null || echo none)" ] || debian_rust
else
    say "adding the target $wasm"
    if ! have rustup || ! $(have timeout && echo timeout 300) rustup target add $wasm; then
        say "rustup cannot add it here; trying Debian's Rust instead"
        debian_rust
    fi
fi

# ---- what is fetched and what cargo builds, side by side ----

# Quick to build rather than quick to run: a build of the site uses each for seconds.
install() {
    local built
    built="$(mktemp -d)"
    say "building $1 ($2, once)"
    env -u RUSTFLAGS CARGO_TARGET_DIR="$built" CARGO_BUILD_BUILD_DIR="$built" \
        CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 \
        cargo install --quiet --locked --force --root "$tools" "${@:3}"
    rm -rf "$built"
}

wasm_bindgen() {
    local version # must be the crate's own
    version="$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p;}' Cargo.lock)"
    # Ours splits programs as well (an older one of ours does not).
    [ "$(wasm-bindgen --version 2>/dev/null)" != "wasm-bindgen $version (splits)" ] || return 0
    grep -q "^version = \"$version\"" scripts/wasm-bindgen/Cargo.toml ||
        { say "scripts/wasm-bindgen/Cargo.toml has to name $version, as Cargo.lock does"; return 1; }
    install "wasm-bindgen $version" "a minute" --path scripts/wasm-bindgen
}

# Only to check that it builds the same site: the build itself does without.
trunk() {
    local version=0.21.14
    [ "$(command trunk --version 2>/dev/null)" = "trunk $version" ] ||
        install "trunk $version" "some minutes" trunk --version $version --no-default-features
}

crates() { # builds are offline
    cargo fetch --locked --quiet
    [ -z "$whole" ] || cargo fetch --locked --quiet --manifest-path fuzz/Cargo.toml
}

npm_packages() {
    cmp -s package-lock.json node_modules/.installed && return
    say "installing npm packages"
    npm ci --ignore-scripts --silent
    cp package-lock.json node_modules/.installed
}

jobs=()
for job in crates npm_packages wasm_bindgen ${whole:+trunk}; do
    $job &
    jobs+=($!)
done
for job in "${jobs[@]}"; do wait "$job"; done
