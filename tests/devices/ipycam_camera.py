"""A camera of the package ipycam, on this computer's own address only: a process of the tests.

Its arguments: HTTP port, RTSP port, port of WS-Discovery, password of "admin".
"""

from __future__ import annotations

import logging
import socket
import sys
import time

import numpy as np


class _HereSocket(socket.socket):
    """It would listen on every interface. (Calls to all do not reach it this way, questions do.)"""

    def bind(self, address: tuple[str, int]) -> None:  # type: ignore[override]
        super().bind(("127.0.0.1" if address[0] in ("", "0.0.0.0") else address[0], address[1]))


def main() -> None:
    """Serve until killed."""
    http, rtsp, discovery = (int(a) for a in sys.argv[1:4])
    socket.socket = _HereSocket  # type: ignore[misc]
    from ipycam import CameraConfig, IPCamera
    from ipycam.discovery import WSDiscoveryServer

    logging.disable()
    WSDiscoveryServer.MULTICAST_PORT = discovery
    camera = IPCamera(
        CameraConfig(
            local_ip="127.0.0.1", onvif_port=http, rtsp_port=rtsp, username="admin",
            password=sys.argv[4], main_width=640, main_height=360, main_fps=10,
            sub_width=320, sub_height=180, sub_fps=10, go2rtc_api_port=9,
        )
    )  # fmt: skip
    camera.start()
    print("ready", flush=True)
    number = 0
    while True:
        picture = np.full((360, 640, 3), number * 3 % 255, np.uint8)
        camera.stream(picture)
        number += 1
        time.sleep(0.1)


if __name__ == "__main__":
    main()
