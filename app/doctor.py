"""`watchroom doctor`: what this machine can do, and what to do about the rest."""

from __future__ import annotations

import argparse
import ctypes.util
import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

GOOD, NOTE, BAD = "ok", "note", "bad"
NEEDED_BYTES = 500_000_000


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
    """Whether windows can be shown."""
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

    fresh = QGuiApplication.instance() is None
    if fresh and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QGuiApplication.instance() or QGuiApplication([])
    assert isinstance(app, QGuiApplication)
    screens = ", ".join(
        f"{s.size().width()}×{s.size().height()} at {s.devicePixelRatio():g}×"
        for s in QGuiApplication.screens()
    )
    platform = QGuiApplication.platformName()
    return Finding("Qt", GOOD, f"{qVersion()}, platform {platform}, screens: {screens}")


def check_fonts() -> Finding:
    """Whether Chinese can be written."""
    from PySide6.QtGui import QFontDatabase

    systems = QFontDatabase.WritingSystem
    families = QFontDatabase.families(systems.SimplifiedChinese)
    if families:
        return Finding("Chinese font", GOOD, families[0])
    return Finding("Chinese font", BAD, "none", "Install one: sudo apt-get install fonts-noto-cjk")


def check_ffmpeg() -> Finding:
    """The libraries inside PyAV, which decode live streams."""
    import av

    missing = [c for c in ("h264", "hevc", "mjpeg") if c not in av.codecs_available]
    text = (
        f"PyAV {av.__version__}, libavcodec {'.'.join(map(str, av.library_versions['libavcodec']))}"
    )
    if missing:
        return Finding("Live decoding", BAD, f"{text}; no {', '.join(missing)}", "Reinstall PyAV.")
    return Finding("Live decoding", GOOD, f"{text}: H.264, H.265, MJPEG")


def check_hardware() -> Finding:
    """Decoders on a GPU: what PyAV was built with, and whether a device is there."""
    from av.codec.hwaccel import HWAccel, hwdevices_available

    built = hwdevices_available()
    working = []
    for name in built:
        try:
            HWAccel(name)
            if _device_present(name):
                working.append(name)
        except Exception:  # noqa: S112 -- not usable here, for whatever reason
            continue
    text = f"built in: {', '.join(built) or 'none'}; device present: {', '.join(working) or 'none'}"
    advice = "" if working else "Not needed: the wall decodes in software."
    return Finding("Hardware decoding", GOOD if working else NOTE, text, advice)


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
    library = ctypes.util.find_library("vlc")
    if library is None and sys.platform == "linux":
        return Finding(
            "libVLC", NOTE, "not found", "Only for the player: sudo apt-get install libvlc5 "
            "vlc-plugin-base"
        )  # fmt: skip
    try:
        import vlc

        instance = vlc.Instance("--quiet", "--no-video-title-show")
        version = vlc.libvlc_get_version().decode()
    except Exception as error:
        return Finding("libVLC", NOTE, f"cannot be loaded: {error}", "Install VLC 3.")
    if instance is None:
        return Finding(
            "libVLC", NOTE, f"{version}, no plug-ins found",
            "Install them: sudo apt-get install vlc-plugin-base",
        )  # fmt: skip
    instance.release()
    missing = missing_vlc_modules()
    if missing:
        return Finding(
            "libVLC", NOTE, f"{version}; missing modules: {', '.join(missing)}",
            "This build cannot open rtsp:// (Debian's has no live555); live streams need it not.",
        )  # fmt: skip
    return Finding("libVLC", GOOD, version)


def missing_vlc_modules() -> list[str]:
    """Names of modules that matter here and that this VLC does not have."""
    wanted = {"live555 (RTSP)": "liblive555_plugin*", "avcodec": "libavcodec_plugin*",
              "mp4": "libmp4_plugin*", "vmem": "libvmem_plugin*"}  # fmt: skip
    if sys.platform != "linux":
        return []
    override = os.environ.get("VLC_PLUGIN_PATH")
    folders = [Path(override)] if override else sorted(Path("/usr/lib").glob("*/vlc/plugins"))
    names = [f.name for folder in folders for f in folder.rglob("*_plugin.so")]
    return [
        label
        for label, pattern in wanted.items()
        if not any(n.startswith(pattern.rstrip("*")) for n in names)
    ]


def check_database() -> Finding:
    """The user's database."""
    from app.paths import data_dir
    from app.store.secrets import open_secrets
    from app.store.store import Store

    path = data_dir() / "watchroom.db"
    if not path.exists():
        return Finding("Database", GOOD, "none yet; made at the first start")
    store = Store(path, open_secrets(data_dir()))
    try:
        text = f"{store.count()} cameras, {path.stat().st_size / 1e6:.1f} MB"
        return Finding("Database", NOTE if store.note else GOOD, text, store.note)
    finally:
        store.close()


def check_secrets() -> Finding:
    """Where camera passwords go."""
    from app.paths import data_dir
    from app.store.secrets import open_secrets

    if open_secrets(data_dir()).secure:
        return Finding("Passwords", GOOD, "in the system's keyring")
    return Finding(
        "Passwords", NOTE, "in an encrypted file that only this user can read",
        "For the keyring, start a Secret Service (GNOME Keyring, KWallet).",
    )  # fmt: skip


def check_space() -> Finding:
    """Free space where data are kept."""
    from app.paths import data_dir

    free = shutil.disk_usage(data_dir()).free
    text = f"{free / 1e9:.1f} GB free"
    if free < NEEDED_BYTES:
        return Finding("Disk", BAD, text, "Free at least 0.5 GB, or set WATCHROOM_DATA elsewhere.")
    return Finding("Disk", GOOD, text)


def check_peers() -> Finding:
    """Programs that the benchmarks compare with."""
    found = [p for p in ("ffmpeg", "mpv", "ffplay", "Xvfb") if shutil.which(p)]
    lacking = [p for p in ("ffmpeg", "Xvfb") if p not in found]
    if lacking:
        return Finding("Benchmarks", NOTE, f"missing: {', '.join(lacking)}",
                       "Only for “make bench”: packaging/setup.sh test")  # fmt: skip
    return Finding("Benchmarks", GOOD, ", ".join(found))


CHECKS: tuple[Callable[[], Finding], ...] = (
    check_python,
    check_display,
    check_qt,
    check_fonts,
    check_ffmpeg,
    check_hardware,
    check_vlc,
    check_database,
    check_secrets,
    check_space,
    check_peers,
)


def examine() -> list[Finding]:
    """Every check; one that breaks is a finding itself and does not take the others with it."""
    findings = []
    for check in CHECKS:
        try:
            findings.append(check())
        except Exception as error:
            topic = check.__name__.removeprefix("check_").capitalize()
            advice = "Run “make demo” again: it installs what is missing."
            findings.append(Finding(topic, BAD, f"{type(error).__name__}: {error}", advice))
    return findings


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
            if f.advice:
                print(f"{'':5} {'':{width}}  → {f.advice}")
    return int(any(f.status == BAD for f in findings))
