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
	@echo "make bench            measure what is read in the corpora of $(SHARED), where there are any, and how fast"
	@echo "make model DATA=PATH [WITH=PATH] [OUT=FOLDER]  train the language model from the corpora in PATH and your own"
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
	$(BIN)/python -m loaders.meaning.gazetteer
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

# Slow: minutes. Each corpus that is there is measured and held against its floors; the run fails if one is missed.
WORKERS ?= 2
bench: setup
	@status=0; \
	measure() { \
	  name="$$1"; shift; \
	  if [ ! -d "$$1" ]; then echo "$$name: $$1 is not here, so it is not measured"; return; fi; \
	  echo "$$name:"; \
	  $(BIN)/hearsay evaluate "$$@" --floors tests/floors.csv --corpus "$$name" --workers $(WORKERS) || status=1; \
	}; \
	measure seeds tests/gold/seeds seeds; \
	measure attribution/dev "$(SHARED)/corpora/attribution/dev"; \
	measure polnear/dev "$(SHARED)/corpora/polnear/dev"; \
	measure re3d "$(SHARED)/corpora/re3d"; \
	$(BIN)/python -m tests.bench_reading || status=1; \
	$(BIN)/python -m tests.bench_evidence || status=1; \
	exit $$status

# About an hour on two cores. The trained weights stay in .training; without OUT the model that ships is replaced.
OUT ?= loaders/language/model
WITH ?=
model: setup
	@if [ ! -d "$(DATA)/ud" ] || [ ! -d "$(DATA)/attribution" ]; then \
	  echo "make model needs DATA=PATH, a folder with ud/ and attribution/; see CONTRIBUTING.md" >&2; exit 2; \
	fi
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[train]"
	$(BIN)/python -m loaders.training.train --data "$(DATA)" $(foreach one,$(WITH),--with "$(one)") --out .training
	$(BIN)/python -m loaders.training.export .training "$(OUT)"
	$(BIN)/python -m loaders.training.weigh_cues --data "$(DATA)/attribution" --model "$(OUT)"
	$(BIN)/python -m loaders.training.measure --data "$(DATA)" --model "$(OUT)"

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
