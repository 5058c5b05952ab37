"""Networks that are not there, inside a network namespace of our own: three cables with cameras.

Run as `unshare --net [--user --map-root-user] python -m tests.devices.street MODE`. Nothing of it touches
the computer's own networks: all addresses, bridges and cables are within namespaces that end with us.
Prints the JSON of `watchroom discover`.

The console has an address on each of three cables (10.77.1.1/27, …). A switch with IGMP snooping stands
in each; nobody asks for members (no querier). On the third one the switch has forgotten its members
and floods no group. Three in ten packets get lost each way: on the cable (netem), or, where the kernel
has no netem, three in ten datagrams at the cameras, which is said on stderr.
"""

from __future__ import annotations

import random
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

CABLES = (1, 2, 3)
CAMERAS = {
    1: ("10.77.1.11/27", "10.77.1.12/27"),
    2: ("10.77.2.11/27", "10.77.2.12/27", "192.168.199.64/24"),
    3: ("10.77.3.11/27", "10.77.3.12/27"),
}
"""By cable. One has kept the maker's address."""
LOSS = 0.3
GROUP, PORT = "239.255.255.250", 3702


def ip(*words: str, ns: int | None = None, tool: str = "ip") -> None:
    """`ip …`, in the namespace of a process. Raises CalledProcessError."""
    inside = ["nsenter", "--net", f"--target={ns}"] if ns is not None else []
    subprocess.run([*inside, tool, *words], check=True, stdin=subprocess.DEVNULL)


def has_netem() -> bool:
    """Whether the kernel can lose packets for us."""
    words = ["tc", "qdisc", "add", "dev", "lo", "root", "netem", "loss", "0%"]
    fine = subprocess.run(words, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if fine.returncode == 0:
        ip("qdisc", "del", "dev", "lo", "root", tool="tc")
        return True
    print("street: the kernel has no netem; the cameras lose datagrams instead", file=sys.stderr)
    return False


def lossy(interface: str, ns: int | None = None) -> None:
    """What goes out there gets lost three times in ten."""
    loss = f"{LOSS:.0%}"
    ip("qdisc", "add", "dev", interface, "root", "netem", "loss", loss, ns=ns, tool="tc")


def namespace(*command: str) -> subprocess.Popen[bytes]:
    """A process in a new network namespace; returns once it is there."""
    child = subprocess.Popen(
        ["unshare", "--net", *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    ours = Path("/proc/self/ns/net").readlink()
    deadline = time.monotonic() + 30
    while Path(f"/proc/{child.pid}/ns/net").readlink() == ours:
        assert time.monotonic() < deadline, "no namespace"
        time.sleep(0.01)
    return child


def build() -> list[subprocess.Popen[bytes]]:
    """The switch and the cameras; the console's ends stay here."""
    ip("link", "set", "lo", "up")
    netem = has_netem()
    switch = namespace("cat")
    children = [switch]
    for cable in CABLES:
        ip(
            "link",
            "add",
            f"nic{cable}",
            "type",
            "veth",
            "peer",
            f"port{cable}",
            "netns",
            str(switch.pid),
        )
        ip("addr", "add", f"10.77.{cable}.1/27", "dev", f"nic{cable}")
        ip("link", "set", f"nic{cable}", "up")
        if netem:
            lossy(f"nic{cable}")
        ip("link", "add", f"br{cable}", "type", "bridge", "mcast_snooping", "1", "mcast_querier", "0",
           ns=switch.pid)  # fmt: skip
        ip("link", "set", f"br{cable}", "up", ns=switch.pid)
        ip("link", "set", f"port{cable}", "master", f"br{cable}", "up", ns=switch.pid)
        for number, address in enumerate(CAMERAS[cable]):
            host = address.partition("/")[0]
            camera = namespace(
                sys.executable, "-I", __file__, "camera", host, "" if netem else "loses"
            )
            children.append(camera)
            port = f"c{cable}{number}"
            ip("link", "add", port, "type", "veth", "peer", "eth0", "netns", str(camera.pid),
               ns=switch.pid)  # fmt: skip
            ip("link", "set", port, "master", f"br{cable}", "up", ns=switch.pid)
            if cable == 3:
                ip("link", "set", "dev", port, "mcast_flood", "off", ns=switch.pid, tool="bridge")
            ip("addr", "add", address, "dev", "eth0", ns=camera.pid)
            ip("link", "set", "eth0", "up", ns=camera.pid)
            # It answers whoever it hears on the cable, as cameras with a default route do.
            ip("route", "add", "default", "dev", "eth0", ns=camera.pid)
            if netem:
                lossy("eth0", ns=camera.pid)
    # A console has a way out; else its kernel would not take a packet of a foreign address.
    ip("route", "add", "default", "via", "10.77.2.30", "dev", "nic2")
    for child in children[1:]:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(b"go\n")
        child.stdin.flush()
        assert child.stdout.readline() == b"ready\n"
    for port in ("c30", "c31"):
        # Its members have been forgotten: nobody has asked them for some time.
        found = subprocess.run(
            ["nsenter", "--net", f"--target={switch.pid}", "bridge", "mdb", "show", "dev", "br3"],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        if f"port {port} grp {GROUP}" in found:
            ip("mdb", "del", "dev", "br3", "port", port, "grp", GROUP, ns=switch.pid, tool="bridge")
    return children


def camera(host: str, loss: float) -> None:
    """Answers probes, by multicast and by unicast; not a probe it has answered before (as devices do)."""
    sys.stdin.readline()
    ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    ear.bind(("", PORT))
    member = struct.pack("4s4s", socket.inet_aton(GROUP), socket.inet_aton(host))
    ear.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
    print("ready", flush=True)
    answered: set[bytes] = set()
    dice = random.Random()
    while True:
        probe, sender = ear.recvfrom(65536)
        if dice.random() < loss:
            continue
        identity = probe.partition(b"MessageID>")[2].partition(b"<")[0]
        if b"Probe" not in probe or identity in answered:
            continue
        answered.add(identity)
        if dice.random() < loss:
            continue
        ear.sendto(
            f"<Envelope><Body><ProbeMatches><ProbeMatch><EndpointReference><Address>urn:uuid:{host}"
            f"</Address></EndpointReference><XAddrs>http://{host}/onvif/device_service</XAddrs>"
            "</ProbeMatch></ProbeMatches></Body></Envelope>".encode(), sender,
        )  # fmt: skip


def main() -> int:
    """The console's part: look, and print what was found."""
    if sys.argv[1] == "camera":
        camera(sys.argv[2], LOSS if sys.argv[3] else 0.0)
        return 0
    children = build()
    try:
        if sys.argv[1] == "check":
            return 0
        command = [sys.executable, "-m", "app", "discover", *sys.argv[2:]]
        return subprocess.run(command, stdin=subprocess.DEVNULL).returncode
    finally:
        for child in children:
            child.kill()
            child.wait()


if __name__ == "__main__":
    sys.exit(main())
