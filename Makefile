# `make help` lists the targets.
GO       ?= go
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
# Without inlining the thousands of calls that write fields of Kafka's messages, the binary is 1.4 MB smaller.
GCFLAGS  := github.com/twmb/franz-go/pkg/kmsg=-l
LDFLAGS  := -s -w -funcalign=16 -X main.version=$(VERSION)
BIN      ?= landfall
PREFIX   ?= $(HOME)/.local
IMAGE    ?= landfall
FUZZTIME ?= 5s
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

.DEFAULT_GOAL := help
.PHONY: help build install demo test race e2e bench bench-engine bench-bus bench-verdict bench-tui architecture screenshots lint fuzz image clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## Build ./landfall, a static binary
	CGO_ENABLED=0 $(GO) build -trimpath -gcflags '$(GCFLAGS)' -ldflags '$(LDFLAGS)' -o $(BIN) .

install: build ## Build, and install binary, manual page and completions below PREFIX (~/.local)
	install -d '$(PREFIX)/bin' '$(PREFIX)/share/man/man1' '$(PREFIX)/share/bash-completion/completions' '$(PREFIX)/share/zsh/site-functions' '$(PREFIX)/share/fish/vendor_completions.d'
	install -m 755 '$(BIN)' '$(PREFIX)/bin/landfall'
	'$(PREFIX)/bin/landfall' man > '$(PREFIX)/share/man/man1/landfall.1'
	'$(PREFIX)/bin/landfall' completion bash > '$(PREFIX)/share/bash-completion/completions/landfall'
	'$(PREFIX)/bin/landfall' completion zsh > '$(PREFIX)/share/zsh/site-functions/_landfall'
	'$(PREFIX)/bin/landfall' completion fish > '$(PREFIX)/share/fish/vendor_completions.d/landfall.fish'

demo: build ## Start a broker, a target, three drivers and a run (or the console), all on this machine
	@./$(BIN) demo --with-parent

test: ## Run all unit and integration tests
	@GO='$(GO)' .ci/test -p=4 ./...

race: ## The same tests with the race detector (needs a C compiler)
	@GO='$(GO)' .ci/test -race -p=4 ./...

e2e: ## Run the tests of whole processes: counts, faults, signals (as root: also network partitions)
	@GO='$(GO)' .ci/test -tags=e2e -count=1 -timeout=15m ./cli/e2e/...
	@GO='$(GO)' .ci/test -tags=e2e -count=1 -timeout=5m ./tui

bench: build ## Compare the load engine with other tools (wrk, h2load, fortio, k6, … in PATH or installed) and check its limits: tables and a plot
	$(GO) run ./loadgen/bench -landfall ./$(BIN) -plot loadgen/bench/cpu.svg

bench-engine: ## Run the benchmarks of the load engine's parts
	$(GO) test -run '^$$' -bench . -benchmem ./loadgen/...

bench-bus: ## Measure bus, orchestrator and driver, and check their limits: tables (six minutes)
	$(GO) test -tags bench -count=1 -timeout 20m -v ./kafkabus/bench
	$(GO) test -tags 'e2e bench' -count=1 -timeout 10m -run TestFigures -v ./cli/e2e

bench-verdict: ## Measure how often comparisons and searches are right, on a quiet machine (two hours; VERDICT=5: half an hour)
	$(GO) test -tags 'e2e bench' -count=1 -timeout 4h -run 'TellTheTruth|TellsTheTruth|TestCapacity' -v ./cli/e2e

bench-tui: ## Measure the console and check its limits: first frame, keys, CPU, bytes to the terminal, memory
	$(GO) test -tags bench -count=1 -timeout 15m -run 'TestFigures|TestHour' -v ./tui
	$(GO) test -run '^$$' -bench . -benchmem ./tui/...

architecture: ## Draw the architecture picture from docs/architecture.dot (needs graphviz)
	dot -Tsvg docs/architecture.dot -o docs/architecture.svg

screenshots: ## Take the README's pictures from real runs (needs tmux and Chromium)
	tui/screenshots/screenshots.sh
	SCREENSHOTS=$(CURDIR)/node/gateway/screenshots $(GO) test -tags e2e -count=1 -run '^TestPage$$' ./cli/e2e

lint: ## Run gofmt, vet and staticcheck
	@test -z "$$(gofmt -l .)" || { echo 'not formatted by gofmt:'; gofmt -l .; exit 1; }
	$(GO) vet ./...
	$(GO) vet -tags e2e ./cli/e2e ./tui
	$(GO) vet -tags 'e2e bench' ./cli/e2e ./tui ./kafkabus/bench
	$(GO) run $(STATICCHECK) ./...

fuzz: ## Run every fuzz target for FUZZTIME (5s)
	@.ci/fuzz $(FUZZTIME)

image: ## Build the container image
	docker build --build-arg VERSION=$(VERSION) -t $(IMAGE) .

clean: ## Remove the built binaries
	rm -f $(BIN) landfall.exe
