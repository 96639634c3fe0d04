# Two commands to start: `make run` and `make test`. `make help` lists the others.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
UV := .uv/bin/uv

export UV_PYTHON_DOWNLOADS := never
export UV_COMPILE_BYTECODE := 1
# The machine's own certificates, as git and pip have them (a company's proxy among them).
export UV_SYSTEM_CERTS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
# Without byte code a start of `samo` takes three times as long.
unexport PYTHONDONTWRITEBYTECODE
unexport VIRTUAL_ENV

# Prints the interpreter itself, never a version manager's shim: a virtual environment of a shim
# breaks with the shim's next setting. Where a virtual environment has no pip, its base may.
define REAL_PYTHON
import sys
from importlib.util import find_spec
here = f"{sys.executable} is Python {sys.version.split()[0]}"
if sys.version_info < (3, 11):
    sys.exit(f"make: {here}; samo needs 3.11 or newer (make PYTHON=/path/to/python3.12)")
print(sys.executable if find_spec("pip") else getattr(sys, "_base_executable", sys.executable))
endef
export REAL_PYTHON

.DEFAULT_GOAL := help
.PHONY: help setup run test test-3.12 lint lock bench fidelity clean

help: ## Say what each target does
	@sed -n 's/^\([a-z0-9.-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "make %-10s %s\n", $$1, $$2}'

setup: $(VENV)/.made ## Make .venv with all that development needs (done once)
	@:

run: setup ## Take this repository through its own pipeline, as `samo run` does
	@$(BIN)/samo run; status=$$?; \
	if [ $$status -eq 3 ]; then \
	    echo "make run: on hold: what is left waits for an approval (exit status 3 of samo run)"; \
	else exit $$status; fi

test: setup test-3.12 ## Run all tests, on two Pythons where both are here; coverage at least 70 %
	@echo "test: all tests on $$($(BIN)/python -V)"
	@$(BIN)/pytest -q -n auto --cov=src --cov-report=term --cov-report=xml

test-3.12: setup ## Run the unit tests on Python 3.12 too, where it is found
	@if $(BIN)/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 12))'; then exit 0; fi; \
	for python in python3.12 $${PYENV_ROOT:-$$HOME/.pyenv}/versions/3.12*/bin/python; do \
	    real=$$($$python -c 'import sys; print(sys.executable)' 2>/dev/null) && break; \
	done; \
	if [ -z "$$real" ]; then echo "test-3.12: skipped: no Python 3.12 is found here"; exit 0; fi; \
	$(MAKE) -s setup VENV=.venv-3.12 PYTHON="$$real" && \
	echo "test: unit tests on $$(.venv-3.12/bin/python -V)" && \
	.venv-3.12/bin/pytest -q -n auto tests/unit

lint: setup ## Check style, formatting, types and layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

lock: $(UV) ## Write the pinned, hashed requirements anew (UPGRADE=--upgrade takes newer ones)
	@for set in "requirements/uv.in -o requirements/uv.txt" \
	            "pyproject.toml --extra dev --extra test -o requirements/dev.txt"; do \
	    $(UV) pip compile -q $$set --universal --python-version 3.11 --generate-hashes \
	        --no-emit-index-url --custom-compile-command "make lock" $(UPGRADE) || exit 1; \
	done

bench: setup ## Compare samo with the floor, its peers and bare tools; time the compiler
	@failed=0; for each in compile runner stores; do \
	    $(BIN)/python benchmarks/$$each.py || failed=1; \
	done; exit $$failed

fidelity: setup ## Write docs/fidelity.md anew, from the cases that prove it
	@$(BIN)/python scripts/fidelity.py

clean: ## Remove what these targets made; runs under .samo/ stay
	@rm -rf .uv .venv .venv-* build dist htmlcov reports .coverage .coverage.* coverage.xml \
	    .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find src tests benchmarks scripts -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# A private uv: three seconds, where `python -m venv` with pip takes eighteen.
.uv/.made: requirements/uv.txt
	@python=$$($(PYTHON) -c "$$REAL_PYTHON") || exit 1; \
	$$python -m pip --version >/dev/null 2>&1 || { \
	    echo "make: $$python has no pip (Debian and Ubuntu: apt-get install python3-pip;" \
	         "or name another: make PYTHON=/path/to/python3)" >&2; exit 1; }; \
	echo "setup: a private uv"; \
	rm -rf .uv .uv.part && \
	$$python -m pip install -q --no-input --require-hashes --target .uv.part -r requirements/uv.txt && \
	mv .uv.part .uv && touch $@

$(UV): .uv/.made

$(VENV)/.made: requirements/dev.txt pyproject.toml .uv/.made
	@python=$$($(PYTHON) -c "$$REAL_PYTHON") || exit 1; \
	$(BIN)/python -c '' 2>/dev/null || $(UV) venv -q --clear --python "$$python" $(VENV) || exit 1; \
	echo "setup: $(VENV) with $$($(BIN)/python -V)"; \
	$(UV) pip sync -q --python $(BIN)/python --require-hashes requirements/dev.txt && \
	$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e . && \
	$(BIN)/python -m compileall -q src && \
	touch $@
