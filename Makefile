SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

GO ?= go
FUZZTIME ?= 30s
GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
DEADCODE := golang.org/x/tools/cmd/deadcode@v0.52.0

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

NPM := npm --prefix app --no-update-notifier
APP_SOURCES := $(shell find app/src app/*.html app/*.ts app/package-lock.json -type f)

# What npm installed, as the lock file says.
app/node_modules/.package-lock.json: app/package-lock.json
	@command -v npm >/dev/null || { echo 'the app needs Node.js 20.19 or newer with npm' >&2; exit 1; }
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); if (a < 20 || (a === 20 && b < 19)) { console.error(`the app needs Node.js 20.19 or newer, this is $${process.version}`); process.exit(1) }'
	$(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

app/dist/web/manifest.json: app/node_modules/.package-lock.json $(APP_SOURCES)
	$(NPM) run --silent build

.PHONY: app
app: app/dist/web/manifest.json ## build the app that agents see in Zendesk

.PHONY: build
build: app ## build bin/ponte
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/ponte ./cmd/ponte

.PHONY: run
run: build ## build and start the demo
	bin/ponte demo

.PHONY: test
test: ## install what the tests need, and run them all: the app's, Go's with the race detector, the browser's
	scripts/setup-test.sh
	$(MAKE) --no-print-directory build
	$(NPM) run --silent check
	$(NPM) run --silent test
	CGO_ENABLED=1 $(GO) test -race -shuffle=on -timeout 20m ./...
	$(NPM) run --silent browser

.PHONY: lint
lint: ## formatting and linters
	$(GO) run $(GOLANGCI) run ./...

.PHONY: check
check: lint ## formatting, linters, vet, dead code, go.mod
	$(GO) vet ./...
	@echo 'deadcode -test ./...'; \
	dead=$$($(GO) run $(DEADCODE) -test ./...); \
	if [[ -n $$dead ]]; then echo "$$dead"; echo 'code that nothing calls, see above' >&2; exit 1; fi
	$(GO) mod tidy -diff
	$(GO) mod verify

.PHONY: bench
bench: build ## measure the product on this machine
	bin/ponte bench

.PHONY: fuzz
fuzz: ## run every fuzz target for FUZZTIME (30s)
	scripts/fuzz.sh $(FUZZTIME)
