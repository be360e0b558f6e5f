# Hearsay. `make run` reads the five articles of seeds/ and serves them; `make test` checks everything.
# Needs Python 3.11 or newer and make, nothing else.

PORT ?= 8000
HEARSAY_DATA ?= data
export HEARSAY_DATA

VENV := .venv
READY := $(VENV)/.ready
BIN := $(VENV)/bin
SHARED ?= ../shared

.PHONY: help setup run test lint bench model clean

help:
	@echo "make run [PORT=8000]  read the articles of seeds/ and serve them in this terminal"
	@echo "make test             run all tests"
	@echo "make lint             style, types and the order of the floors"
	@echo "make bench            measure attribution on the corpora in $(SHARED), where there are any"
	@echo "make model DATA=PATH  train the language model anew from the corpora in PATH"
	@echo "make setup            only make the virtual environment $(VENV)"
	@echo "make clean            remove $(VENV) and caches; the data folder stays"

setup: $(READY)

# Made again only when pyproject.toml changes. PYTHON=… chooses another Python.
$(READY): pyproject.toml
	@set -e; found=""; \
	for one in $(PYTHON) python3 python3.13 python3.12 python3.11 python3.14 python; do \
	  if "$$one" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found="$$one"; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Hearsay needs Python 3.11 or newer and found none; install it, or name it: make setup PYTHON=/path/to/python3" >&2; exit 1; \
	fi; \
	if ! "$$found" -c 'import venv, ensurepip' 2>/dev/null; then \
	  echo "$$found has no venv module; on Debian or Ubuntu install the package python3-venv, then try again" >&2; exit 1; \
	fi; \
	echo "Setting up $(VENV) with $$("$$found" --version); this takes a minute or two the first time"; \
	[ -x $(BIN)/python ] && $(BIN)/python -m pip --version >/dev/null 2>&1 || "$$found" -m venv --clear $(VENV); \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test]"
	@touch $(READY)

run: setup
	@if [ ! -e "$(HEARSAY_DATA)/current" ]; then \
	  echo "Reading the articles of seeds/ into $(HEARSAY_DATA)/"; \
	  $(BIN)/hearsay load seeds --manifest seeds/articles.csv; \
	fi
	@exec $(BIN)/hearsay serve --port $(PORT)

test: setup
	@$(BIN)/python -m pytest -q

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --explicit-package-bases hearsay.py tests
	$(BIN)/lint-imports

# Slow: minutes. Each line scores what is read in a folder of annotated articles.
bench: setup
	$(BIN)/hearsay evaluate tests/gold/seeds seeds
	@for gold in $(SHARED)/corpora/attribution/dev; do \
	  if [ -d "$$gold" ]; then echo "$$gold"; $(BIN)/hearsay evaluate "$$gold" "$$gold"; \
	  else echo "$$gold is not here, so it is not measured"; fi; \
	done

# About an hour on two cores. The trained weights stay in .training; what ships is written into the package.
model: setup
	@if [ ! -d "$(DATA)/ud" ] || [ ! -d "$(DATA)/attribution" ]; then \
	  echo "make model needs DATA=PATH, a folder with ud/ and attribution/; see CONTRIBUTING.md" >&2; exit 2; \
	fi
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[train]"
	$(BIN)/python -m loaders.training.train --data "$(DATA)" --out .training
	$(BIN)/python -m loaders.training.export .training loaders/language/model

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
