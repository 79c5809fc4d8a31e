#!/usr/bin/env bash
# Make @tensorflow/tfjs-node work where its download of libtensorflow is blocked: build its binding against the
# libraries of the tensorflow-cpu wheel. Needs python3 with pip, a C++ compiler and Node's headers.
#
#   tools/tfjs-node/build.sh [FOLDER]     default: .cache/tfjs-node
#
# The last line printed is the folder: export LOWERBOUND_TFJS_NODE=FOLDER, and choose --engine tfjs-node.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mkdir -p "${1:-$root/.cache/tfjs-node}" && cd "${1:-$root/.cache/tfjs-node}" && pwd)
tfjs_version=4.22.0
tensorflow_version=2.21.0
package=$folder/node_modules/@tensorflow/tfjs-node

if [ -f "$package/lib/napi-v8/tfjs_binding.node" ]; then
  echo "tfjs-node is already built" >&2
  echo "$folder"
  exit 0
fi
for tool in python3 c++ node npm; do
  command -v "$tool" >/dev/null || { echo "error: $tool is needed to build tfjs-node" >&2; exit 1; }
done
headers=$(npm config get nodedir 2>/dev/null || true)
if [ -z "$headers" ] || [ "$headers" = undefined ]; then headers=$(dirname "$(dirname "$(node -p process.execPath)")"); fi
if [ ! -f "$headers/include/node/node_api.h" ]; then
  echo "error: no Node headers in $headers/include/node; set npm's nodedir to a folder that has them" >&2
  exit 1
fi

cd "$folder"
[ -f package.json ] || echo '{ "private": true }' > package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error "@tensorflow/tfjs-node@$tfjs_version" node-gyp
# One copy of TensorFlow.js: the backend must register itself with the copy that the library uses.
for name in "$root"/node_modules/@tensorflow/*; do
  rm -rf "node_modules/@tensorflow/$(basename "$name")"
  ln -s "$name" "node_modules/@tensorflow/$(basename "$name")"
done

python3 -m pip download --quiet --no-deps --only-binary=:all: --dest wheel "tensorflow-cpu==$tensorflow_version"
python3 -m zipfile -e wheel/tensorflow_cpu-*.whl wheel/unpacked
mkdir -p "$package/deps/lib"
rm -rf "$package/deps/include"
cp -r wheel/unpacked/tensorflow/include "$package/deps/include"
for library in libtensorflow_cc libtensorflow_framework; do
  cp "wheel/unpacked/tensorflow/$library.so.2" "$package/deps/lib/"
done
ln -sf libtensorflow_cc.so.2 "$package/deps/lib/libtensorflow.so"
ln -sf libtensorflow_framework.so.2 "$package/deps/lib/libtensorflow_framework.so"
rm -rf wheel

cd "$package"
"$folder/node_modules/.bin/node-gyp" rebuild --nodedir="$headers" \
  --module_name=tfjs_binding --module_path="$package/lib/napi-v8" --napi_build_version=8
echo "built; use it with: export LOWERBOUND_TFJS_NODE=$folder" >&2
echo "$folder"
