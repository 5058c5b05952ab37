#!/usr/bin/env bash
# Sets up what Watchroom needs: system libraries, a virtual environment, locked packages.
#   packaging/setup.sh run    what the client and the demo need
#   packaging/setup.sh test   what the tests and checks need too
# A stamp in .venv makes a second run cost well under a second.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:-run}
venv=.venv
case "$kind" in
  run) lock=requirements.lock ;;
  test) lock=requirements-dev.lock ;;
  *) echo "usage: packaging/setup.sh run|test" >&2; exit 2 ;;
esac

# Each line: a file or command that proves presence, then the Debian package that brings it.
run_needs="
lib:libEGL.so.1 libegl1
lib:libGL.so.1 libgl1
lib:libxkbcommon-x11.so.0 libxkbcommon-x11-0
lib:libxcb-cursor.so.0 libxcb-cursor0
lib:libxcb-icccm.so.4 libxcb-icccm4
lib:libxcb-image.so.0 libxcb-image0
lib:libxcb-keysyms.so.1 libxcb-keysyms1
lib:libxcb-render-util.so.0 libxcb-render-util0
lib:libxcb-shape.so.0 libxcb-shape0
lib:libxcb-xinerama.so.0 libxcb-xinerama0
lib:libdbus-1.so.3 libdbus-1-3
lib:libfontconfig.so.1 libfontconfig1
lib:libvlc.so.5 libvlc5
dir:/usr/lib/*/vlc/plugins/codec vlc-plugin-base
dir:/usr/share/fonts/opentype/noto fonts-noto-cjk
"
test_needs="
cmd:Xvfb xvfb
lib:libXrandr.so.2 libxrandr2
cmd:ffmpeg ffmpeg
cmd:xdotool xdotool
cmd:tc iproute2
dir:/usr/lib/*/girepository-1.0/GstRtspServer-1.0.typelib gir1.2-gst-rtsp-server-1.0
dir:/usr/lib/python3/dist-packages/gi python3-gi
dir:/usr/lib/*/gstreamer-1.0/libgstisomp4.so gstreamer1.0-plugins-good
dir:/usr/lib/*/gstreamer-1.0/libgstplayback.so gstreamer1.0-plugins-base
dir:/usr/lib/*/gstreamer-1.0/libgstvideoparsersbad.so gstreamer1.0-plugins-bad
"

missing_packages() {
  local libraries proof package
  libraries=$( (ldconfig -p || /sbin/ldconfig -p) 2>/dev/null || true)
  while read -r proof package; do
    [ -n "$proof" ] || continue
    case "$proof" in
      lib:*) grep -qF "${proof#lib:}" <<<"$libraries" || echo "$package" ;;
      cmd:*) command -v "${proof#cmd:}" >/dev/null || echo "$package" ;;
      dir:*) compgen -G "${proof#dir:}" >/dev/null || echo "$package" ;;
    esac
  done
}

system_libraries() {
  local needs="$run_needs" missing command
  [ "$kind" = test ] && needs="$needs$test_needs"
  [ "$(uname -s)" = Linux ] || return 0
  missing=$(missing_packages <<<"$needs" | sort -u | tr '\n' ' ')
  [ -n "${missing// /}" ] || return 0
  command="apt-get install -y --no-install-recommends $missing"
  if ! command -v apt-get >/dev/null; then
    echo "setup: this system has no apt-get. Install what these Debian packages hold with its own" >&2
    echo "setup: package manager: $missing" >&2
    [ "$kind" = run ] || exit 1
    return 0
  fi
  local sudo=""
  if [ "$(id -u)" -ne 0 ]; then
    if sudo -n true 2>/dev/null; then sudo="sudo"; else
      echo "setup: these system packages are missing: $missing" >&2
      echo "setup: run this, then the same make command again:" >&2
      echo "    sudo apt-get update && sudo $command" >&2
      exit 1
    fi
  fi
  echo "setup: installing $missing"
  # A slow mirror once is no reason to fail a whole set-up.
  $sudo apt-get update -qq || $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo $command -qq >/dev/null \
    || { echo "setup: apt-get could not install: $missing" >&2; exit 1; }
}

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null || continue
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"; return
    fi
  done
  echo "setup: Watchroom needs Python 3.11 or newer (set PYTHON=/path/to/python3)" >&2
  exit 1
}

stamp_of() { cat packaging/setup.sh pyproject.toml "$lock" | cksum; }

stamp="$venv/.watchroom-$kind"
if [ -x "$venv/bin/watchroom" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(stamp_of)" ]; then
  exit 0
fi
# The test set-up is a superset: do not take its packages away for a plain run.
if [ "$kind" = run ] && [ -f "$venv/.watchroom-test" ] \
   && [ "$(cat "$venv/.watchroom-test")" = "$(lock=requirements-dev.lock stamp_of)" ]; then
  exit 0
fi
system_libraries
python=$(find_python)
[ -x "$venv/bin/python" ] || { echo "setup: creating $venv with $("$python" --version)"; "$python" -m venv "$venv"; }
echo "setup: installing locked Python packages (once; some minutes on a slow line)"
"$venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$lock"
"$venv/bin/python" -m pip install -q --disable-pip-version-check --no-deps -e .
stamp_of >"$stamp"
echo "setup: done"
