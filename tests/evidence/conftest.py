from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from app.evidence.keys import SigningKey, console_key
from app.evidence.package import Gap, Kind, Media, Order, Summary, write_package
from app.store.secrets import FileSecrets

START = datetime(2026, 3, 4, 5, 6, 7, 250_000, UTC)
LATER = START + timedelta(seconds=2)


def order(number: str = "C1-0001") -> Order:
    return Order(
        number=number, case="A-2026-17", purpose="traffic accident", basis="Art. 19",
        requester="王芳, 交警支队", approver="李强", operator="Chen Wei", console="wall-1",
    )  # fmt: skip


@pytest.fixture(scope="session")
def mp4(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of real H.264."""
    path = tmp_path_factory.mktemp("media") / "clip.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=5)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(10):
            picture = np.full((48, 64, 3), number * 20, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="session")
def png(mp4: Path) -> Path:
    path = mp4.with_name("still.png")
    Image.new("RGB", (16, 12), "red").save(path)
    return path


@pytest.fixture
def media(mp4: Path, png: Path) -> list[Media]:
    gap = Gap(START + timedelta(seconds=1), START + timedelta(seconds=1.5), "no packets")
    camera = ("33110200001320000001", "中山路/丽阳街 路口")
    return [
        Media(
            Kind.VIDEO, mp4, *camera, START, LATER, START + timedelta(seconds=3),
            LATER + timedelta(seconds=3), 3.0, "server", "h264", 64, 48, (gap,),
        ),
        Media(Kind.VIDEO, mp4, *camera, START, LATER, codec="h264", masks_applied=True),
        Media(Kind.STILL, png, *camera, START, START, width=16, height=12),
    ]  # fmt: skip


@pytest.fixture
def trusted(tmp_path: Path) -> Path:
    return tmp_path / "trusted"


@pytest.fixture
def key(tmp_path: Path, trusted: Path) -> SigningKey:
    return console_key(FileSecrets(tmp_path), trusted)


@pytest.fixture
def package(tmp_path: Path, media: list[Media], key: SigningKey) -> Summary:
    return write_package(tmp_path / "out", order(), media, key)
