#!/usr/bin/env bash
# The plugin's own tests: bash adapters/snakemake/plugin/test.sh [arguments for pytest]
# Uses .venv-snakemake at the root of the checkout; makes it where it is missing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
venv=$root/.venv-snakemake
if [ ! -x "$venv/bin/snakemake" ] || [ ! -x "$venv/bin/pytest" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check 'snakemake==9.27.1' pytest
fi
# The interface before its break, beside the one that Snakemake brings.
if [ ! -d "$venv/interface-1" ]; then
  "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --target "$venv/interface-1" 'snakemake-interface-logger-plugins==1.2.4'
fi
export STEMMA_INTERFACE_1=$venv/interface-1 PYTHONDONTWRITEBYTECODE=1
cd "$here"
PATH=$venv/bin:$PATH exec "$venv/bin/python" -m pytest "$@"
