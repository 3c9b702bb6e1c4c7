# What a developer or an operator types. A machine with Python 3.11, pip and make has all that is needed:
# the first target that needs the virtual environment makes it, from the locked and hashed dependencies.
#
#   make preview ARGS="…"        passes ARGS on to the command (also: test, run, check, lock)
#   make test PYTHON=python3.12  makes the virtual environment with another Python

PYTHON ?= python3
ARGS ?=
CONFIG ?= config.toml

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

PIP_FLAGS := --quiet --disable-pip-version-check --require-hashes

.SHELLFLAGS := -eu -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets (the default)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: preview
preview: $(STAMP) ## Show the bot's answers without Discord and without a token
	@$(BIN)/python -m bot preview $(ARGS)

.PHONY: run
run: $(STAMP) ## Run the bot with config.toml (another file: CONFIG=…)
	@$(BIN)/python -m bot run --config $(CONFIG) $(ARGS)

.PHONY: check
check: $(STAMP) ## Check the configuration and the programme without connecting
	@$(BIN)/python -m bot check $(ARGS)

.PHONY: test
test: $(STAMP) ## Run the tests
	@$(BIN)/python -m pytest $(ARGS)

.PHONY: lint
lint: $(STAMP) ## Check formatting, lint rules and types; change nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict

.PHONY: fix
fix: $(STAMP) ## Format the code and apply the safe lint fixes
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# uv keeps the versions already locked where they still fit. To move on to newer ones: make lock ARGS=--upgrade
# Paths are relative, so that the header of each lock file is the same on every machine.
UV_COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes

.PHONY: lock
lock: $(STAMP) ## Make both lock files anew from pyproject.toml (newer versions: ARGS=--upgrade)
	$(UV_COMPILE) $(ARGS) pyproject.toml -o requirements.lock
	$(UV_COMPILE) $(ARGS) --extra dev --extra preview pyproject.toml -o requirements-dev.lock

.PHONY: clean
clean: ## Remove the virtual environment, caches and build output (keeps configuration and databases)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The virtual environment is laid anew whenever the lock file changes, so that it holds what is locked and
# nothing else. The stamp is written last: an installation that was broken off starts over.
#
# Debian keeps the part of venv that brings pip along in a package of its own (python3-venv). Where that is missing,
# the environment is made without pip and the system's pip fills it: nothing but the hashed lock file is needed.
$(STAMP): requirements-dev.lock
	@command -v $(PYTHON) >/dev/null || { \
	    echo "$(PYTHON) was not found. Name a Python 3.11 or newer: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed, but $(PYTHON) is %d.%d. Name another one: make PYTHON=/path/to/python3" % sys.version_info[:2])'
	@echo "Making the virtual environment in $(VENV) (takes a minute, once) …" >&2
	@if $(PYTHON) -m venv --clear $(VENV) >/dev/null 2>&1; then \
	    $(BIN)/python -m pip install $(PIP_FLAGS) -r $<; \
	else \
	    $(PYTHON) -m venv --clear --without-pip $(VENV); \
	    $(PYTHON) -m pip --python $(BIN)/python install $(PIP_FLAGS) -r $<; \
	fi
	@touch $@
