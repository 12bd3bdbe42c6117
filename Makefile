# Everything goes through the go command; this file only gives it names.
# make test ARGS='./engine/... -run Tx' passes arguments on to go test.

SHELL := /bin/bash
GO ?= go
TESTBED = $(GO) run ./internal/testbed
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.7.0
CROSS = linux/386 linux/arm64 windows/amd64 darwin/arm64

# A working copy of another owner cannot be stamped with its revision.
export GOFLAGS := $(strip $(GOFLAGS) -buildvcs=false)
export GOWORK := off

.PHONY: help test test-modules records bench bench-peers bench-once soak soak-stream vet vet-cross lint fmt fmt-check tidy-check

help:
	@echo 'make test           the tests on SQLite and throwaway servers, with the race detector'
	@echo 'make test-modules   the same for every nested module'
	@echo 'make records        what the conformance suite comes to, and docs/dialects.md of it'
	@echo 'make bench          our figures beside the hand-written floors'
	@echo 'make bench-peers    other libraries beside ours; ARGS=...'
	@echo 'make bench-once     every benchmark once, to see that it runs'
	@echo 'make soak           transfers of money while everything fails, then each fuzz target of internal/safety and internal/agree for a minute; SOAK=10m'
	@echo 'make soak-stream    ten million rows in constant memory'
	@echo 'make vet            go vet; vet-cross: for other systems'
	@echo 'make lint           staticcheck'
	@echo 'make fmt            gofmt -w; fmt-check: only look'
	@echo 'make tidy-check     go.mod and go.sum are as go mod tidy would leave them'

test:
	$(TESTBED) $(ARGS)

test-modules:
	$(TESTBED) -modules

# Live databases first, then the texts for the others and what their grammars say.
records:
	DIALECTTEST_UPDATE=1 $(TESTBED) -race=false ./dialect/sqlite ./dialect/postgres ./dialect/mysql -run '^TestConformance$$'
	$(GO) test ./dialect/dialecttest -run '^TestTexts$$' -update
	$(GO) test -C internal/grammar . -update
	$(GO) test ./dialect/dialecttest -run '^TestDialectsPage$$' -update

bench:
	$(TESTBED) -- $(GO) run -C internal/bench . -floors $(ARGS)

bench-peers:
	$(TESTBED) -- $(GO) run -C internal/bench . -peers $(ARGS)

bench-once:
	$(TESTBED) -bench $(ARGS)

SOAK ?= 10m
FUZZ = $(addprefix safety/,FuzzShapes FuzzSQLite FuzzPostgres FuzzPostgresEscapes FuzzMariaDB FuzzMariaDBANSIQuotes FuzzMariaDBPlain) \
	$(addprefix agree/,FuzzExpressions FuzzQueries FuzzWrites FuzzSchemas)

soak:
	SQLAYER_SOAK=$(SOAK) $(TESTBED) -timeout 0 ./internal/faults -run '^TestSoak$$' $(ARGS)
	@for target in $(FUZZ); do \
		$(TESTBED) -race=false -timeout 0 ./internal/$${target%/*} -run '^$$' -fuzz "^$${target#*/}\$$" -fuzztime 60s || exit 1; \
	done

# Without the race detector, whose memory is no measure.
soak-stream:
	SQLAYER_SOAK_STREAM=1 $(TESTBED) -race=false -timeout 0 ./internal/faults -run '^TestSoakStream$$' $(ARGS)

vet:
	$(GO) vet ./...

# Unoptimised: only the types of what is compiled are looked at.
vet-cross:
	@for target in $(CROSS); do \
		begin=$$SECONDS; \
		CGO_ENABLED=0 GOOS=$${target%/*} GOARCH=$${target#*/} $(GO) vet -gcflags='all=-N -l' ./... || exit 1; \
		echo "go vet for $$target: ok ($$((SECONDS - begin))s)"; \
	done

# With a version, go run takes no notice of our go.mod.
lint:
	$(GO) run $(STATICCHECK) ./...

fmt:
	gofmt -l -w .

fmt-check:
	@bad=$$(gofmt -l .) && if [ -n "$$bad" ]; then echo "not as gofmt would have it:"; echo "$$bad"; exit 1; fi

tidy-check:
	$(GO) mod tidy -diff
