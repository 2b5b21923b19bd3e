#!/bin/sh
# Generates the Python stubs of the API into a folder:
#
#   apt install python3-grpcio python3-protobuf protobuf-compiler protobuf-compiler-grpc
#   clients/examples/python/generate.sh stubs
#   PYTHONPATH=stubs python3 clients/examples/python/watch.py
set -eu
out=${1:?usage: generate.sh FOLDER}
proto=$(cd "$(dirname "$0")/../../../proto" && pwd)
mkdir -p "$out"
protoc -I "$proto" --python_out="$out" --grpc_out="$out" \
  --plugin=protoc-gen-grpc="$(command -v grpc_python_plugin)" \
  "$proto"/tocsin/v1/*.proto
