# Everything a newcomer needs: `make demo` and `make test`. CONTRIBUTING notes are in Docs/README.md.
#
#   make demo    install what is missing, build in release, run the four example programs
#   make test    install what is missing, then everything a change has to pass
#   make build   the `martlet` program in release, at .build/release/martlet
#   make lint    format and warnings
#   make fuzz    libFuzzer on the readers and the passes, SECONDS=20 each
#   make bench   all benchmarks, each beside its peer (minutes)
#   make conformance CORPUS=dir   every .mlir below dir through mlir-opt and martlet, compared
#   make pass-conformance CORPUS=dir   the passes that the RUN lines below dir name, in the same way
#   make docs    fill the marked blocks of Docs/ and README.md with the output of real commands, and
#                make the site build/site of them and of the reference
#   make setup   only install what is missing

SHELL := /bin/sh
VENV := build/venv
PYTHON := $(VENV)/bin/python3
BUILD_FLAGS :=

.PHONY: demo test build lint fuzz bench bench-quick conformance pass-conformance docs setup setup-test clean

demo: setup build
	Scripts/demo.sh

build:
	swift build -c release --static-swift-stdlib --product martlet $(BUILD_FLAGS)

setup:
	Scripts/setup.sh

setup-test:
	Scripts/setup.sh --test

test: setup-test
	Scripts/test.sh

lint:
	Scripts/lint.sh

SECONDS := 20
fuzz:
	Scripts/fuzz.sh $(SECONDS)

bench: setup-test build
	$(PYTHON) Benchmarks/run_all.py

bench-quick: setup-test build
	$(PYTHON) Benchmarks/run_all.py --quick

conformance: build
	python3 Scripts/conformance.py $(CORPUS)

pass-conformance: build
	python3 Scripts/pass_conformance.py $(CORPUS)

docs: setup build
	$(PYTHON) Scripts/update_docs.py
	$(PYTHON) Scripts/build_site.py

clean:
	rm -rf .build build Examples/embedding/.build
