# The two commands a newcomer needs are `make demo` and `make test`.
SHELL := /bin/bash
BIN := .venv/bin
SOURCES := src tests benchmarks examples scripts

# Where Python keeps no bytecode, every process compiles every library anew, and tests start many.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test setup setup-test check lint types format unit docs bench train wheel clean

help:  ## say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: setup  ## set everything up and take the example operation from exports to report
	@$(BIN)/witnessbox demo $(ARGS)

# Types and documentation need one core; tests, which often wait, leave it to them.
test: setup-test lint  ## set everything up and pass every check and test
	@$(MAKE) --no-print-directory --jobs 3 unit types docs

setup:
	@scripts/setup run

setup-test:
	@scripts/setup test

check: lint types  ## formatting, lint, types, import contracts

lint: setup-test
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/lint-imports

types: setup-test
	$(BIN)/mypy

format: setup-test  ## put the formatting right
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

unit: setup-test  ## unit, property, contract, end-to-end and browser tests
	scripts/in-memory $(BIN)/pytest -n 2 --dist loadgroup --no-loadscope-reorder --cov --cov-report= $(ARGS)
	$(BIN)/coverage report --fail-under=100

docs: setup-test  ## build the documentation; a broken link fails
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

bench: setup-test  ## measure; compare with the frozen results in benchmarks/
	$(BIN)/python -m benchmarks.intake.run

train: setup  ## train what screening ships with, from labelled sets (DATA=FOLDER WORK=FOLDER)
	scripts/train "$(DATA)" "$(WORK)"

wheel: setup-test  ## build the wheel and the source archive
	$(BIN)/python -m build --no-isolation

clean:  ## remove what was made, the demo included
	rm -rf .venv dist build site demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
