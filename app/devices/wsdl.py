"""Operations that zeep makes and reads by a WSDL, over the connection of `onvif.OnvifDevice`.

A module of its own: zeep takes a tenth of a second to load, and only some questions need it.
"""

from __future__ import annotations

import functools
import importlib.util
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zeep
import zeep.exceptions
from lxml import etree
from zeep.transports import Transport
from zeep.wsdl import Document

from app.devices.errors import DeviceError, ErrorCode
from app.devices.onvif import DEVICE, MEDIA, PTZ

_WSDL = {
    DEVICE: ("devicemgmt.wsdl", "{http://www.onvif.org/ver10/device/wsdl}DeviceBinding"),
    MEDIA: ("media.wsdl", "{http://www.onvif.org/ver10/media/wsdl}MediaBinding"),
    PTZ: ("ptz.wsdl", "{http://www.onvif.org/ver20/ptz/wsdl}PTZBinding"),
}
_SETTINGS = {
    "strict": False,
    "xml_huge_tree": False,
    "forbid_dtd": True,
    "forbid_entities": True,
    "forbid_external": True,
}
_parse_lock = threading.Lock()

Ask = Callable[[str, str], Any]
"""Sends the content of a SOAP body to an address; gives the answer's root element."""


@functools.cache
def _document(service: str) -> Any:
    """The parsed WSDL of a service, shared by all devices."""
    spec = importlib.util.find_spec("onvif")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).parent.parent / "wsdl" / _WSDL[service][0]
    # The files are our own package's: external includes are wanted here, unlike in replies.
    transport: Any = Transport()
    return Document(str(path), transport, settings=zeep.Settings(strict=False))


@dataclass(slots=True)
class _Reply:
    """What zeep wants of an answer."""

    content: bytes
    status_code: int = 200
    encoding: str = "utf-8"
    headers: Any = None


class _Transport(Transport):
    """Lets zeep make and read messages; sending, signing and faults are `SoapClient`'s."""

    _close_session = False

    def __init__(self, ask: Ask) -> None:
        # The base class makes a requests session, which costs more than all the rest.
        self.ask = ask

    def post_xml(self, address: str, envelope: Any, headers: Any) -> Any:
        body = envelope.find("{*}Body")
        root = self.ask(address, "".join(etree.tostring(e).decode() for e in body))
        return _Reply(etree.tostring(root), headers={"Content-Type": "application/soap+xml"})


class Service:
    """One service of one device."""

    def __init__(self, name: str, ask: Ask) -> None:
        self._binding = _WSDL[name][1]
        with _parse_lock:
            document = _document(name)
        self._client = zeep.Client(
            document, transport=_Transport(ask), settings=zeep.Settings(**_SETTINGS)
        )

    def call(self, address: str, operation: str, arguments: Mapping[str, Any]) -> Any:
        """The operation's answer as zeep reads it. Raises DeviceError."""
        proxy = self._client.create_service(self._binding, address)
        try:
            return getattr(proxy, operation)(**arguments)
        except DeviceError:
            raise
        except zeep.exceptions.Fault as error:
            raise DeviceError(ErrorCode.REFUSED, str(error.message or "refused")[:200]) from error
        except (zeep.exceptions.Error, etree.Error, ValueError, TypeError, AttributeError) as error:
            raise DeviceError(
                ErrorCode.MALFORMED, "the device's answer does not follow ONVIF"
            ) from error
