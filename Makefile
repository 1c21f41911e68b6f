# make run    the main job: the three-step plan, its table, pictures and results folder
# make test   all tests
# make notebooks  the course, in JupyterLab
# make gallery  every figure on one page, to look through: build/gallery/index.html
# make docs   the documentation as web pages: build/docs/index.html
# make bench  the timed comparisons, into docs/performance.md; takes a while
# make patterns  what the worlds give beside what was observed, into docs/validation.md
# make plans  all plans side by side, into docs/plans.md
# make scale  what many runs cost, into docs/scale.md
# make check  the linters, the types and the import contract
# Each sets up .venv by itself, once.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
RUNS ?= 10000

.PHONY: run test notebooks gallery docs bench patterns plans scale check format schema clean
.DELETE_ON_ERROR:

run: .venv/ready-to-run
	$(BIN)/sim run scenarios/three_step.toml --replications $(RUNS) --crises

test: .venv/ready-to-develop
	$(BIN)/python -m pytest -n auto --dist worksteal

notebooks: .venv/ready-for-notebooks
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/jupyter lab --LabApp.default_url=/lab/tree/notebooks/1_one_ceasefire.ipynb

gallery: .venv/ready-to-run
	$(BIN)/python docs/gallery.py build/gallery

docs: .venv/ready-to-develop
	$(BIN)/sphinx-build --fail-on-warning --keep-going --quiet -b html docs build/docs
	@echo "written:  build/docs/index.html"

bench: .venv/ready-to-develop
	$(BIN)/python benchmarks/run.py

patterns: .venv/ready-to-develop
	$(BIN)/python -m validation

scale: .venv/ready-to-develop
	$(BIN)/python benchmarks/scale.py

plans: .venv/ready-to-develop
	$(BIN)/python -m comparison

check: .venv/ready-to-develop
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/mypy --explicit-package-bases validation comparison docs
	MYPYPATH=benchmarks $(BIN)/mypy benchmarks/*.py
	$(BIN)/lint-imports

format: .venv/ready-to-develop
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

schema: .venv/ready-to-develop
	$(BIN)/python -m sim.scenario.schema
	$(BIN)/python -m sim.scenario.reference
	$(BIN)/python docs/model_tables.py

clean:
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/ready-to-run: pyproject.toml constraints.txt | .venv/bin/python
	$(PIP) --editable '.[cluster,discovery,explore]'
	touch $@

.venv/ready-for-notebooks: .venv/ready-to-run
	$(PIP) --editable '.[notebooks]'
	touch $@

.venv/ready-to-develop: .venv/ready-to-run
	$(PIP) --editable '.[dev]'
	touch $@
