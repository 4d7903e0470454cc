"""Prints the path of the log handler script for Snakemake 5.9 to 8."""

import os

print(os.path.join(os.path.dirname(os.path.abspath(__file__)), "log_handler.py"))
