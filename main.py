"""Starts 校安检: the window, or one headless inspection where there is no display."""

import sys

from safetyapp.cli import main

if __name__ == "__main__":
    sys.exit(main())
