"""Finding devices: WS-Discovery on every interface, and probes to each address of a range.

Nothing is joined: answers come by unicast, so that switches that filter multicast groups matter
less. Probes are sent several times with identifiers of their own, because devices and networks
lose some, and devices drop repetitions. Answers are bounded in number and size and believed
nothing: who a device is, is asked afterwards (`probe.py`).
"""

from __future__ import annotations

import contextlib
import ipaddress
import itertools
import re
import selectors
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import psutil

from app.devices.errors import DeviceError, ErrorCode
from app.devices.onvif import OnvifDevice, device_url, text_of
from app.devices.probe import each
from app.devices.soap import MemoryPins, parse_reply
from app.domain.camera import Credentials

PORT = 3702
GROUP_4, GROUP_6 = "239.255.255.250", "ff02::c"
WSD = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
WSA = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
KINDS = (
    ("dn:NetworkVideoTransmitter", "http://www.onvif.org/ver10/network/wsdl"),
    ("dn:Device", "http://www.onvif.org/ver10/device/wsdl"),
)
"""Some answer to the one only, some to the other."""

SENDS_S = (0.0, 0.35, 0.9, 1.6, 2.3, 3.0)
"""When the probes go out: with 30 % lost each way, 1 in 3,000 is missed."""

LISTEN_S = 4.0
MAX_ANSWERS = 20_000
MAX_FROM_ONE = 400
"""Answers taken from one sender: a recorder may answer for each of its channels, and repeat that."""

NEAR_MAX = 1024
"""So many addresses of this computer's own networks are probed one by one as well: where a switch
filters groups and nobody asks for members, calls to a group reach no camera."""
NEAR_RATE = 300.0
NEAR_PROBES = 2400
"""Small networks are gone through up to 8 times, against loss; larger ones less often, at least twice."""

MOST_EARS = 32
"""Sockets that probes of single addresses go out of."""

MAX_RANGE = 65_536
RATE = 100.0
"""Addresses a second in a sweep: 6 kB/s and no flood in a switch's tables."""

SWEEP_PASSES = 2
ASK_TIMEOUT_S = 1.5


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who answered. `urls` in the order in which they should be tried."""

    endpoint: str
    """Its own identifier, "urn:uuid:…", or "" where only an address is known."""
    urls: tuple[str, ...]
    host: str
    """Who sent the answer."""
    how: str
    """"multicast 192.168.1.5", "probe" or "HTTP"."""
    name: str = ""
    hardware: str = ""
    foreign: bool = False
    """Not in any network of this computer: seen, but perhaps not reachable."""
    told: tuple[str, ...] = ()
    """Its addresses as it said them."""


@dataclass(frozen=True, slots=True)
class Interface:
    """An address of this computer to send from; `scope` is the index of an IPv6 link."""

    name: str
    address: str
    network: ipaddress.IPv4Network | ipaddress.IPv6Network
    scope: int = 0


def interfaces() -> list[Interface]:
    """All addresses of interfaces that are up, loopback apart."""
    up = {name for name, stats in psutil.net_if_stats().items() if stats.isup}
    result = []
    for name, addresses in psutil.net_if_addrs().items():
        for a in addresses:
            if name not in up or a.family not in (socket.AF_INET, socket.AF_INET6):
                continue
            bare = a.address.partition("%")[0]
            with contextlib.suppress(ValueError):
                ip = ipaddress.ip_address(bare)
                if ip.is_loopback or (ip.version == 6 and not ip.is_link_local):
                    continue
                prefix = a.netmask if ip.version == 4 and a.netmask else "64"
                network = ipaddress.ip_network(f"{bare}/{prefix}", strict=False)
                scope = socket.if_nametoindex(name) if ip.version == 6 else 0
                result.append(Interface(name, bare, network, scope))
    return result


def loopback() -> Interface:
    """This computer itself, for simulated devices."""
    return Interface("lo", "127.0.0.1", ipaddress.ip_network("127.0.0.0/8"))


def probe_message(kind: str, namespace: str) -> bytes:
    """A WS-Discovery probe (2005/04, as ONVIF has it)."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><s:Envelope '
        f'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="{WSA}" xmlns:d="{WSD}" '
        f'xmlns:dn="{namespace}"><s:Header><a:MessageID>urn:uuid:{uuid.uuid4()}</a:MessageID>'
        f"<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To><a:Action>{WSD}/Probe</a:Action>"
        f"</s:Header><s:Body><d:Probe><d:Types>{kind}</d:Types></d:Probe></s:Body></s:Envelope>"
    ).encode()


