#!/usr/bin/env bash
# Tests of the training package, in a virtual environment of its own that is made on the first run.
set -euo pipefail
cd "$(dirname "$0")/.."

requirements=models/training/requirements.txt
venv=models/training/.venv
stamp=$venv/installed-requirements.txt

as_root_on_debian() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

apt_install() {
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}

make_venv() {
  rm -rf "$venv"
  if ! python3 -m venv "$@" "$venv"; then
    as_root_on_debian || { echo "python3 cannot make a virtual environment. Install: apt-get install -y python3-venv" >&2; exit 1; }
    apt_install python3-venv
    rm -rf "$venv"
    python3 -m venv "$@" "$venv"
  fi
}

install() {
  echo "Installing $requirements into $venv"
  make_venv
  # No retries: an index that cannot be reached is not reached by asking it again, and torch's is often blocked.
  if ! PIP_RETRIES=0 "$venv/bin/pip" install --disable-pip-version-check --progress-bar off -r "$requirements"; then
    as_root_on_debian || { echo "pip could not install $requirements, see above" >&2; exit 1; }
    echo "pip could not install everything; taking Debian's packages instead"
    apt_install python3-torch python3-numpy python3-pil python3-skimage python3-matplotlib python3-tqdm python3-pytest
    make_venv --system-site-packages
  fi
  cp "$requirements" "$stamp"
}

cmp -s "$requirements" "$stamp" || install
PYTHONPATH=models "$venv/bin/python" -m pytest test/training "$@"
