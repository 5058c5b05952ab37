"""`watchroom simulate`: simulated cameras for any RTSP and ONVIF client."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys

from app.domain.camera import StreamRole
from app.simulator.camera import FaultKind
from app.simulator.process import call
from app.simulator.server import Options, SimulatorServer
from app.simulator.sound import CODECS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options and its subcommands `fault`, `clear` and `list`."""
    parser.add_argument("--cameras", type=int, default=4, help="how many cameras (default 4)")
    parser.add_argument("--ptz", type=int, default=1, help="how many of them turn (the last ones)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on and to announce")
    parser.add_argument("--rtsp-port", type=int, default=8554)
    parser.add_argument("--onvif-port", type=int, default=8580)
    parser.add_argument("--control-port", type=int, default=8590)
    parser.add_argument(
        "--codec", action="append", choices=["h264", "h265", "mjpeg"], help="repeat to mix"
    )
    parser.add_argument(
        "--audio", action="append", choices=["none", *CODECS], help="sound; repeat to mix"
    )
    parser.add_argument("--username", default=Options.username)
    parser.add_argument("--password", default=Options.password, help="'' for none")
    parser.add_argument("--discovery", action="store_true", help="answer WS-Discovery probes")
    commands = parser.add_subparsers(dest="simulate_command")
    control = argparse.ArgumentParser(add_help=False)
    control.add_argument("--control", default="http://127.0.0.1:8590", help="the control address")
    fault = commands.add_parser("fault", parents=[control], help="make a camera fail")
    fault.add_argument("camera")
    fault.add_argument("kind", choices=[k.value for k in FaultKind], metavar="KIND",
                       help=", ".join(k.value for k in FaultKind))  # fmt: skip
    fault.add_argument(
        "--param", type=_parameter, action="append", default=[], metavar="NAME=NUMBER"
    )
    clear = commands.add_parser("clear", parents=[control], help="repair a camera")
    clear.add_argument("camera")
    clear.add_argument("kind", nargs="?")
    commands.add_parser("list", parents=[control], help="print all cameras as JSON")


def _parameter(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text}: a name, =, and a number are needed") from None


def run(arguments: argparse.Namespace) -> int:
    """Exit status 0, or 1 with a message."""
    try:
        match arguments.simulate_command:
            case "fault":
                body = {"kind": arguments.kind, "parameters": dict(arguments.param)}
                call(arguments.control, "POST", f"/cameras/{arguments.camera}/faults", body)
            case "clear":
                tail = f"/{arguments.kind}" if arguments.kind else ""
                call(arguments.control, "DELETE", f"/cameras/{arguments.camera}/faults{tail}")
            case "list":
                answer = call(arguments.control, "GET", "/cameras")
                print(json.dumps(answer, indent=2, ensure_ascii=False))
            case _:
                asyncio.run(_serve(arguments))
    except KeyboardInterrupt:
        return 0
    except (OSError, ValueError) as error:
        print(f"simulate: {error}", file=sys.stderr)
        return 1
    return 0


async def _serve(arguments: argparse.Namespace) -> None:
    options = Options(
        cameras=arguments.cameras,
        ptz=arguments.ptz,
        codecs=tuple(arguments.codec or ["h264"]),
        audio=tuple(a.replace("none", "") for a in arguments.audio or ["none"]),
        host=arguments.host,
        rtsp_port=arguments.rtsp_port,
        onvif_port=arguments.onvif_port,
        control_port=arguments.control_port,
        username=arguments.username,
        password=arguments.password,
        discovery=arguments.discovery,
    )
    ended = asyncio.Event()
    if sys.platform != "win32":
        # By name, since a shell's background jobs are started with SIGINT ignored.
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
    server = SimulatorServer(options)
    await server.start()
    print(
        f"{len(server.cameras)} simulated cameras, account {options.username} / {options.password}"
    )
    print(f"control: http://127.0.0.1:{server.control_port}/cameras")
    for camera in server.cameras[:8]:
        kind = "PTZ" if camera.has_ptz else camera.codec
        print(f"  {camera.camera_id:6} {kind:5} {camera.uri(StreamRole.SUB)}  "
              f"{server.onvif.device_url(camera)}")  # fmt: skip
    if len(server.cameras) > 8:
        print(f"  ... and so on to cam{len(server.cameras)}")
    print("Ctrl+C ends.", flush=True)
    try:
        await ended.wait()
    finally:
        await server.stop()
