# 校安检 safetyapp: the commands of a checkout. `make` alone lists them.
#
# Needs make, Python 3.11 or newer with pip, and the network the first time. Nothing is installed outside this folder
# except system libraries, and those only by root on Debian or Ubuntu; everybody else is told their names.

.DEFAULT_GOAL := help
.PHONY: help setup run test test-qt68 check coverage bench pictures clean

UV_VERSION := 0.13.9
UV := .tools/bin/uv
PYTHON := .venv/bin/python
PYTEST_ARGS ?=

# The Python of the system is used; uv must not fetch another one.
export UV_PYTHON_DOWNLOADS := never

# What Qt loads from the system. The first line is enough without a screen; the others are for X11 and Wayland.
APT_QT := libgl1 libegl1 libdbus-1-3 libfontconfig1 libglib2.0-0 libxkbcommon0
APT_WINDOW := libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 \
    libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0 libx11-xcb1 libwayland-client0 libwayland-cursor0 libwayland-egl1
# Independent readers that the tests ask for their opinion of our PDFs, a token without a token, and a screen without a
# screen.
APT_TEST := poppler-utils qpdf libnss3-tools mupdf-tools softhsm2 xvfb xauth xdotool

# Names what Qt cannot load, one line each: always QtWidgets, with a display also the plugin for it.
define QT_MISSING
import ctypes, importlib.util, os, pathlib, sys
package = pathlib.Path(importlib.util.find_spec("PySide6").origin).parent
def load(name, what):
    try:
        what()
    except (ImportError, OSError) as error:
        print(f"{name}: {error}")
load("QtWidgets", lambda: __import__("PySide6.QtWidgets"))
for variable, plugin in (("DISPLAY", "libqxcb.so"), ("WAYLAND_DISPLAY", "libqwayland.so")):
    path = package / "Qt" / "plugins" / "platforms" / plugin
    if path.exists() and (os.environ.get(variable) or "all" in sys.argv):
        load(plugin, lambda: ctypes.CDLL(str(path)))
endef
export QT_MISSING

# $(call install,WHY,PACKAGES): as root with apt installs them and says so; else names them and stops.
define install
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	    echo "$(1) Installing with apt-get: $(strip $(2))"; \
	    apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(strip $(2)) >.tools/apt.log 2>&1 || \
	    { cat .tools/apt.log; echo "error: the system packages could not be installed; nothing else was changed." >&2; exit 1; }; \
	elif command -v apt-get >/dev/null 2>&1; then \
	    echo "error: $(1) Run this once, then again what you ran:" >&2; \
	    echo "    sudo apt-get install $(strip $(2))" >&2; exit 1; \
	else \
	    echo "error: $(1) Install what your system calls these Debian packages:" >&2; \
	    echo "    $(strip $(2))" >&2; exit 1; \
	fi
endef

# The system libraries of Qt, installed or named. Windows and macOS bring them along.
define need_qt
	missing=$$($(PYTHON) -c "$$QT_MISSING") || exit 1; \
	if [ -n "$$missing" ]; then \
	    echo "$$missing"; \
	    packages="$(APT_QT)"; \
	    if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then packages="$(APT_QT) $(APT_WINDOW)"; fi; \
	    $(call install,Qt needs libraries of the system.,$$packages); \
	    missing=$$($(PYTHON) -c "$$QT_MISSING") || exit 1; \
	    if [ -n "$$missing" ]; then echo "error: Qt still cannot load: $$missing" >&2; exit 1; fi; \
	fi
endef

help:
	@echo "make run         open the window (with no display: one inspection to a signed PDF, headless)"
	@echo "make test        all tests"
	@echo "make test-qt68   all tests with PySide6 6.8, the oldest Qt we support"
	@echo "make check       ruff, formatting, types"
	@echo "make coverage    the tests, and which lines none of them runs"
	@echo "make bench       the figures, as a table and in build/bench.json"
	@echo "make pictures    the README's pictures, taken from the real program"
	@echo "make clean       removes what these commands made (your workspaces are elsewhere and stay)"

$(UV):
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "error: Python 3.11 or newer is needed, as python3." >&2; exit 1; }
	@python3 -m pip --version >/dev/null 2>&1 || \
	    { echo "error: pip is needed (Debian: apt-get install python3-pip)." >&2; exit 1; }
	@echo "Setting up: uv $(UV_VERSION) into .tools/"
	@python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps --upgrade \
	    --target .tools uv==$(UV_VERSION)
	@touch $(UV)

# What the program needs to run, from uv.lock. --inexact: the tools of `make test` stay when they are there.
setup: $(UV)
	@echo "Setting up: packages from uv.lock into .venv/"
	@$(UV) sync --frozen --no-dev --inexact --quiet

run: setup
	@$(need_qt)
	@$(PYTHON) main.py

.PHONY: setup-test need-test-tools
setup-test: $(UV)
	@echo "Setting up: packages and test tools from uv.lock into .venv/"
	@$(UV) sync --frozen --quiet

need-test-tools: setup-test
	@qt=$$($(PYTHON) -c "$$QT_MISSING" all) || exit 1; \
	tools=; for tool in pdftotext pdfsig qpdf certutil mutool softhsm2-util Xvfb xauth xdotool; do \
	    command -v $$tool >/dev/null 2>&1 || tools="$$tools $$tool"; done; \
	packages=; \
	if [ -n "$$qt" ]; then echo "$$qt"; packages="$(APT_QT) $(APT_WINDOW)"; fi; \
	if [ -n "$$tools" ]; then echo "Missing:$$tools"; packages="$$packages $(APT_TEST)"; fi; \
	if [ -n "$$packages" ]; then \
	    $(call install,The tests need libraries and programs of the system.,$$packages); \
	fi

test: need-test-tools
	@$(UV) run --frozen pytest $(PYTEST_ARGS)

# The oldest Qt we support, in an environment of its own; the lock file and .venv stay as they are.
test-qt68: need-test-tools
	@UV_PROJECT_ENVIRONMENT=.venv-qt68 $(UV) sync --frozen --quiet
	@$(UV) pip install --quiet --python .venv-qt68 'pyside6-essentials>=6.8,<6.9' 'shiboken6>=6.8,<6.9'
	@.venv-qt68/bin/python -c 'import PySide6; print("PySide6", PySide6.__version__)'
	@.venv-qt68/bin/python -m pytest $(PYTEST_ARGS)

check: setup-test
	@$(UV) run --frozen ruff check .
	@$(UV) run --frozen ruff format --check .
	@$(UV) run --frozen mypy

coverage: need-test-tools
	@$(UV) run --frozen pytest --cov --cov-report=term-missing:skip-covered $(PYTEST_ARGS)

# The programs that our pages are held to, in an environment of their own; without them their figures are left out.
.PHONY: setup-peers
setup-peers: $(UV)
	@UV_PROJECT_ENVIRONMENT=.venv-bench $(UV) sync --frozen --quiet --only-group bench || \
	    echo "The peers could not be installed: the figures against them will be missing."

bench: setup-test setup-peers
	@$(need_qt)
	@$(UV) run --frozen python -m bench.run

# The README's pictures, from the real program.
pictures: setup-test
	@$(need_qt)
	@QT_QPA_PLATFORM=offscreen $(UV) run --frozen python -m tests.ui.pictures docs/pictures

clean:
	rm -rf .venv .venv-qt68 .venv-bench .tools build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find safetyapp tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
