# One target for each thing that is done here; `make help` lists them.
PYTHON ?= python3

BIN := .venv/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
# Installed is only what a target needs: whoever reads the book needs no browser to test it with.
READY := .venv/.ready
BOOK  := .venv/.ready-book

# Jupyter and Chromium want a home that they can write to.
ifneq ($(shell test -w "$$HOME" && echo writable),writable)
export HOME := $(CURDIR)/_build/home
$(shell mkdir -p "$(HOME)")
endif

# Where LC_ALL says so, Python 3.11 reads no path beyond ASCII, and does not start from such a folder.
ifneq ($(filter C POSIX,$(LC_ALL)),)
export LC_ALL := C.UTF-8
endif

# Dozens of processes start here: what they import is compiled once, not in each of them.
export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
.PHONY: help serve book archive pdf lab check test soak mutants coursework new-set test-set grade \
	lint javascript format notebooks bench lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

serve: book ## build the book and serve it on 127.0.0.1:8000 (PORT=8001 for another port)
	@$(BIN)/python tools/serve.py $(if $(PORT),--port $(PORT))

# A failed build is forgotten: the next one would take the pages it warned about as done.
book: $(BOOK) ## build the book into _build/html
	@echo "Building the book: a minute from clean, seconds when little has changed ..."
	@$(BIN)/jupyter-book build . -W -n --keep-going || { rm -rf _build/.doctrees; exit 1; }

archive: book ## pack the book into one archive: for a USB stick, for any web host
	@$(BIN)/python tools/archive.py

pdf: $(READY) book ## bind the course as one PDF and as an EPUB
	@CHROMIUM=$$(tools/chromium.sh) $(BIN)/python -m tools.bind

lab: $(BOOK) ## open the chapters in JupyterLab
	@cd chapters && JUPYTER_CONFIG_PATH="$(CURDIR)/tools/jupyter" \
		../$(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root)

check: $(READY) lint ## run what a change needs first: lint, quick tests
	@EFFORT=0.1 $(BIN)/pytest -q -n 2 --dist worksteal -m "not slow and not browser" \
		--ignore tests/book -p no:nbval -p no:anyio

test: $(READY) ## run every test, in Chromium, in Firefox and in a WebKit if there is one
	@tools/sandbox.sh && CHROMIUM=$$(tools/chromium.sh) && FIREFOX=$$(tools/firefox.sh) && \
		export CHROMIUM FIREFOX && \
		$(BIN)/pytest -n 3 --dist loadscope --no-loadscope-reorder && \
		$(BIN)/pytest -n 3 --dist loadscope --nbval chapters

# Property tests on twenty times as many examples, and others each time.
soak: $(READY) ## look for faults with many random examples
	@EFFORT=20 $(BIN)/pytest -q -n 2 --ignore tests/book

mutants: $(READY) ## plant mistakes in the models; show that the tests find each (minutes)
	$(BIN)/python tools/mutants.py $(MODULES)

coursework: $(BOOK) ## make the students' versions of the problem sets, and a zip to upload
	@$(BIN)/python -m coursework.release

new-set: $(READY) ## write a problem set to start from: NAME=problems_6
	@$(BIN)/python -m coursework.new_set "$(NAME)"
	@$(BIN)/ruff format --quiet coursework neuro_lib/coursework tests/coursework

# The files of a set are known by its name, and so are its cases in the tests of all sets.
test-set: $(READY) ## prove a problem set: solution, slips, leaks, numbers: SET=problems_6
	@$(BIN)/pytest -q -n 0 tests/coursework tests/test_guide.py \
		-k "($(SET) or no_solution) and not grade.py"

# Without a sandbox the grader says so and runs nothing.
SET ?= problems_1
grade: $(READY) ## mark what students handed in: SUBMISSIONS=class.zip SET=problems_1
	@tools/sandbox.sh; $(BIN)/python -m coursework.grade "$(SUBMISSIONS)" --set $(SET) $(OPTIONS)

lint: $(READY) ## check style: code, notebooks
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/python tools/clean_notebooks.py --check

javascript: ## check the JavaScript: style, types (needs Node and, the first time, npm's registry)
	npm --prefix tools/javascript install --silent --no-audit --no-fund
	npm --prefix tools/javascript run check

format: $(READY) ## repair what lint complains of, as far as a program can
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format
	$(BIN)/python tools/clean_notebooks.py

notebooks: $(READY) ## run the notebooks afresh, or NOTEBOOKS=..., and keep their text outputs
	$(BIN)/python tools/clean_notebooks.py --execute $(NOTEBOOKS)

bench: $(READY) ## measure how fast things are
	$(BIN)/python -m tools.benchmarks

# uv stays out of requirements.txt: only those who change dependencies need it.
lock: $(READY) ## pin the dependencies of pyproject.toml in requirements.txt (UPGRADE=-U: newest)
	$(BIN)/python -m pip install --quiet uv
	echo '-e .[book,coursework,test]' | $(BIN)/uv pip compile - --quiet $(UPGRADE) --universal \
		--python-version 3.11 --fork-strategy fewest --annotation-style line \
		--custom-compile-command 'make lock' --output-file requirements.txt

clean: ## remove what was built; .venv stays
	rm -rf _build .hypothesis .pytest_cache .ruff_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

$(READY): requirements.txt pyproject.toml
	@tools/environment.sh $(PYTHON)
	@touch $(BOOK) $@

$(BOOK): requirements.txt pyproject.toml
	@tools/environment.sh $(PYTHON) book
	@touch $@
