#!/bin/sh
# Called by cargo instead of rustc for this workspace's packages: RUSTC ARGUMENTS…
# Adds the counters of the coverage report. Dependencies stay as they are: instrumenting them fails to link.
set -eu

target=host
kind=other
previous=
for argument in "$@"; do
  case "$previous $argument" in
    "--target wasm32-unknown-unknown" | *" --target=wasm32-unknown-unknown") target=wasm ;;
    "--crate-type bin") kind=program ;;
  esac
  previous=$argument
done

if [ "$kind" = program ]; then
  exec "$@"
elif [ "$target" = wasm ]; then
  # The target has no profiler runtime; the test crate brings its own. One unit, so that one file has all its code.
  exec "$@" -Cinstrument-coverage -Ccodegen-units=1 -Zno-profiler-runtime \
    --emit=llvm-ir,link,dep-info,metadata
else
  exec "$@" -Cinstrument-coverage
fi
