"""WS-Discovery (the 2005/04 version ONVIF uses): answers probes for every simulated camera."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import uuid
from collections.abc import Callable, Sequence
from typing import Any
from xml.sax.saxutils import escape

from app.simulator.camera import FaultKind, SimulatedCamera
from app.simulator.onvif import scopes
from app.simulator.soap import Fault, parse

GROUP, PORT = "239.255.255.250", 3702
WSD = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
WSA = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
SOAP = "http://www.w3.org/2003/05/soap-envelope"
DN = "http://www.onvif.org/ver10/network/wsdl"
TDS = "http://www.onvif.org/ver10/device/wsdl"


class DiscoveryResponder(asyncio.DatagramProtocol):
    """Answers Probe with one ProbeMatches a camera, by multicast and by unicast.

    Cameras on the loopback address are found by programs on this machine only: their addresses
    would mislead everybody else.
    """

    def __init__(
        self,
        cameras: Sequence[SimulatedCamera],
        device_url: Callable[[SimulatedCamera], str],
        host: str,
        port: int = PORT,
        loss: float = 0.0,
    ) -> None:
        """`loss`: this share of the probes is not heard, and as many answers get lost."""
        self.cameras, self._device_url, self.host, self.port = cameras, device_url, host, port
        self._loss, self._dice = loss, random.Random(7)
        self._transport: Any = None

    async def start(self) -> None:
        """Join the group. Raises OSError where the port is taken exclusively."""
        listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setblocking(False)
        try:
            listener.bind(("", self.port))
            self.port = listener.getsockname()[1]
            self._join(listener, self.host)
            try:
                # Programs here usually probe on the interface of the default route.
                self._join(listener, "0.0.0.0")
            except OSError:
                pass  # no such route, or it is the interface joined above
        except OSError:
            listener.close()
            raise
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, sock=listener)

    @staticmethod
    def _join(listener: socket.socket, interface: str) -> None:
        member = struct.pack("4s4s", socket.inet_aton(GROUP), socket.inet_aton(interface))
        listener.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)

    def stop(self) -> None:
        """Leave."""
        if self._transport is not None:
            self._transport.close()

    def datagram_received(self, data: bytes, address: tuple[str | Any, int]) -> None:
        asked = None if self._lost() else self.asked(data)
        if asked is None or (self.host.startswith("127.") and not _is_ours(address[0])):
            return
        message, wanted = asked
        for camera in self.cameras:
            offered = scopes(camera)
            found = all(any(o == w or o.startswith(f"{w}/") for o in offered) for w in wanted)
            if found and camera.fault(FaultKind.REFUSE) is None and not self._lost():
                self._transport.sendto(self.match(camera, message), address)

    def _lost(self) -> bool:
        return self._dice.random() < self._loss

    def asked(self, data: bytes) -> tuple[str, list[str]] | None:
        """(message id, scopes) of a probe that concerns cameras, else None."""
        try:
            root, probe = parse(data[:16_384])
        except Fault:
            return None
        if probe.tag != f"{{{WSD}}}Probe":
            return None
        types = (probe.findtext(f"{{{WSD}}}Types") or "").split()
        if types and not {t.split(":")[-1] for t in types} & {"NetworkVideoTransmitter", "Device"}:
            return None
        message = (root.findtext(f"{{{SOAP}}}Header/{{{WSA}}}MessageID") or "").strip()
        wanted = (probe.findtext(f"{{{WSD}}}Scopes") or "").split()
        return message, [w.rstrip("/") for w in wanted]

    def match(self, camera: SimulatedCamera, relates_to: str) -> bytes:
        """The ProbeMatches message of one camera; its address is a stable UUID."""
        identity = uuid.uuid5(uuid.NAMESPACE_URL, f"watchroom-simulator/{camera.serial}")
        address = self._device_url(camera)
        if camera.fault(FaultKind.ONVIF_WRONG_HOST) is not None:
            address = address.replace(camera.url_host, "192.0.2.77")
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="{SOAP}" '
            f'xmlns:a="{WSA}" xmlns:d="{WSD}" xmlns:dn="{DN}" xmlns:tds="{TDS}"><s:Header>'
            f"<a:MessageID>urn:uuid:{uuid.uuid4()}</a:MessageID>"
            f"<a:RelatesTo>{escape(relates_to)}</a:RelatesTo>"
            f"<a:To>{WSA}/role/anonymous</a:To><a:Action>{WSD}/ProbeMatches</a:Action></s:Header>"
            "<s:Body><d:ProbeMatches><d:ProbeMatch><a:EndpointReference>"
            f"<a:Address>urn:uuid:{identity}</a:Address></a:EndpointReference>"
            "<d:Types>dn:NetworkVideoTransmitter tds:Device</d:Types>"
            f"<d:Scopes>{' '.join(scopes(camera))}</d:Scopes>"
            f"<d:XAddrs>{address}</d:XAddrs>"
            "<d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches></s:Body>"
            "</s:Envelope>"
        ).encode()


def _is_ours(address: str) -> bool:
    """Whether an address belongs to this machine: only then can a socket be bound to it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True
