"""`watchroom doctor`: what this machine can do, and what to do about the rest.

Each check runs in a process of its own with a time limit: a Qt that aborts, a library that crashes
or a keyring that hangs becomes a line of the report. Nothing is changed on the machine.
"""

from __future__ import annotations

import argparse
import ctypes.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from app.video.libvlc import missing_modules

GOOD, NOTE, BAD = "ok", "note", "bad"
NEEDED_BYTES = 500_000_000
CHECK_TIMEOUT_S = 30.0
SIDE_BY_SIDE = 3
REINSTALL = "Run packaging/setup.sh run: it installs what is missing."


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    topic: str
    status: str
    text: str
    advice: str = ""


def check_python() -> Finding:
    """The interpreter's version."""
    return Finding("Python", GOOD, ".".join(map(str, sys.version_info[:3])))


def check_display() -> Finding:
    """Whether there is a place for windows; `check_qt` says whether it answers."""
    names = [n for n in ("WAYLAND_DISPLAY", "DISPLAY") if os.environ.get(n)]
    if names or sys.platform != "linux":
        return Finding("Display", GOOD, ", ".join(f"{n}={os.environ[n]}" for n in names) or "yes")
    return Finding(
        "Display", NOTE, "none", "Start in a desktop session; “make demo” also runs offscreen."
    )


def check_qt() -> Finding:
    """Qt and the platform plug-in it would use."""
    from PySide6.QtCore import qVersion
    from PySide6.QtGui import QGuiApplication

    if sys.platform == "linux" and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QGuiApplication([])
    screens = ", ".join(
        f"{s.size().width()}×{s.size().height()} at {s.devicePixelRatio():g}×"
        for s in app.screens()
    )
    return Finding("Qt", GOOD, f"{qVersion()}, platform {app.platformName()}, screens: {screens}")


def check_fonts() -> Finding:
    """Whether Chinese can be written."""
    from PySide6.QtGui import QFontDatabase, QGuiApplication

    # Fonts are the same on every platform of Linux; this one needs no display.
    if sys.platform == "linux":
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    _app = QGuiApplication([])
    families = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    if families:
        return Finding("Chinese font", GOOD, families[0])
    return Finding("Chinese font", BAD, "none", "Install one: sudo apt-get install fonts-noto-cjk")


def check_decoding() -> Finding:
    """The libraries inside PyAV, which decode live streams."""
    import av

    missing = [c for c in ("h264", "hevc", "mjpeg") if c not in av.codecs_available]
    library = ".".join(map(str, av.library_versions["libavcodec"]))
    text = f"PyAV {av.__version__}, libavcodec {library}"
    if missing:
        return Finding("Live decoding", BAD, f"{text}; no {', '.join(missing)}", REINSTALL)
    return Finding("Live decoding", GOOD, f"{text}: H.264, H.265, MJPEG")


def check_hardware() -> Finding:
    """Decoders on a GPU: what PyAV was built with, and which one decodes a picture."""
    from av.codec.hwaccel import hwdevices_available

    from app.video import hardware

    built = hwdevices_available()
    present = [name for name in built if _device_present(name)]
    good = [k for k in hardware.ORDER.get(sys.platform, ()) if k in built and hardware.works(k)]
    text = (
        f"built in: {', '.join(built) or 'none'}; device present: {', '.join(present) or 'none'}; "
        f"decodes: {', '.join(good) or 'none'}"
    )
    advice = "Not needed: the wall decodes in software."
    if present and not good:
        advice += " A device that decodes nothing often lacks its driver's video library."
    return Finding("Hardware decoding", GOOD if good else NOTE, text, advice)


def _device_present(name: str) -> bool:
    places = {
        "vaapi": "/dev/dri/renderD128",
        "drm": "/dev/dri/renderD128",
        "qsv": "/dev/dri/renderD128",
        "vulkan": "/dev/dri/renderD128",
        "cuda": "/dev/nvidiactl",
    }
    return Path(places[name]).exists() if name in places else sys.platform != "linux"


