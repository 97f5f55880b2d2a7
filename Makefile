# Flowsift: `make serve` to use it, `make test` to check it. Both set up what is missing first.
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/flowsift
export PATH := $(CACHE)/rust/bin:$(CACHE)/node/bin:$(CACHE)/tools/bin:$(PATH)
# Where no locale is set, browsers cannot open files whose names have other letters than ASCII's.
export LANG ?= C.UTF-8

WASM := --target wasm32-unknown-unknown --features ui,parquet,trainer-web --lib --bins

.PHONY: help serve dev build site test check fuzz bench accuracy setup setup-build clean
.DEFAULT_GOAL := help
.NOTPARALLEL:

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

serve: setup-build ## serve the release site on localhost (PORT=8080 BASE=/); what few visits need is built meanwhile
	@echo "== release site"
	@exec node scripts/site.mjs serve

dev: setup-build ## serve page and worker without optimisation, built again on every change (PORT=8081)
	@exec node scripts/site.mjs dev

build: setup-build site ## build the release site into dist/

site:
	@echo "== release site"
	@node scripts/site.mjs build

test: setup check site ## format, lints, tests, release build, size budget, browser tests
	@echo "== the same site by trunk"
	@node scripts/trunk-check.mjs
	@echo "== size budget"
	@node scripts/size-budget.mjs dist
	@echo "== browser tests"
	@node scripts/browser-tests.mjs

check:
	@echo "== format"
	cargo fmt --check
	cargo fmt --check --manifest-path scripts/wasm-bindgen/Cargo.toml
	cargo fmt --check --manifest-path fuzz/Cargo.toml
	@echo "== lints"
	cargo clippy --locked --all-targets --features ui,parquet -- -D warnings
	cargo clippy --locked $(WASM) -- -D warnings
	@echo "== documentation"
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --features ui,parquet --document-private-items
	@echo "== dependencies"
	@if command -v cargo-deny >/dev/null; then for crate in . fuzz; do \
	cargo deny --manifest-path $$crate/Cargo.toml check --config deny.toml licenses bans sources || exit; done; \
	else echo "cargo-deny is not installed: licences and sources not checked"; fi
	@echo "== tests of the scripts"
	node --test tests/scripts/*.test.mjs
	@echo "== native tests"
	cargo test --locked --features ui,parquet
	@echo "== native tests of the trainer"
	cargo test --locked --features trainer-flex --lib train::
	@echo "== kept models in other runtimes"
	@node scripts/onnx.mjs
	@node scripts/onnx.mjs --spark
	@echo "== readers of files, fuzzed for a moment"
	@node scripts/fuzz.mjs --same

fuzz: setup ## fuzz the readers of files (TIME=600 seconds each or RUNS=1000000, TARGET=records,json)
	@echo "== readers of files, fuzzed"
	@node scripts/fuzz.mjs

bench: setup site ## run the benchmarks beside the peers (SIZES=200MB,1GB,full RUNS=3 FILE=flows.csv)
	cargo bench --locked --benches
	@node scripts/bench/parsing.mjs
	@node scripts/bench/forest.mjs
	@node scripts/bench/groups.mjs
	@node scripts/bench/autoencoder.mjs
	@node scripts/bench/end-to-end.mjs

accuracy: setup ## print the tables of docs/ACCURACY.md (data in ../shared/data; takes minutes)
	@for table in accuracy noise rules groups baseline learning ready; do \
	cargo test --locked --release --test all $$table:: -- --ignored --nocapture || exit; done
	cargo test --locked --release --lib planted -- --ignored --nocapture

setup: ## set up what is missing for all of this
	@echo "== setup"
	@scripts/setup.sh test

setup-build:
	@echo "== setup"
	@scripts/setup.sh build

clean: ## remove what was built in the checkout (not the shared cache)
	rm -rf dist generated test-results
