# The commands of slicelab; `make` alone lists them. Each sets up what it needs first, which takes seconds once it is there.
.DEFAULT_GOAL := help
.PHONY: help setup demo run test check bench torture screenshots clean

PYTHON := .venv/bin/python
WITH_DISPLAY := packaging/with-display.sh

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name words; do \
		printf '  make %-12s %s\n' "$$name" "$$words"; done

setup: ## the environment (.venv) and the system packages
	@packaging/setup.sh

demo: setup ## the whole job on a phantom study, then the window on the result (without a display: its picture)
	@$(WITH_DISPLAY) $(PYTHON) -m slicelab demo --out demo

run: setup ## open the application
	@$(PYTHON) -m slicelab

check: setup ## style, layers and types
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@.venv/bin/lint-imports --no-logo
	@$(PYTHON) -m mypy

test: setup ## all checks and tests (SLICELAB_TEST_DATA: a folder with real MR volumes for those that need them)
	@$(PYTHON) packaging/run_tests.py

bench: setup ## the short benchmarks (about a quarter of an hour alone on two cores); all: .venv/bin/python -m benchmarks
	@$(PYTHON) -m benchmarks short

torture: setup ## the slow tests, and the large robustness runs of tests/torture, each with a summary
	@failed=""; $(WITH_DISPLAY) $(PYTHON) -m pytest -m slow || failed=" tests"; \
	for script in tests/torture/*.py; do \
		echo "== $$script"; $(WITH_DISPLAY) $(PYTHON) "$$script" || failed="$$failed $$script"; \
	done; [ -z "$$failed" ] || { echo "failed:$$failed" >&2; exit 1; }

screenshots: setup ## the pictures of docs/images, made by code
	@$(PYTHON) -m slicelab demo --out demo --no-window
	@env -u DISPLAY -u WAYLAND_DISPLAY $(WITH_DISPLAY) $(PYTHON) tests/app/screens.py demo/project docs/images
	@env -u DISPLAY -u WAYLAND_DISPLAY $(WITH_DISPLAY) $(PYTHON) tests/app/screens.py demo/project docs/images --light --only label

clean: ## everything that can be made again, but no project and no result
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache dist
	find slicelab tests benchmarks -name __pycache__ -type d -exec rm -rf {} +