def matches(data: bytes, sender: str, how: str, ours: list[Interface]) -> list[Found]:
    """What an answer tells; nothing for what is none."""
    if len(data) > 65_536:
        return []
    try:
        root = parse_reply(data)
    except DeviceError:
        return []
    found = []
    answers = root.findall("{*}Body/{*}ProbeMatches/{*}ProbeMatch")
    # Some leave the list around it out.
    for match in (answers or root.findall("{*}Body/{*}ProbeMatch"))[:MAX_FROM_ONE]:
        told = tuple(dict.fromkeys(text_of(match, "XAddrs").split()[:8]))
        scopes = text_of(match, "Scopes").split()[:100]
        urls = _in_order([t for t in told if len(t) <= 500], sender, ours)
        if not urls:
            continue
        found.append(
            Found(
                text_of(match, "EndpointReference/Address")[:200],
                tuple(urls),
                sender,
                how,
                _scope(scopes, "name"),
                _scope(scopes, "hardware"),
                not _near(sender, ours),
                told,
            )
        )
    return found


def _scope(scopes: list[str], kind: str) -> str:
    for scope in scopes:
        _, sign, value = scope.partition(f"onvif://www.onvif.org/{kind}/")
        if sign:
            text = unquote(value, errors="replace")[:100]
            return "".join(c for c in text if c.isprintable())
    return ""


def _near(host: str, ours: list[Interface]) -> bool:
    try:
        ip = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return any(ip in i.network for i in ours if i.network.version == ip.version)


def _in_order(told: list[str], sender: str, ours: list[Interface]) -> list[str]:
    """Addresses to try: told ones of the host that answered, then in our networks, then each told
    one with the host that answered in its place (cameras tell private or stale hosts), then the rest."""
    ranked: list[tuple[int, str]] = []
    for url in told:
        try:
            url = device_url(url)
            parts = urlsplit(url)
            host = parts.hostname or ""
            port = f":{parts.port}" if parts.port else ""
        except (DeviceError, ValueError):
            continue
        if host == sender.partition("%")[0]:
            ranked.append((0, url if "%" not in sender else _with_host(parts, sender, port)))
            continue
        ranked.append((1 if _near(host, ours) else 3, url))
        ranked.append((2, _with_host(parts, sender, port)))
    ranked.sort(key=lambda item: item[0])
    return list(dict.fromkeys(url for _, url in ranked))[:8]


def _with_host(parts: Any, host: str, port: str) -> str:
    shown = f"[{host}]" if ":" in host else host
    return str(urlunsplit(parts._replace(netloc=shown + port)))


