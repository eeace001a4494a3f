#!/usr/bin/env bash
# Installs tools that tests start, outside of the checkout: `install.sh mlflow dvc actionlint …`, several at once.
# A Python tool is a folder of its own made from python/<name>.txt, a Go tool is a line of go.txt or a folder of go/. What is
# there already is left as it is. Ends with 0 also when one could not be installed: it is said here, and its tests are skipped by name.
# TEST_TOOLS is where they go; TEST_TOOLS_LIMIT_S is how long one may take.
set -uo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
home="${TEST_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/pokewatch-tools}"
limit_s="${TEST_TOOLS_LIMIT_S:-240}"
mkdir -p "$home/logs"

# uv resolves nothing here (the lists are complete) and installs some 20 times faster than pip.
install_uv() {
  [[ -x $home/uv/bin/uv ]] && return
  python3 -m venv "$home/uv" && "$home/uv/bin/pip" install -q --disable-pip-version-check uv
}

install_python() {
  local name=$1 list="$here/python/$1.txt" at="$home/$1"
  cmp -s "$list" "$at/installed.txt" && return
  rm -rf "$at"
  # Compiled at once: the first start of a server would take a minute otherwise.
  timeout "$limit_s" "$home/uv/bin/uv" venv -q --python "$(command -v python3)" "$at" &&
    timeout "$limit_s" "$home/uv/bin/uv" pip install -q --compile-bytecode --python "$at/bin/python" -r "$list" &&
    cp "$list" "$at/installed.txt"
}

install_go() {
  local name=$1 from module own="$here/go/$1"
  if [[ -d $own ]]; then
    from=. module="$(cat "$own"/* | sha256sum)"
  else
    from="$(awk -v name="$name" '$1 == name { print $2 }' "$here/go.txt")" module=$from own=.
  fi
  [[ -f $home/go/$name && "$(cat "$home/go/$name.installed" 2>/dev/null)" == "$module" ]] && return
  # Without C libraries, so that a program also runs in an image that has none.
  (cd "$own" && CGO_ENABLED=0 GOBIN="$home/go" timeout "$limit_s" go install "$from") && printf '%s\n' "$module" >"$home/go/$name.installed"
}

install_one() {
  local name=$1 log="$home/logs/$1.log" kind=go
  [[ -f $here/python/$name.txt ]] && kind=python
  # One at a time: two checkouts may want the same tool.
  exec 9>"$home/logs/$name.lock" && flock 9
  "install_$kind" "$name" >"$log" 2>&1 && return
  echo "could not install $name ($(tail -n 1 "$log")): the tests that need it are skipped by name"
}

for name in "$@"; do
  if [[ -f $here/python/$name.txt ]]; then
    (exec 9>"$home/logs/uv.lock" && flock 9 && install_uv) >"$home/logs/uv.log" 2>&1 || true
    break
  fi
done
for name in "$@"; do install_one "$name" & done
wait
