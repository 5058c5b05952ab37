"""libVLC as the second engine: real servers, real decoder processes, the same rings."""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import av
import numpy as np
import pytest

from app.domain.camera import CameraSource, Credentials, StreamRole, StreamSpec
from app.simulator.process import Simulator
from app.video import libvlc
from app.video.engine import VideoEngine
from app.video.types import Cause, StreamState, TileRequest
from tests.conftest import wait_for

LIVE = StreamState.LIVE
WIDTH, HEIGHT, FPS = 320, 180, 15


def _picture(number: int) -> av.VideoFrame:
    """Dark on top, bright at the bottom, and a bar that wanders."""
    image = np.full((HEIGHT, WIDTH, 3), 60, np.uint8)
    image[HEIGHT // 2 :] = 200
    image[:, number * 8 % WIDTH :][:, :16] = 255
    frame = av.VideoFrame.from_ndarray(image, "rgb24")
    frame.pts, frame.time_base = number, Fraction(1, FPS)
    return frame


class _Camera:
    """Serves /ts (H.264 in MPEG-TS) and /mjpeg at their own pace; may be told to be silent."""

    def __init__(self) -> None:
        self.silent = threading.Event()
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None: ...

            def do_GET(self) -> None:
                outer.asked.append(self.path)
                if self.path.startswith("/locked"):
                    self.send_response(401)
                    self.send_header("WWW-Authenticate", 'Basic realm="camera"')
                    self.end_headers()
                    return
                send = {"/ts": outer._send_ts, "/mjpeg": outer._send_mjpeg}.get(self.path)
                if send is None:
                    self.send_error(404)
                    return
                self.send_response(200)
                kind = "multipart/x-mixed-replace; boundary=frame"
                self.send_header("Content-Type", "video/mp2t" if self.path == "/ts" else kind)
                self.end_headers()
                try:
                    send(self)
                except OSError:
                    pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._ended = False
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def _numbers(self) -> Iterator[int]:
        began = time.monotonic()
        number = 0
        while not self._ended:
            time.sleep(max(0.0, began + number / FPS - time.monotonic()))
            if not self.silent.is_set():
                yield number
            number += 1

    def _send_ts(self, handler: BaseHTTPRequestHandler) -> None:
        sink = io.BytesIO()
        with av.open(sink, "w", format="mpegts") as container:
            stream = container.add_stream("libx264", rate=FPS)
            stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
            stream.options = {"preset": "ultrafast", "tune": "zerolatency", "g": str(FPS)}
            for number in self._numbers():
                for packet in stream.encode(_picture(number)):
                    container.mux(packet)
                handler.wfile.write(sink.getvalue())
                sink.seek(0)
                sink.truncate()

    def _send_mjpeg(self, handler: BaseHTTPRequestHandler) -> None:
        codec = av.CodecContext.create("mjpeg", "w")
        assert isinstance(codec, av.VideoCodecContext)
        codec.width, codec.height, codec.pix_fmt = WIDTH, HEIGHT, "yuvj420p"
        codec.time_base = Fraction(1, FPS)
        for number in self._numbers():
            frame = _picture(number).reformat(format="yuvj420p")
            frame.pts = number
            for packet in codec.encode(frame):
                head = (
                    f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {packet.size}\r\n\r\n"
                )
                handler.wfile.write(head.encode() + bytes(packet) + b"\r\n")

    def close(self) -> None:
        self._ended = True
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def camera() -> Iterator[_Camera]:
    running = _Camera()
    yield running
    running.close()


@pytest.fixture
def engine() -> Iterator[VideoEngine]:
    running = VideoEngine(workers=1)
    running.start()
    yield running
    running.close()


def _tile(url: str, engine: str, width: int = WIDTH, height: int = HEIGHT) -> TileRequest:
    stream = StreamSpec(StreamRole.SUB, url)
    return TileRequest("t", CameraSource("c", (stream,), engine=engine), width, height)


def _until(engine: VideoEngine, *states: StreamState, timeout_s: float = 25) -> None:
    wait_for(
        lambda: engine.status("c").state in states, timeout_s, engine.poll,
        f"{states}, is {engine.status('c')}",
    )  # fmt: skip


def _looks_right(engine: VideoEngine, width: int = WIDTH, height: int = HEIGHT) -> None:
    """Upright, in its proportions, dark above bright exactly at the middle."""
    picture = engine.picture("c")
    assert picture is not None
    assert (picture.width, picture.height) == (width, height)
    rows = np.frombuffer(picture.data, np.uint8).reshape(height, picture.stride)
    column = rows[:, : width * 4 : 4].astype(int)
    level = np.median(column, axis=1)
    edge = int(np.argmax(level > 130))
    assert abs(edge - height / 2) <= max(3, height * 0.02)
    assert level[2] < 110 < level[-2]


@pytest.mark.parametrize("path", ["/ts", "/mjpeg"])
def test_http_streams_are_shown_at_the_tile_s_size(
    engine: VideoEngine, camera: _Camera, path: str
) -> None:
    engine.show(_tile(camera.url + path, "libvlc"))
    _until(engine, LIVE)
    _looks_right(engine)
    engine.show(_tile(camera.url + path, "libvlc", 480, 270))
    wait_for(lambda: (p := engine.picture("c")) and p.width == 480, 10, engine.poll)
    _looks_right(engine, 480, 270)
    wait_for(lambda: engine.status("c").codec, 10, engine.poll)
    status = engine.status("c")
    assert (status.width, status.height) == (WIDTH, HEIGHT)
    assert status.codec == ("h264" if path == "/ts" else "mjpeg")
    wait_for(lambda: abs(engine.status("c").fps - FPS) < 4, 15, engine.poll, "the camera's rate")
    assert engine.streams()[0].bytes_received > 0


def test_a_picture_shown_again_by_libvlc_is_no_life(engine: VideoEngine, camera: _Camera) -> None:
    engine.show(_tile(camera.url + "/ts", "libvlc"))
    _until(engine, LIVE)
    camera.silent.set()
    _until(engine, StreamState.STALLED, timeout_s=5)
    camera.silent.clear()
    _until(engine, LIVE)


def test_a_hidden_tile_lets_go_of_the_camera(engine: VideoEngine, camera: _Camera) -> None:
    engine.show(_tile(camera.url + "/ts", "libvlc"))
    _until(engine, LIVE)
    threads = engine.workers()[0]
    engine.hide("t")
    wait_for(lambda: not engine.streams(), 10, engine.poll)
    wait_for(lambda: engine.workers()[0].streams == 0, 10, engine.poll)
    assert engine.workers()[0].pid == threads.pid  # it ended by itself, not by a kill


@pytest.mark.parametrize(("path", "code"), [("/locked", "unauthorized"), ("/nowhere", "not-found")])
def test_what_libvlc_does_not_say_is_asked_for(
    engine: VideoEngine, camera: _Camera, path: str, code: str
) -> None:
    engine.show(_tile(camera.url + path, "libvlc"))
    wait_for(lambda: engine.status("c").code, 25, engine.poll)
    assert engine.status("c").code == code


def test_nobody_listens(engine: VideoEngine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    engine.show(_tile(f"http://127.0.0.1:{port}/", "libvlc"))
    wait_for(lambda: engine.status("c").code, 25, engine.poll)
    assert engine.status("c").code == "connection-refused"


def _send_rtp(port: int, ended: threading.Event) -> None:
    """MPEG-TS in RTP to a local port, as an encoder sends it."""
    with av.open(f"rtp://127.0.0.1:{port}", "w", format="rtp_mpegts") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.options = {"preset": "ultrafast", "tune": "zerolatency", "g": str(FPS)}
        number = 0
        while not ended.wait(1 / FPS):
            container.mux(stream.encode(_picture(number)))
            number += 1


def _even_port() -> int:
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if port % 2 == 0:
            return port


def test_rtp(engine: VideoEngine) -> None:
    port, ended = _even_port(), threading.Event()
    sender = threading.Thread(target=_send_rtp, args=(port, ended))
    sender.start()
    try:
        engine.show(_tile(f"rtp://@:{port}", "libvlc"))
        _until(engine, LIVE)
        _looks_right(engine)
    finally:
        ended.set()
        sender.join(5)


def test_auto_takes_libvlc_for_what_ffmpeg_cannot_open(
    engine: VideoEngine, camera: _Camera
) -> None:
    # VLC's way to name the format in the address; to FFmpeg it is no address at all.
    engine.show(_tile(camera.url.replace("http:", "http/ts:") + "/ts", "auto"))
    _until(engine, LIVE)
    _looks_right(engine)
    assert engine.status("c").code == ""
    assert camera.asked == ["/ts"]


def test_ffmpeg_chosen_is_ffmpeg_alone(engine: VideoEngine, camera: _Camera) -> None:
    engine.show(_tile(camera.url.replace("http:", "http/ts:") + "/ts", "ffmpeg"))
    wait_for(lambda: engine.status("c").retry_at, 15, engine.poll)
    assert engine.status("c").code == "bad-address"
    assert engine.status("c").second_code == ""
    assert camera.asked == []


def test_the_missing_rtsp_module_is_named(engine: VideoEngine, simulator: Simulator) -> None:
    if "live555 (RTSP)" not in libvlc.missing_modules():
        pytest.skip("this VLC has live555")
    engine.show(_tile(simulator.camera("cam1").source().streams[0].url, "libvlc"))
    _until(engine, StreamState.UNSUPPORTED)
    status = engine.status("c")
    assert status.code == "vlc-no-live555"
    assert status.cause is Cause.THIS_COMPUTER
    assert "live555" in status.detail


def test_auto_keeps_ffmpeg_s_word_and_says_what_libvlc_lacked(
    engine: VideoEngine, camera: _Camera, simulator: Simulator
) -> None:
    # An RTSP client at an HTTP server gets nothing it understands.
    engine.show(_tile(camera.url.replace("http", "rtsp") + "/ts", "auto"))
    wait_for(lambda: engine.status("c").code, 25, engine.poll)
    status = engine.status("c")
    assert not status.code.startswith("vlc")
    if status.code in ("bad-answer", "undecodable", "bad-address"):
        assert status.second_code == "vlc-no-live555"


def test_auto_tries_libvlc_once_and_no_more(engine: VideoEngine, camera: _Camera) -> None:
    engine.show(_tile(f"http/nonsense://{camera.url[7:]}/ts", "auto"))
    wait_for(lambda: engine.status("c").second_code, 30, engine.poll)
    assert engine.status("c").code == "bad-address"
    wait_for(lambda: engine.status("c").retry_at is None, 15, engine.poll)  # FFmpeg's turn again
    wait_for(lambda: engine.status("c").retry_at is not None, 15, engine.poll)
    assert engine.status("c").code == "bad-address"


def test_the_account_reaches_the_camera_and_nothing_else(
    engine: VideoEngine, camera: _Camera
) -> None:
    stream = StreamSpec(StreamRole.SUB, camera.url + "/locked")
    account = Credentials("admin", "tajne-heslo")
    source = CameraSource("c", (stream,), account, engine="libvlc")
    engine.show(TileRequest("t", source, WIDTH, HEIGHT))
    wait_for(lambda: engine.status("c").code, 25, engine.poll)
    assert "tajne" not in repr(engine.status("c"))
    assert not any("tajne" in path for path in camera.asked)
