# Everything a newcomer types. Needs Python 3.11+ and make, nothing else.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
PEERS := benchmarks/.venv/.installed

.PHONY: setup demo test check up bench faults lock docs

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

demo: setup
	$(BIN)/hub demo

up: setup
	$(BIN)/hub up

# Two files at a time on two cores, each process with services of its own; a file's tests stay together, in order.
test: setup
	$(BIN)/pytest --numprocesses logical --maxprocesses 4 --dist loadfile

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/hub schemas check
	$(BIN)/pytest -q tests/unit/test_house.py tests/unit/test_docs.py tests/unit/domain/test_matrix.py tests/unit/projections/test_generation.py

bench: setup $(PEERS)
	$(BIN)/hub bench

# What the hub is measured beside has an environment of its own.
$(PEERS): benchmarks/requirements.lock
	test -x benchmarks/.venv/bin/python || $(PYTHON) -m venv benchmarks/.venv
	benchmarks/.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/requirements.lock
	touch $@

faults: setup
	$(BIN)/pytest -m faults

# Resolves the ranges of pyproject.toml, and Kafka's jars, anew; the files name no index.
lock: setup
	$(BIN)/pip-compile --quiet --upgrade --extra dev --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file requirements.lock pyproject.toml
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file benchmarks/requirements.lock benchmarks/requirements.in
	$(BIN)/python -m hub.local.jars

# The pages that are made from the code's own tables.
docs: setup
	$(BIN)/python -m hub.operations.errors docs/errors.md
	$(BIN)/python -m hub.operations.matrix README.md
	$(BIN)/python -m hub.api.listebeskrivelse docs/search-and-lists.md
	$(BIN)/python -m hub.api.feltbeskrivelse docs/document-fields.md
	$(BIN)/python tests/unit/regelside.py docs/rules.md