class _Ears:
    """Sockets that probes go out of and answers come back to."""

    def __init__(self, ours: list[Interface], port: int, on_found: Callable[[Found], None]) -> None:
        self.ours, self.port, self._on_found = ours, port, on_found
        self._selector = selectors.DefaultSelector()
        self.sockets: list[tuple[socket.socket, Interface]] = []
        self.failed: list[str] = []
        self._count, self._senders = 0, dict[str, int]()
        self._next = 0
        self._told: set[tuple[str, tuple[str, ...]]] = set()

    def open(self, interface: Interface) -> None:
        """Listen on an interface; one that will not is noted and left out."""
        family = socket.AF_INET if interface.network.version == 4 else socket.AF_INET6
        ear = socket.socket(family, socket.SOCK_DGRAM)
        try:
            ear.setblocking(False)
            ear.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
            if family == socket.AF_INET:
                ear.bind((interface.address, 0))
                ear.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF,
                               socket.inet_aton(interface.address))  # fmt: skip
                ear.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)
                ear.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
            else:
                ear.bind((interface.address, 0, 0, interface.scope))
                ear.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, interface.scope)
        except OSError:
            ear.close()
            self.failed.append(interface.name)
            return
        self._selector.register(ear, selectors.EVENT_READ, interface)
        self.sockets.append((ear, interface))

    def call(self) -> None:
        """One probe of each kind to everybody, on every interface."""
        for ear, interface in self.sockets:
            group = (
                (GROUP_4, self.port)
                if interface.network.version == 4
                else (GROUP_6, self.port, 0, interface.scope)
            )
            for kind in KINDS:
                with contextlib.suppress(OSError):
                    ear.sendto(probe_message(*kind), group)

    def probe(self, target: str) -> None:
        """One probe of each kind to one address."""
        for kind in KINDS:
            self._send(probe_message(*kind), target)

    def _send(self, probe: bytes, target: str) -> None:
        """Packets for an address that nobody has stay in their socket's buffer for some seconds, and
        a full one drops what follows: then another socket sends it."""
        for _ in range(MOST_EARS if self.sockets else 0):
            ear, interface = self.sockets[self._next % len(self.sockets)]
            try:
                ear.sendto(probe, (target, self.port))
            except BlockingIOError:
                self._next += 1
                if len(self.sockets) < MOST_EARS:
                    self.open(interface)
                    self._next = len(self.sockets) - 1
                continue
            except OSError:
                pass  # no route to there
            return

    def share(self, other: _Ears) -> None:
        """What the other has told of is not told again."""
        self._told = other._told

    def hear(self, seconds: float, how: str = "") -> None:
        """Take what comes for so long; no longer than one breath once too much came."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0 and self._count < MAX_ANSWERS:
            for key, _ in self._selector.select(left):
                assert isinstance(key.fileobj, socket.socket)
                self._take(key.fileobj, how or f"multicast {key.data.address}")

    def _take(self, ear: socket.socket, how: str) -> None:
        try:
            data, address = ear.recvfrom(65_536)
        except OSError:
            return  # an ICMP refusal of an earlier probe (Windows), or nothing after all
        sender = str(address[0])
        if ":" in sender and "%" not in sender and address[3]:
            sender = f"{sender}%{address[3]}"
        self._count += 1
        self._senders[sender] = self._senders.get(sender, 0) + 1
        if self._senders[sender] > MAX_FROM_ONE:
            return
        for found in matches(data, sender, how, self.ours):
            key = (found.endpoint, found.urls if not found.endpoint else ())
            if key not in self._told:
                self._told.add(key)
                self._on_found(found)

    def close(self) -> None:
        for ear, _ in self.sockets:
            ear.close()
        self._selector.close()


def near(ours: list[Interface]) -> list[str]:
    """The addresses of this computer's own IPv4 networks, as far as NEAR_MAX allows, its own apart."""
    result: dict[str, None] = {}
    mine = {i.address for i in ours}
    for network in {i.network for i in ours if i.network.version == 4}:
        if 2 < network.num_addresses <= NEAR_MAX - len(result):
            result |= dict.fromkeys(str(a) for a in network.hosts() if str(a) not in mine)
    return list(result)


@dataclass(frozen=True, slots=True)
class Stranger:
    """A camera that hears us on the cable, with an address of another network."""

    host: str
    ours: str
    """Our address whose call it answered."""
    network: str
    """The network that the camera should be in, as "192.168.1.0/24"."""
    spare: str
    """An address that this computer could take besides, to reach the camera."""

    def __str__(self) -> str:
        return (
            f"{self.host} is on the same cable as {self.ours} but in another network: give this "
            f"computer an address such as {self.spare} as well, or the camera one of {self.network}"
        )


def stranger(found: Found, ours: list[Interface]) -> Stranger | None:
    """What is wrong with a found camera's address, and what to do; None for a good one, and for one
    behind a router, which answered a probe."""
    if not found.foreign or not found.how.startswith("multicast ") or ":" in found.host:
        return None
    address = found.how.split()[-1]
    network = next((i.network for i in ours if i.address == address), None)
    last = int(ipaddress.IPv4Address(found.host)) & 0xFF
    spare = f"{found.host.rpartition('.')[0]}.{250 if last != 250 else 251}/24"
    return Stranger(found.host, address, str(network or ""), spare)