def check_vlc() -> Finding:
    """libVLC, and which of its modules are missing."""
    if ctypes.util.find_library("vlc") is None and sys.platform == "linux":
        advice = "Only for the player: sudo apt-get install libvlc5 vlc-plugin-base"
        return Finding("libVLC", NOTE, "not found", advice)
    try:
        import vlc

        instance = vlc.Instance("--quiet", "--no-video-title-show")
        version = vlc.libvlc_get_version().decode()
    except (ImportError, OSError, NameError, AttributeError) as error:
        return Finding("libVLC", NOTE, f"cannot be loaded: {error}", "Install VLC 3.")
    if instance is None:
        advice = "Install them: sudo apt-get install vlc-plugin-base"
        return Finding("libVLC", NOTE, f"{version}, no plug-ins found", advice)
    instance.release()
    missing = missing_modules()
    if missing:
        advice = "Live streams do not need them: FFmpeg opens those."
        if "live555 (RTSP)" in missing:
            advice = f"This build cannot open rtsp:// (Debian's has no live555). {advice}"
        return Finding("libVLC", NOTE, f"{version}; missing modules: {', '.join(missing)}", advice)
    return Finding("libVLC", GOOD, version)


def check_sound() -> Finding:
    """Whether a camera's sound can be played."""
    from app.video import sound

    try:
        output = sound.Miniaudio()
    except sound.SoundError as error:
        if error.args[0] == sound.NO_LIBRARY:
            return Finding("Sound", NOTE, "miniaudio is not installed; levels are shown", REINSTALL)
        advice = "Only to hear cameras: needs a device, and PulseAudio, PipeWire or ALSA on Linux."
        return Finding("Sound", NOTE, "no output device; levels are shown", advice)
    output.close()
    return Finding("Sound", GOOD, f"miniaudio, {output.name}")


def check_database() -> Finding:
    """The user's database: read, never repaired or migrated here."""
    from app.paths import data_dir
    from app.store import encryption
    from app.store.cache import find_key
    from app.store.errors import StoreError
    from app.store.secrets import open_secrets

    path = data_dir() / "watchroom.db"
    if not path.exists():
        return Finding("Database", GOOD, "none yet; made at the first start")
    advice = "At its next start the client keeps this file under another name and makes a new one."
    key, wanted = None, encryption.key_id(path)
    if wanted is not None:
        try:
            key = find_key(path.parent, open_secrets(path.parent), wanted)
            encryption.driver(key)
        except StoreError as error:
            return Finding("Database", BAD, str(error), REINSTALL)
        if key is None:
            return Finding(
                "Database", BAD, "encrypted, and its key is not here",
                "Unlock the keyring of the account that used it. The client offers to set the file "
                "aside and to load anew from the server; nothing is deleted.",
            )  # fmt: skip
    try:
        connection = encryption.connect(path, key, 5, read_only=True)
        try:
            sound = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            query = "SELECT count(*) FROM channel WHERE deleted_at IS NULL"
            cameras = connection.execute(query).fetchone()[0]
        finally:
            connection.close()
    except encryption.BUSY_OR_UNREADABLE as error:
        advice = f"Check that this user may read {path} and that the disk is well."
        return Finding("Database", BAD, str(error), advice)
    except encryption.ERRORS as error:
        return Finding("Database", BAD, f"damaged: {error}", advice)
    if sound != "ok":
        return Finding("Database", BAD, f"damaged: {sound}", advice)
    return Finding("Database", GOOD, f"{cameras} cameras, {path.stat().st_size / 1e6:.1f} MB")


def check_passwords() -> Finding:
    """Where camera passwords go."""
    from app.paths import data_dir
    from app.store.secrets import open_secrets

    if open_secrets(data_dir()).secure:
        return Finding("Passwords", GOOD, "in the system's keyring")
    return Finding(
        "Passwords",
        NOTE,
        "in an encrypted file that only this user can read",
        "For the keyring, start a Secret Service (GNOME Keyring, KWallet).",
    )


