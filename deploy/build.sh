#!/bin/sh
# build.sh SOURCE TARGET: Kawaraban and what it needs, as locked, in a folder that needs nothing of SOURCE any more.
#
# The Dockerfile runs this, and so may a server without containers. Needs python3 (3.11 or later) and a way to PyPI.
set -eu

source=$(cd "$1" && pwd)
target=$2
python=${PYTHON:-python3}

if [ -e "$target" ]; then
    echo "$target is there already; nothing was built." >&2
    exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

uv=$(command -v uv || true)
if [ -z "$uv" ]; then
    "$python" -m venv "$work/uv"
    "$work/uv/bin/python" -m pip install --quiet --disable-pip-version-check 'uv>=0.13,<0.14'
    uv=$work/uv/bin/uv
fi

# The clone is read and never written to: what is built of it lies in the target alone.
mkdir "$work/source"
for name in pyproject.toml uv.lock README.md LICENSE kawaraban; do
    cp -R "$source/$name" "$work/source/"
done
UV_PROJECT_ENVIRONMENT=$target UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy \
    "$uv" sync --quiet --project "$work/source" --python "$python" \
    --frozen --no-dev --no-editable --extra s3 --compile-bytecode

"$target/bin/kawaraban" --help >/dev/null
echo "Built in $target: $("$target/bin/python" -c 'from importlib.metadata import version; print("kawaraban", version("kawaraban"))')"
