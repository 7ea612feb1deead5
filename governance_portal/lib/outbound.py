"""Speaking to the outside: to hosts that the settings name, at an address that was looked at, once, for five seconds.

The address is judged after the name was resolved and is the one connected to, so a name that changes its address between
look and call gains nothing. Redirects are not followed, proxies of the environment are not asked, TLS is verified.
Not reached: anything but public addresses (private, loopback, link-local, shared: the cloud's 100.100.100.200 is one),
unless `OUTBOUND_NETWORKS` names the network.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

MOST_BYTES = 65_536
_PORTS = {"https": 443, "http": 80}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
#: Never, also not when a wide network was allowed: where clouds keep the keys of a machine.
_NEVER = frozenset(map(ipaddress.ip_address, ("100.100.100.200", "169.254.169.254", "fd00:ec2::254")))

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Unsafe(Exception):
    """The portal does not speak to this address; the sentence says why, for an administrator."""


class NoAnswer(Exception):
    """The other side could not be reached, or did not answer in time; the sentence says which."""


@dataclass(frozen=True)
class Reply:
    """What came back: HTTP status and the body, as far as it was asked for."""

    status: int
    body: bytes


def check(url: str) -> SplitResult:
    """Return the parts of an address the settings allow; Unsafe otherwise. Nothing is resolved yet."""
    try:
        parts = urlsplit(url)
        port, host = parts.port or _PORTS.get(parts.scheme, 0), parts.hostname
    except ValueError:
        raise Unsafe("地址写得不对") from None
    if parts.scheme not in _PORTS or not host or parts.username or parts.password:
        raise Unsafe("地址应为 https://主机/…，不带用户名和密码")
    if (parts.scheme, host.lower(), port) not in set(_allowed()):
        raise Unsafe("主机不在允许外发的名单里（OUTBOUND_HOSTS），或没有使用 https")
    return parts


def host_of(url: str) -> str:
    """Return the host of an address, "" when it has none: what may be shown of an address with a key in it."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _allowed() -> Iterator[tuple[str, str, int]]:
    for entry in settings.OUTBOUND_HOSTS:
        parts = urlsplit(entry if "://" in entry else f"https://{entry}")
        if parts.scheme in _PORTS and parts.hostname:
            yield parts.scheme, parts.hostname.lower(), parts.port or _PORTS[parts.scheme]


def post(url: str, body: bytes, headers: Mapping[str, str], most_bytes: int = MOST_BYTES) -> Reply:
    """POST once and return what came back, whatever its status; of its body `most_bytes` at most.

    Raises Unsafe (nothing was sent) and NoAnswer (it may have arrived: the caller's key makes a second try harmless).
    """
    parts = check(url)
    secure = parts.scheme == "https"
    host, port = str(parts.hostname), parts.port or _PORTS[parts.scheme]
    target = _reachable(host, port)
    connection = HTTPConnection(host, port, timeout=settings.OUTBOUND_TIMEOUT)
    raw: socket.socket | None = None
    cut = threading.Event()
    try:
        raw = socket.create_connection(target, timeout=settings.OUTBOUND_TIMEOUT)
        watch = threading.Timer(settings.OUTBOUND_TIMEOUT, _cut, (raw, cut))
        watch.daemon = True
        watch.start()
        try:
            connection.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=host) if secure else raw
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", path, body, dict(headers))
            answer = connection.getresponse()
            reply = Reply(answer.status, answer.read(most_bytes))
            if cut.is_set():
                raise NoAnswer("对方没有在时限内应答")
            return reply
        finally:
            watch.cancel()
    except ssl.SSLError:
        raise NoAnswer("对方已断开或超过时限" if cut.is_set() else "对方的证书不可信") from None
    except TimeoutError:
        raise NoAnswer("对方没有在时限内应答") from None
    except (OSError, HTTPException, ValueError):
        raise NoAnswer("对方没有在时限内应答" if cut.is_set() else "连不上对方，或连接中断") from None
    finally:
        connection.close()
        if raw is not None:
            raw.close()


def _cut(raw: socket.socket, cut: threading.Event) -> None:
    """A receiver that lets a byte drop now and then would hold the worker for ever."""
    cut.set()
    with contextlib.suppress(OSError):
        raw.shutdown(socket.SHUT_RDWR)


def _reachable(host: str, port: int) -> tuple[str, int]:
    """Resolve the name and return the first address that may be spoken to."""
    try:
        found = [row[4][0] for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError:
        raise NoAnswer("找不到对方的主机") from None
    for text in found:
        if is_permitted(ipaddress.ip_address(str(text).partition("%")[0])):
            return str(text), port
    raise Unsafe("对方的地址是内网地址，不在允许外发的网段里（OUTBOUND_NETWORKS）")


def is_permitted(address: Address) -> bool:
    """Whether an address may be connected to; one that is wrapped into another is judged by what it means."""
    meant = _meant(address)
    if meant in _NEVER:
        return False
    if any(
        meant in network for network in map(ipaddress.ip_network, settings.OUTBOUND_NETWORKS) if _same(meant, network)
    ):
        return True
    return meant.is_global and not meant.is_multicast and not meant.is_reserved


def _same(address: Address, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    return address.version == network.version


def _meant(address: Address) -> Address:
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        return address.ipv4_mapped or address.sixtofour or address
    return address
