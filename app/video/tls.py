"""TLS of stream addresses: verified unless a camera's settings say otherwise."""

from __future__ import annotations

import functools
import socket
import ssl
from urllib.parse import urlsplit

import certifi

SCHEMES = {"rtsps": 322, "https": 443}
"""With their ports."""

ASK_TIMEOUT_S = 3.0


@functools.cache
def authorities() -> str:
    """A file with the authorities that this computer trusts, or those of the package certifi."""
    found = ssl.get_default_verify_paths().cafile
    return found or certifi.where()


def options(url: str, verify: bool) -> dict[str, str]:
    """FFmpeg options for an address; it does not verify by itself."""
    if urlsplit(url).scheme not in SCHEMES or not verify:
        return {}
    return {"tls_verify": "1", "ca_file": authorities()}


def is_untrusted(url: str) -> bool:
    """Whether the certificate is why an address could not be opened: FFmpeg says EIO for that.

    Blocking, bounded; False when the host is not reached.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or SCHEMES.get(parts.scheme, 0)
        if not host or not port:
            return False
        context = ssl.create_default_context(cafile=authorities())
        with socket.create_connection((host, port), ASK_TIMEOUT_S) as plain:
            context.wrap_socket(plain, server_hostname=host).close()
    except ssl.SSLCertVerificationError:
        return True
    except (OSError, ValueError):
        return False
    return False
