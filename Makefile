# Two commands are enough on a machine with Python 3.11 and make: `make demo` and `make test`.
# Everything lives in .venv; nothing else of the machine is touched, but for Chromium where
# `make test` may install it from the distribution's packages.

SHELL := /bin/sh
PYTHON ?= $(shell command -v python3.11 || command -v python3)
SHOP_PORT ?= 8000
GATEWAY_PORT ?= 8001

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
# So many tests run at once. Who has ended takes over from the one who has most left.
WORKERS ?= 2
PYTEST := env -u PYTHONDONTWRITEBYTECODE PYTHONPATH=.:demo $(BIN)/python -m pytest --quiet \
	-n $(WORKERS) --dist worksteal
POSTGRES := $(BIN)/python tools/with_postgres.py
PURE_SUITES := tests/project tests/rules tests/gateway tests/simulator tests/card_form
SITE_SUITES := $(if $(DATABASE_URL),,$(PURE_SUITES)) tests/django
SHOP_SUITES := tests/oscar tests/demo

.PHONY: help install demo test site shop soak bench lint style types format docs messages requirements clean

help: ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

install: $(VENV)/.dev ## build .venv alone

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "escott needs Python 3.11 or newer; name it with PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	touch $@

$(VENV)/.demo: $(VENV)/.python requirements/demo.txt pyproject.toml
	$(PIP) install --require-hashes -r requirements/demo.txt
	$(PIP) install --no-deps --no-build-isolation --no-index -e .
	touch $@

$(VENV)/.dev: $(VENV)/.demo requirements/dev.txt
	$(PIP) install --require-hashes -r requirements/dev.txt
	touch $@

demo: $(VENV)/.demo ## the demo shop and the gateway simulator; Ctrl-C stops both
	@SHOP_PORT=$(SHOP_PORT) GATEWAY_PORT=$(GATEWAY_PORT) $(BIN)/python demo/run.py

lint: style types ## style, formatting and types

style: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	PYTHONPATH=.:demo $(BIN)/mypy

format: $(VENV)/.dev ## mend style and formatting
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: style ## everything: lint, types, all suites on SQLite, what may differ on PostgreSQL, Chromium
	@$(BIN)/python tools/chromium.py
	@$(MAKE) --no-print-directory --jobs=2 types shop
	@$(MAKE) --no-print-directory site
	@$(POSTGRES) $(MAKE) --no-print-directory site shop

site: $(VENV)/.dev ## the suites of a plain Django site; on PostgreSQL where DATABASE_URL names one
	CHROMIUM="$$($(BIN)/python tools/chromium.py)" $(PYTEST) --ds=tests.django.site.settings $(SITE_SUITES)

shop: $(VENV)/.dev ## the suites of the demo shop; the same
	CHROMIUM="$$($(BIN)/python tools/chromium.py)" $(PYTEST) --ds=tests.shop_settings $(SHOP_SUITES)

soak: ## all suites on both databases with the full figures: more examples, rounds, orders, kills
	ESCOTT_SOAK=1 $(MAKE) test

bench: $(VENV)/.dev ## speed, as ratios to floors measured in the same run
	PYTHONPATH=.:demo $(BIN)/python -m bench

docs: $(VENV)/.dev ## the manual and the how-tos as pages, in site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

messages: $(VENV)/.dev ## collect and compile the texts of both languages
	$(BIN)/python tools/messages.py

requirements: ## pin requirements/*.in anew (needs uv)
	for name in build demo dev; do uv pip compile --quiet --generate-hashes --universal \
		--python-version 3.11 --no-emit-index-url --no-emit-find-links --no-annotate \
		--custom-compile-command "make requirements" \
		requirements/$$name.in -o requirements/$$name.txt || exit 1; done

clean: ## remove what was made
	rm -rf $(VENV) site build dist demo/var
