"""`watchroom demo`: simulated cameras, invented assets, and the client on them."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

from app.paths import cache_dir, data_dir

CAMERAS, TURNING = 12, 3
OFFSCREEN_S = 20.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--language", choices=["en", "zh_CN"], default="")
    parser.add_argument("--seconds", type=float, default=0.0, help="end by itself after so long")
    parser.add_argument("--screenshot", type=Path, help="save a picture of the window at the end")


def run(arguments: argparse.Namespace) -> int:
    """Starts everything, ends everything; returns the exit status."""
    from app.ui.application import ClientOptions, has_display, run_client

    seconds, screenshot = arguments.seconds, arguments.screenshot
    if not has_display() and os.environ.get("QT_QPA_PLATFORM", "offscreen") == "offscreen":
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        seconds = seconds or OFFSCREEN_S
        screenshot = screenshot or cache_dir() / "demo.png"
        print(f"No display here: the demo runs offscreen for {seconds:.0f} s.", flush=True)
    from app.simulator.process import Simulator
    from app.store import sample
    from app.store.cache import open_store

    # The demo's data are made anew each time: the simulated cameras' ports change.
    data = data_dir() / "demo"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    print("Starting simulated cameras. Their pictures are drawn once and kept.", flush=True)
    names = sample.live_names(CAMERAS)
    microphones = ("pcmu", "aac", "pcma", "")
    with Simulator(cameras=CAMERAS, ptz=TURNING, names=names, audio=microphones) as simulator:
        store = open_store(data)
        wall = sample.fill(store, simulator.cameras)
        store.close()
        options = ClientOptions(
            data,
            arguments.language,
            title_note="invented sample data / 虚构示例数据",
            first_view=tuple(wall),
            seconds=seconds,
            screenshot=screenshot,
        )
        status = run_client(options)
    if screenshot is not None:
        print(f"Screenshot: {screenshot}")
    sys.stdout.flush()
    return status
