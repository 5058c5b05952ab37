"""`bench wall`: our wall beside the floor (one ffmpeg a stream) and beside mpv and ffplay windows."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
import time
from typing import Any
from urllib.parse import quote

from app.bench.measure import cpu_seconds, display, memory_mb
from app.domain.camera import StreamRole
from app.simulator.process import Simulator

PICTURES = (1920, 1080)
"""All tiles' pictures together: a full-HD wall."""

DISPLAY = "2048x1280x24"
"""Room for titles and gaps, so that nothing of a wall lies outside and is painted for nothing."""

WARM_UP_S = 60.0
PEER_WARM_UP_S = 10.0


def tile_size(tiles: int) -> tuple[int, int]:
    """Picture of a tile on a full-HD screen: even numbers, 16:9."""
    columns = math.ceil(math.sqrt(tiles))
    width = PICTURES[0] // columns // 2 * 2
    return width, width * 9 // 16 // 2 * 2


def run(tiles: int, seconds: float, peers: tuple[str, ...] = ("mpv", "ffplay")) -> dict[str, Any]:
    """All contestants on the same streams, one after the other; the simulator is not counted.

    The floor is measured before and after ours: a noisy machine shows in the difference.
    """
    width, height = tile_size(tiles)
    with Simulator(cameras=tiles, ptz=0) as simulator, display(DISPLAY) as (server, environment):
        cameras = simulator.cameras
        urls = []
        for camera in cameras:
            account = f"{quote(camera.username)}:{quote(camera.password)}"
            urls.append(camera.url(StreamRole.SUB).replace("rtsp://", f"rtsp://{account}@"))
        warm(urls)
        scale = f"scale={width}:{height}"
        ffmpeg = [
            ["ffmpeg", "-v", "error", "-rtsp_transport", "tcp", "-i", url, "-vf", scale,
             "-f", "null", "-"] for url in urls
        ]  # fmt: skip
        floors = [programs(ffmpeg, seconds, environment)["cpu_cores"]]
        sim_before, sim_at = cpu_seconds([simulator.pid]), time.perf_counter()
        ours = our_wall(simulator, width, height, seconds, server, environment)
        sim_cores = (cpu_seconds([simulator.pid]) - sim_before) / (time.perf_counter() - sim_at)
        plain = our_wall(simulator, width, height, seconds, server, environment, watermark=False)
        floors.append(programs(ffmpeg, seconds, environment)["cpu_cores"])
        floor = round(sum(floors) / 2, 3)
        result: dict[str, Any] = {
            "tiles": tiles,
            "tile": [width, height],
            "seconds": seconds,
            "ours": ours,
            "without_watermark": plain,
            "floor": {"cpu_cores": floor, "before_and_after": floors},
            "ratio_to_floor": round(ours["cpu_cores"] / floor, 3),
            "mb_a_tile": round(ours["rss_mb"] / tiles, 1),
            "simulator_cores": round(sim_cores, 3),
            "peers": {},
        }
        for peer in peers:
            if shutil.which(peer):
                result["peers"][peer] = programs(
                    [peer_command(peer, u, i, tiles, width, height) for i, u in enumerate(urls)],
                    seconds, environment,
                )  # fmt: skip
        return result


def warm(urls: list[str]) -> None:
    """Let the simulator make every loop before anybody is measured."""
    for start in range(0, len(urls), 8):
        running = [
            subprocess.Popen(["ffmpeg", "-v", "quiet", "-rtsp_transport", "tcp", "-i", u, "-t", "0.2",
                              "-f", "null", "-"]) for u in urls[start : start + 8]
        ]  # fmt: skip
        for process in running:
            process.wait(120)


