# `make help` lists what there is.
GO       ?= go
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
# Kafka's messages are 1.4 MB smaller when the thousands of calls that write their fields are not inlined.
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

demo: build ## Broker, target, three drivers and a run (or the console), all on this machine
	@./$(BIN) demo --with-parent

test: ## All unit and integration tests
	@GO='$(GO)' .ci/test -p=4 ./...

race: ## The same with the race detector (needs a C compiler)
	@GO='$(GO)' .ci/test -race -p=4 ./...

e2e: ## Process-level tests against the real binary: counts, faults, signals (as root: also network namespaces)
	@GO='$(GO)' .ci/test -tags=e2e -count=1 -timeout=15m ./cli/e2e/...
	@GO='$(GO)' .ci/test -tags=e2e -count=1 -timeout=5m ./tui

bench: build ## What the load engine costs beside others (wrk, h2load, fortio, k6, … in PATH or installed), and its bars: tables and a plot
	$(GO) run ./loadgen/bench -landfall ./$(BIN) -plot loadgen/bench/cpu.svg

bench-engine: ## Benchmarks of the load engine's parts
	$(GO) test -run '^$$' -bench . -benchmem ./loadgen/...

bench-bus: ## Figures of bus, orchestrator and driver beside their bars, as tables (six minutes)
	$(GO) test -tags bench -count=1 -timeout 20m -v ./kafkabus/bench
	$(GO) test -tags 'e2e bench' -count=1 -timeout 10m -run TestFigures -v ./cli/e2e

bench-verdict: ## How well comparisons and searches tell the truth, on a quiet machine (two hours; VERDICT=5: a quarter of it)
	$(GO) test -tags 'e2e bench' -count=1 -timeout 4h -run 'TellTheTruth|TellsTheTruth|TestCapacity' -v ./cli/e2e

bench-tui: ## What the console costs beside its bars: first frame, keys, CPU, bytes to the terminal, memory
	$(GO) test -tags bench -count=1 -timeout 15m -run 'TestFigures|TestHour' -v ./tui
	$(GO) test -run '^$$' -bench . -benchmem ./tui/...

architecture: ## The architecture picture of the docs, from docs/architecture.dot (needs graphviz)
	dot -Tsvg docs/architecture.dot -o docs/architecture.svg

screenshots: ## The README's pictures, from real runs (needs tmux and Chromium)
	tui/screenshots/screenshots.sh
	SCREENSHOTS=$(CURDIR)/node/gateway/screenshots $(GO) test -tags e2e -count=1 -run '^TestPage$$' ./cli/e2e

lint: ## gofmt, vet, staticcheck
	@test -z "$$(gofmt -l .)" || { echo 'not formatted by gofmt:'; gofmt -l .; exit 1; }
	$(GO) vet ./...
	$(GO) vet -tags e2e ./cli/e2e ./tui
	$(GO) vet -tags 'e2e bench' ./cli/e2e ./tui ./kafkabus/bench
	$(GO) run $(STATICCHECK) ./...

fuzz: ## Every fuzz target, $(FUZZTIME) each
	@.ci/fuzz $(FUZZTIME)

image: ## The container image
	docker build --build-arg VERSION=$(VERSION) -t $(IMAGE) .

clean: ## Remove what was built
	rm -f $(BIN) landfall.exe