def check_cache() -> Finding:
    """How the data on this computer are protected."""
    from app.paths import data_dir
    from app.store import encryption
    from app.store.secrets import open_secrets

    path = data_dir() / "watchroom.db"
    if encryption.cipher is None:
        text = "the cache on this computer is not encrypted: the package sqlcipher3 is missing"
        return Finding("Encryption", BAD, text, REINSTALL)
    if encryption.is_plain(path):
        text = "the cache on this computer is not encrypted yet"
        return Finding("Encryption", NOTE, text, "The client does it at its next start.")
    copies = [p.name for p in encryption.plain_copies(path)]
    if copies:
        text = f"older copies beside the cache are not encrypted: {', '.join(copies)}"
        return Finding("Encryption", NOTE, text, "Move them to a safe place, or delete them.")
    secrets = open_secrets(path.parent)
    if secrets.secure:
        return Finding("Encryption", GOOD, "the key of the cache is in the system's keyring")
    why = {
        "asked": "switched off by WATCHROOM_KEYRING",
        "none": "this system has none",
        "slow": "it did not answer in time",
        "failed": "it could not be used",
    }.get(secrets.reason, f"{secrets.reason} is not one of those that are trusted")
    return Finding(
        "Encryption",
        NOTE,
        f"the cache on this computer is not protected by the system's keyring: {why}. "
        "It is encrypted with a key in a file that only this user can read",
        "For the keyring, start a Secret Service (GNOME Keyring, KWallet).",
    )


def check_disk() -> Finding:
    """Free space where data are kept."""
    from app.paths import data_dir

    free = shutil.disk_usage(data_dir()).free
    text = f"{free / 1e9:.1f} GB free"
    if free < NEEDED_BYTES:
        return Finding("Disk", BAD, text, "Free at least 0.5 GB, or set WATCHROOM_DATA elsewhere.")
    return Finding("Disk", GOOD, text)


def check_benchmarks() -> Finding:
    """Programs that the benchmarks need (ffmpeg, Xvfb) or compare with (mpv, ffplay)."""
    found = [p for p in ("ffmpeg", "Xvfb", "mpv", "ffplay") if shutil.which(p)]
    lacking = [p for p in ("ffmpeg", "Xvfb") if p not in found]
    if lacking:
        advice = "Only for “make bench”: packaging/setup.sh test"
        return Finding("Benchmarks", NOTE, f"missing: {', '.join(lacking)}", advice)
    return Finding("Benchmarks", GOOD, ", ".join(found))


CHECKS: dict[str, Callable[[], Finding]] = {
    "Python": check_python,
    "Display": check_display,
    "Qt": check_qt,
    "Chinese font": check_fonts,
    "Live decoding": check_decoding,
    "Hardware decoding": check_hardware,
    "libVLC": check_vlc,
    "Sound": check_sound,
    "Database": check_database,
    "Passwords": check_passwords,
    "Encryption": check_cache,
    "Disk": check_disk,
    "Benchmarks": check_benchmarks,
}


def examine() -> list[Finding]:
    """Every check, in the order of the report."""
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        return list(pool.map(_apart, CHECKS))


def _apart(topic: str) -> Finding:
    """One check in a process of its own; whatever ends it is a finding."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "app.doctor", topic],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=CHECK_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        text = f"no answer within {CHECK_TIMEOUT_S:.0f} s"
        return Finding(topic, BAD, text, "Something hangs: a network disk, the keyring?")
    lines = done.stdout.splitlines()
    if done.returncode == 0 and lines:
        return Finding(**json.loads(lines[-1]))
    said = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    if topic == "Qt":
        platforms = [line for line in said if line.startswith("qt.qpa.")] or said
        advice = f"Check DISPLAY and QT_QPA_PLATFORM. {REINSTALL}"
        return Finding(topic, BAD, " ".join(platforms) or "it crashed", advice)
    return Finding(topic, BAD, said[-1] if said else f"ended with {done.returncode}", REINSTALL)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Prints the report; 1 when something is bad."""
    findings = examine()
    if arguments.json:
        print(json.dumps([asdict(f) for f in findings], ensure_ascii=False, indent=2))
    else:
        width = max(len(f.topic) for f in findings)
        for f in findings:
            print(f"{f.status:5} {f.topic:{width}}  {f.text}")
            if f.advice and f.status != GOOD:
                print(f"{'':5} {'':{width}}  → {f.advice}")
    return int(any(f.status == BAD for f in findings))


if __name__ == "__main__":
    print(json.dumps(asdict(CHECKS[sys.argv[1]]())), flush=True)
    # Libraries that were only looked at need not be taken down in order.
    os._exit(0)
