# `make` lists the targets.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
WEB     := embed/web
# Whatever is built and checked without the race detector is so in one way, the release's: the
# cache then holds the hundreds of dependencies once, and not once a set of flags.
PLAIN   := CGO_ENABLED=0 GOFLAGS=-trimpath
BIN     := bin

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | expand -t 18

.PHONY: run
run: ## Start the server (the same as `go run .`)
	go run .

.PHONY: build
build: ## Build a static ./liveassist
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o liveassist .

.PHONY: test
test: setup test-go test-web test-dist test-browser test-backup test-e2e e2e ## Everything that CI checks, with all set-up
	@echo "all tests passed"

.PHONY: setup
setup: $(WEB)/node_modules/.package-lock.json ## Install what the tests need (Chromium and Docker with apt, npm packages)
	bash scripts/setup.sh

$(WEB)/node_modules/.package-lock.json: $(WEB)/package-lock.json
	cd $(WEB) && npm ci --engine-strict --no-audit --no-fund
	@touch $@

.PHONY: test-go
test-go: ## Go tests, with the race detector
	$(PLAIN) go vet ./...
	bash scripts/gotest.sh ./...

.PHONY: test-web
test-web: $(WEB)/node_modules/.package-lock.json ## Type check, lint and unit tests of the web app
	cd $(WEB) && npm run --silent typecheck && npm run --silent lint && npm run --silent test

.PHONY: test-dist
test-dist: $(WEB)/node_modules/.package-lock.json ## The committed build equals its source and keeps its budget
	cd $(WEB) && npm run --silent check-dist && npm run --silent budget

.PHONY: test-browser
test-browser: build-race $(WEB)/node_modules/.package-lock.json ## The story in a real browser against the real binary
	cd $(WEB) && LIVEASSIST_BIN=$(CURDIR)/$(BIN)/liveassist-race npm run --silent e2e

.PHONY: build-race
build-race:
	go build -race -o $(BIN)/liveassist-race .

.PHONY: web
web: $(WEB)/node_modules/.package-lock.json ## Build the web app into embed/dist
	cd $(WEB) && npm run --silent gen && npm run --silent build

# Not by `go run`, which passes no SIGTERM on: the program would run on alone.
LOAD := go build -o $(CURDIR)/$(BIN)/load . && exec $(CURDIR)/$(BIN)/load -product $(CURDIR)/liveassist
BENCH_FLAGS := -run '^$$' -bench . -benchmem -timeout 60m

.PHONY: bench
bench: build | $(BIN) ## Benchmarks, and the table of promised figures over HTTP beside others (bin/bench.json)
	go test $(BENCH_FLAGS) ./...
	cd e2e/load && $(LOAD) -json $(CURDIR)/$(BIN)/bench.json

$(BIN):
	@mkdir -p $(BIN)

.PHONY: bench-growth
bench-growth: build | $(BIN) ## Measure how cost grows with the database: docs/growth.csv and growth.svg
	cd e2e/load && $(LOAD) -only growth -charts $(CURDIR)/docs

.PHONY: bench-compare
bench-compare: ## benchstat of the benchmarks here against the merge base with BASE (PKG and COUNT narrow it)
	bash scripts/bench-compare.sh "$(or $(BASE),origin/main)" "$(or $(PKG),./...)" "$(or $(COUNT),6)"

# The targets of a release; .goreleaser.yaml has the same, and release_test.go compares them.
TARGETS := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64

.PHONY: cross
cross: ## Build for every system of a release into bin/cross (not part of `make test`)
	@mkdir -p $(BIN)/cross
	@for target in $(TARGETS); do \
	  os=$${target%/*}; arch=$${target#*/}; file=$(BIN)/cross/liveassist_$${os}_$$arch; \
	  if [ $$os = windows ]; then file=$$file.exe; fi; \
	  echo "$$file"; \
	  CGO_ENABLED=0 GOOS=$$os GOARCH=$$arch go build -trimpath -ldflags '$(LDFLAGS)' -o $$file .; \
	done

.PHONY: lint
lint: ## golangci-lint with the project's chosen set
	go tool -modfile=tools/go.mod golangci-lint run ./...

include e2e/Makefile.inc
include faults/Makefile.inc
include backup/Makefile.inc
include security/Makefile.inc
