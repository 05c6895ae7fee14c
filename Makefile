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

.PHONY: build
build: ## build bin/ponte
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/ponte ./cmd/ponte

.PHONY: run
run: build ## build and start the demo
	bin/ponte demo

.PHONY: test
test: ## install what the tests need, and run them all with the race detector
	scripts/setup-test.sh
	CGO_ENABLED=1 $(GO) test -race -shuffle=on -timeout 20m ./...

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
