# What a developer or an operator types. A machine with Python 3.11, pip and make has all that is needed: each target
# installs what it needs into a virtual environment, from locked and hashed dependencies, and no more.
#
#   make preview ARGS="…"        passes ARGS on to the command (also: test, run, check, lock)
#   make test PYTHON=python3.12  makes the virtual environment with another Python

PYTHON ?= python3
ARGS ?=
CONFIG ?= config.toml

VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.preview
TEST := $(VENV)/.test
LINT := $(VENV)/.lint

PIP_FLAGS := --quiet --disable-pip-version-check --no-compile --require-hashes
# Many tests start the bot as a process of its own: compiled once, it starts sooner.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest

.SHELLFLAGS := -eu -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets (the default)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: preview
preview: $(RUN) ## Show the bot's answers without Discord and without a token
	@$(BIN)/python -m bot preview $(ARGS)

.PHONY: run
run: $(RUN) ## Run the bot with config.toml (another file: CONFIG=…)
	@$(BIN)/python -m bot run --config $(CONFIG) $(ARGS)

.PHONY: check
check: $(RUN) ## Check the configuration and the programme without connecting
	@$(BIN)/python -m bot check $(ARGS)

.PHONY: test
test: $(TEST) ## Run the tests, except the slow ones
	@$(PYTEST) -n auto -m "not slow" $(ARGS)

.PHONY: test-slow
test-slow: $(TEST) ## Run the slow tests alone
	@$(PYTEST) -n auto --dist worksteal -m slow $(ARGS)

.PHONY: test-all
test-all: test test-slow ## Run all tests

.PHONY: lint
lint: $(TEST) $(LINT) ## Check formatting, lint rules, types and layers; change nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict
	$(BIN)/lint-imports

.PHONY: fix
fix: $(LINT) ## Format the code and apply the safe lint fixes
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# uv keeps the versions already locked where they still fit. To move on to newer ones: make lock ARGS=--upgrade
# Paths are relative, so that the header of each lock file is the same on every machine. The first file holds all,
# and the others take their versions from it.
UV_COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes

.PHONY: lock
lock: $(LINT) ## Make the lock files anew from pyproject.toml (newer versions: ARGS=--upgrade)
	$(UV_COMPILE) $(ARGS) --all-extras pyproject.toml -o requirements-dev.lock
	$(UV_COMPILE) -c requirements-dev.lock pyproject.toml -o requirements.lock
	$(UV_COMPILE) -c requirements-dev.lock --extra preview pyproject.toml -o requirements-preview.lock
	$(UV_COMPILE) -c requirements-dev.lock --extra preview --extra sentry --extra test pyproject.toml -o requirements-test.lock
	$(UV_COMPILE) -c requirements-dev.lock --extra sentry pyproject.toml -o requirements-sentry.lock

.PHONY: clean
clean: ## Remove the virtual environment, caches and build output (keeps configuration and databases)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Debian keeps the part of venv that brings pip along in a package of its own (python3-venv). Where that is missing,
# the environment is made without pip and the system's pip fills it: nothing but the hashed lock file is needed.
PIP = $$($(BIN)/python -m pip --version >/dev/null 2>&1 && echo $(BIN)/python -m pip || \
    echo $(PYTHON) -m pip --python $(BIN)/python)

# The virtual environment is laid anew whenever what the bot itself needs changes. A stamp is written last: an
# installation that was broken off starts over.
$(RUN): requirements-preview.lock
	@command -v $(PYTHON) >/dev/null || { \
	    echo "$(PYTHON) was not found. Name a Python 3.11 or newer: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed, but $(PYTHON) is %d.%d. Name another one: make PYTHON=/path/to/python3" % sys.version_info[:2])'
	@echo "Making the virtual environment in $(VENV) (takes a minute, once) …" >&2
	@$(PYTHON) -m venv --clear $(VENV) >/dev/null 2>&1 || $(PYTHON) -m venv --clear --without-pip $(VENV)
	@$(PIP) install $(PIP_FLAGS) -r $<
	@touch $@

$(TEST): requirements-test.lock $(RUN)
	@echo "Adding what the tests need …" >&2
	@$(PIP) install $(PIP_FLAGS) -r $<
	@touch $@

$(LINT): requirements-dev.lock $(RUN)
	@echo "Adding the linters …" >&2
	@$(PIP) install $(PIP_FLAGS) -r $<
	@touch $@
