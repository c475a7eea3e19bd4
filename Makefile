PYTHON ?= python3
BIN := .venv/bin
DATA ?=

.DEFAULT_GOAL := help
.PHONY: help install run test test-full bench lint format lock clean

help: ## list these commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

install: .venv/.ready ## make the environment in .venv, with the command bridge in it

.venv/.ready: constraints.txt pyproject.toml
	$(PYTHON) -m venv .venv
	@echo "Installing into .venv ..."
	@sed -n '/^uv==/,/[^\\]$$/p' constraints.txt > .venv/uv.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --require-hashes -r constraints.txt
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

run: install ## start everything on this machine and print the addresses
	@$(BIN)/bridge run

test: install ## the tests, at most eight minutes on two cores
	$(BIN)/pytest -n 2

test-full: install ## the long tests too; DATA=folder adds the runs on outside data
	STADTBRUECKE_DATA="$(DATA)" $(BIN)/pytest -n 2 -m "long or not long"

bench: install ## measure everything and print the tables; PARTS="river pages" measures less
	$(BIN)/python -m benchmarks $(PARTS)

lint: install ## format, style, types, directions
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

format: install ## write the format and mend what ruff can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: install ## pin every dependency anew, with hashes and without addresses
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-annotate --extra dev --upgrade pyproject.toml -o constraints.txt

clean: ## remove the environment and what the demo stored
	rm -rf .venv var
