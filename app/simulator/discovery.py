"""WS-Discovery (the 2005/04 version ONVIF uses): answers probes for every simulated camera."""

from __future__ import annotations

import asyncio
import socket
import struct
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from lxml import etree

from app.simulator.camera import SimulatedCamera
from app.simulator.onvif import scopes

GROUP, PORT = "239.255.255.250", 3702
WSD = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
WSA = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
SOAP = "http://www.w3.org/2003/05/soap-envelope"
DN = "http://www.onvif.org/ver10/network/wsdl"


class DiscoveryResponder(asyncio.DatagramProtocol):
    """Answers Probe with one ProbeMatches a camera, by multicast and by unicast."""

    def __init__(
        self,
        cameras: Sequence[SimulatedCamera],
        device_url: Callable[[SimulatedCamera], str],
        host: str,
        port: int = PORT,
    ) -> None:
        self.cameras, self._device_url, self.host, self.port = cameras, device_url, host, port
        self._transport: Any = None

    async def start(self) -> None:
        """Join the group. Raises OSError where the port is taken exclusively."""
        listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setblocking(False)
        try:
            listener.bind(("", self.port))
            self.port = listener.getsockname()[1]
            member = struct.pack("4s4s", socket.inet_aton(GROUP), socket.inet_aton(self.host))
            listener.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
        except OSError:
            listener.close()
            raise
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, sock=listener)

    def stop(self) -> None:
        """Leave."""
        if self._transport is not None:
            self._transport.close()

    def datagram_received(self, data: bytes, address: tuple[str | Any, int]) -> None:
        message = self.asked(data)
        if message is None:
            return
        for camera in self.cameras:
            self._transport.sendto(self.match(camera, message), address)

    def asked(self, data: bytes) -> str | None:
        """The message id of a probe that concerns cameras, else None."""
        if len(data) > 16_384 or b"<!DOCTYPE" in data:
            return None
        try:
            root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
        except etree.XMLSyntaxError:
            return None
        probe = root.find(f"{{{SOAP}}}Body/{{{WSD}}}Probe")
        if probe is None:
            return None
        types = (probe.findtext(f"{{{WSD}}}Types") or "").split()
        wanted = {t.split(":")[-1] for t in types}
        if wanted and not wanted & {"NetworkVideoTransmitter", "Device"}:
            return None
        return str(root.findtext(f"{{{SOAP}}}Header/{{{WSA}}}MessageID") or "").strip()

    def match(self, camera: SimulatedCamera, relates_to: str) -> bytes:
        """The ProbeMatches message of one camera; its address is a stable UUID."""
        identity = uuid.uuid5(uuid.NAMESPACE_URL, f"watchroom-simulator/{camera.serial}")
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="{SOAP}" '
            f'xmlns:a="{WSA}" xmlns:d="{WSD}" xmlns:dn="{DN}"><s:Header>'
            f"<a:MessageID>urn:uuid:{uuid.uuid4()}</a:MessageID>"
            f"<a:RelatesTo>{relates_to}</a:RelatesTo>"
            f"<a:To>{WSA}/role/anonymous</a:To><a:Action>{WSD}/ProbeMatches</a:Action></s:Header>"
            "<s:Body><d:ProbeMatches><d:ProbeMatch><a:EndpointReference>"
            f"<a:Address>urn:uuid:{identity}</a:Address></a:EndpointReference>"
            "<d:Types>dn:NetworkVideoTransmitter</d:Types>"
            f"<d:Scopes>{' '.join(scopes(camera))}</d:Scopes>"
            f"<d:XAddrs>{self._device_url(camera)}</d:XAddrs>"
            "<d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches></s:Body>"
            "</s:Envelope>"
        ).encode()
