#!/bin/sh
# Reads our TensorBoard event files back with the real tensorboard package (from PyPI, in a throw-away environment).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet tensorboard
mkdir "$work/run"
node --conditions=@lowerbound/source --import tsx "$here/write-events.ts" "$work/run"
"$work/venv/bin/python" "$here/check.py" "$work/run"