def our_wall(
    simulator: Simulator,
    width: int,
    height: int,
    seconds: float,
    server: int,
    environment: dict[str, str],
    *,
    watermark: bool = True,
) -> dict[str, Any]:
    """The real widget and engine in a process of their own."""
    first = simulator.cameras[0]
    job = {
        "cameras": [{"id": c.id, "url": c.url(StreamRole.SUB)} for c in simulator.cameras],
        "username": first.username,
        "password": first.password,
        "width": width,
        "height": height,
        "seconds": seconds,
        "warm_up": WARM_UP_S,
        "display_server": server,
        "watermark": watermark,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "app.bench.wall_client"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(job))
    process.stdin.close()
    assert process.stdout is not None
    line = process.stdout.readline()
    process.wait(20)
    if not line:
        raise RuntimeError("the wall ended without a report")
    result = json.loads(line)
    assert isinstance(result, dict)
    return result


def peer_command(peer: str, url: str, index: int, tiles: int, width: int, height: int) -> list[str]:
    """A window of that program at the tile's place."""
    columns = math.ceil(math.sqrt(tiles))
    x, y = index % columns * width, index // columns * height
    if peer == "mpv":
        return ["mpv", "--really-quiet", "--no-config", "--no-audio", "--profile=low-latency",
                "--vo=x11", "--rtsp-transport=tcp", "--no-border",
                f"--geometry={width}x{height}+{x}+{y}", "--no-keepaspect-window", url]  # fmt: skip
    return ["ffplay", "-v", "quiet", "-an", "-rtsp_transport", "tcp", "-fflags", "nobuffer",
            "-noborder", "-x", str(width), "-y", str(height), "-left", str(x), "-top", str(y),
            url]  # fmt: skip


def programs(
    commands: list[list[str]], seconds: float, environment: dict[str, str]
) -> dict[str, float]:
    """CPU and memory of many processes that run side by side. Raises RuntimeError if one ends."""
    running = [
        subprocess.Popen(
            c,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        for c in commands
    ]
    try:
        time.sleep(PEER_WARM_UP_S)
        pids = [p.pid for p in running]
        before, at = cpu_seconds(pids), time.perf_counter()
        time.sleep(seconds)
        used = (cpu_seconds(pids) - before) / (time.perf_counter() - at)
        ended = sum(p.poll() is not None for p in running)
        if ended:
            raise RuntimeError(f"{ended} of {len(running)} {commands[0][0]} ended by themselves")
        return {"cpu_cores": round(used, 3), **memory_mb(pids)}
    finally:
        for process in running:
            process.kill()
        for process in running:
            process.wait(10)


def table(result: dict[str, Any]) -> str:
    """The result for people."""
    ours, late, floor = result["ours"], result["ours"]["ui_late_ms"], result["floor"]
    plain = result["without_watermark"]
    before, after = floor["before_and_after"]
    lines = [
        f"{result['tiles']} tiles of {result['tile'][0]}×{result['tile'][1]}, {result['seconds']:g} s",
        f"{'':10} {'cores':>7} {'/ floor':>8} {'RSS MB':>7} {'PSS MB':>7}",
        f"{'ours':10} {ours['cpu_cores']:7.3f} {result['ratio_to_floor']:8.2f} "
        f"{ours['rss_mb']:7} {ours['pss_mb']:7}",
        f"{'no mark':10} {plain['cpu_cores']:7.3f} {plain['cpu_cores'] / floor['cpu_cores']:8.2f} "
        f"{plain['rss_mb']:7} {plain['pss_mb']:7}",
        f"{'floor':10} {floor['cpu_cores']:7.3f} {1:8.2f} ({before:.3f} before, {after:.3f} after)",
    ]
    for name, peer in result["peers"].items():
        ratio = peer["cpu_cores"] / floor["cpu_cores"]
        lines.append(
            f"{name:10} {peer['cpu_cores']:7.3f} {ratio:8.2f} {peer['rss_mb']:7} {peer['pss_mb']:7}"
        )
    lines += [
        f"painted: {ours['fps_min']:.2f} fps at least, {ours['fps_mean']:.2f} on average; "
        f"display server {ours['display_server_cores']:.3f} cores",
        f"UI late by {late['p50']:.1f} ms (p50), {late['p99']:.1f} ms (p99), {late['max']:.1f} ms (max); "
        f"{result['mb_a_tile']} MB a tile; all live after {ours['all_live_s']:.1f} s",
        f"simulator: {result['simulator_cores']:.3f} cores",
    ]
    return "\n".join(lines)