def discover(
    on_found: Callable[[Found], None],
    *,
    on: list[Interface] | None = None,
    seconds: float = LISTEN_S,
    cancelled: threading.Event | None = None,
    port: int = PORT,
) -> list[str]:
    """Call for devices on every interface (`on`), and probe the addresses `near`; `on_found` is told
    each one once.

    Blocks for `seconds`, or until all near addresses were probed (about 8 s where there are some).
    Returns the names of interfaces that could not be used.
    """
    cancelled = cancelled or threading.Event()
    ours = interfaces() if on is None else on
    targets = near(ours)
    passes = max(2, min(8, NEAR_PROBES // max(1, len(targets))))
    probes = itertools.cycle(targets) if targets else None
    left = passes * len(targets)
    ears = _Ears(ours, port, on_found)
    single = _Ears(ours, port, on_found)
    single.share(ears)
    try:
        for interface in ours:
            ears.open(interface)
        if probes is not None:
            single.open(Interface("any", "0.0.0.0", ipaddress.ip_network("0.0.0.0/0")))
        began, sends = time.monotonic(), list(SENDS_S)
        ends = 0.0
        while not cancelled.is_set():
            elapsed = time.monotonic() - began
            if sends and elapsed >= sends[0]:
                sends.pop(0)
                ears.call()
            due = min(left, int(elapsed * NEAR_RATE) - (passes * len(targets) - left))
            for _ in range(due if probes is not None else 0):
                assert probes is not None
                single.probe(next(probes))
                left -= 1
            ends = max(seconds, ends if not left else elapsed + 0.7)
            if elapsed >= ends:
                break
            ears.hear(0.02) if ears.sockets else cancelled.wait(0.02)
            if single.sockets:
                single.hear(0.02, "probe")
    finally:
        ears.close()
        single.close()
    return ears.failed


def addresses(text: str) -> list[str]:
    """The addresses of "10.0.1.0/24", "10.0.1.20-60", "10.0.1.20-10.0.2.5", "10.0.1.7", or several
    of them between commas or spaces. Raises DeviceError for anything else or for more than 65,536."""
    result: dict[str, None] = {}
    for part in re.split(r"[\s,;]+", re.sub(r"\s*-\s*", "-", text.strip())):
        if not part:
            continue
        try:
            first, last = _ends(part)
        except ValueError as error:
            raise DeviceError(ErrorCode.BAD_ADDRESS, f"{part[:60]} is no range") from error
        if last < first or last - first + 1 + len(result) > MAX_RANGE:
            raise DeviceError(ErrorCode.BAD_ADDRESS, f"{part[:60]} is no range up to {MAX_RANGE}")
        result |= dict.fromkeys(str(ipaddress.IPv4Address(i)) for i in range(first, last + 1))
    if not result:
        raise DeviceError(ErrorCode.BAD_ADDRESS, "no range is given")
    return list(result)


def _ends(part: str) -> tuple[int, int]:
    low, dash, high = part.partition("-")
    if dash:
        begin = ipaddress.IPv4Address(low)
        end = f"{low.rpartition('.')[0]}.{high}" if "." not in high else high
        return int(begin), int(ipaddress.IPv4Address(end))
    network = ipaddress.IPv4Network(part, strict=False)
    first, last = int(network.network_address), int(network.broadcast_address)
    return (first + 1, last - 1) if network.prefixlen < 31 else (first, last)


def sweep(
    targets: list[str],
    on_found: Callable[[Found], None],
    *,
    on_progress: Callable[[int, int], None] = lambda done, of: None,
    cancelled: threading.Event | None = None,
    rate: float = RATE,
    http_ports: tuple[int, ...] = (80,),
    port: int = PORT,
) -> None:
    """Probe each address: by UDP (twice), then those that did not answer by a question over HTTP.

    No more than `rate` addresses a second are begun. `on_found` and `on_progress` (done, of all) are
    called on this thread. Ends within a second of `cancelled`.
    """
    cancelled = cancelled or threading.Event()
    ours = [*interfaces(), loopback()]
    answered: set[str] = set()

    def heard(found: Found) -> None:
        answered.add(found.host)
        on_found(found)

    total = len(targets) * (SWEEP_PASSES + bool(http_ports))
    done = 0
    ears = _Ears(ours, port, heard)
    anywhere = Interface("any", "0.0.0.0", ipaddress.ip_network("0.0.0.0/0"))
    try:
        ears.open(anywhere)
        for _ in range(SWEEP_PASSES):
            for target in targets:
                if cancelled.is_set():
                    return
                ears.probe(target)
                ears.hear(1 / rate, "probe")
                done += 1
                on_progress(done, total)
        ears.hear(0.7, "probe")
    finally:
        ears.close()
    if not http_ports:
        return
    silent = [t for t in targets if t not in answered]
    done += len(targets) - len(silent)
    on_progress(done, total)

    def paced() -> Iterator[str]:
        began = time.monotonic()
        for number, target in enumerate(silent):
            cancelled.wait(max(0.0, began + number / rate - time.monotonic()))
            yield target

    for by_http in each(lambda target: _ask(target, http_ports), paced(), cancelled):
        done += 1
        if by_http is not None:
            on_found(by_http)
        on_progress(done, total)


def _ask(host: str, ports: tuple[int, ...]) -> Found | None:
    """Whether an ONVIF device answers at one of these ports."""
    for number in ports:
        scheme = "https" if number in (443, 8443) else "http"
        url = device_url(f"{scheme}://{host}:{number}")
        device = OnvifDevice(url, Credentials(), ASK_TIMEOUT_S, MemoryPins())
        try:
            device.measure_clock()
        except DeviceError:
            continue
        else:
            return Found("", (url,), host, "HTTP", told=(url,))
        finally:
            device.close()
    return None
