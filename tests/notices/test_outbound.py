"""To whom the portal speaks: named hosts, addresses that were looked at, no redirects, five seconds."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from governance_portal.lib import outbound
from tests.gateway.server import Gateway


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/robot",
        "http://oapi.dingtalk.com/robot/send",
        "https://oapi.dingtalk.com:8443/robot/send",
        "https://oapi.dingtalk.com.evil.example/robot/send",
        "https://user:password@oapi.dingtalk.com/robot/send",
        "https://oapi.dingtalk.com@evil.example/",
        "file:///etc/passwd",
        "ftp://oapi.dingtalk.com/",
        "//oapi.dingtalk.com/",
        "https://[::1",
        "https://oapi.dingtalk.com:port/",
        "",
    ],
)
def test_an_address_that_is_not_on_the_list_is_not_spoken_to(url: str) -> None:
    with pytest.raises(outbound.Unsafe):
        outbound.check(url)


def test_a_host_on_the_list_is_taken_in_any_case_of_letters() -> None:
    assert outbound.check("https://OAPI.dingtalk.com/robot/send?access_token=x").hostname == "oapi.dingtalk.com"


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200"),
        *("0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1"),
        *("::1", "::", "fe80::1", "fd00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:100.100.100.200", "64:ff9b::7f00:1", "2002:7f00:1::"),
    ],
)
def test_an_inner_address_is_not_connected_to(address: str) -> None:
    assert not outbound.is_permitted(ipaddress.ip_address(address))


def test_a_public_address_is(settings: Settings) -> None:
    assert outbound.is_permitted(ipaddress.ip_address("203.119.205.1"))
    assert outbound.is_permitted(ipaddress.ip_address("2408:4000::1"))


def test_a_network_that_is_named_is_reached_but_never_where_a_cloud_keeps_its_keys(settings: Settings) -> None:
    settings.OUTBOUND_NETWORKS = ["10.20.0.0/16", "100.64.0.0/10", "fd00::/8"]
    asked = ("10.20.3.4", "10.21.0.1", "100.64.0.1", "100.100.100.200", "fd00::1", "fd00:ec2::254")
    assert [outbound.is_permitted(ipaddress.ip_address(address)) for address in asked] == [
        *(True, False, True, False, True, False)
    ]


def test_a_name_that_leads_to_an_inner_address_is_refused_before_anything_is_sent(
    gateway: Gateway, settings: Settings
) -> None:
    settings.OUTBOUND_HOSTS = [f"http://localhost:{gateway.port}"]
    with pytest.raises(outbound.Unsafe, match="内网"):
        outbound.post(f"http://localhost:{gateway.port}/sms", b"{}", {})
    assert gateway.received() == []


def test_the_address_that_was_judged_is_the_one_connected_to(
    gateway: Gateway, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that answers differently the second time gains nothing: it is asked once."""
    settings.OUTBOUND_HOSTS, settings.OUTBOUND_NETWORKS = [f"http://moves.example:{gateway.port}"], ["127.0.0.0/8"]
    asked: list[str] = []

    def resolve(host: str, port: int, **_more: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1" if len(asked) == 1 else "10.9.9.9", port))]

    real = socket.getaddrinfo

    def look(host: str, port: int, *args: object, **more: object) -> object:
        return resolve(host, port) if host == "moves.example" else real(host, port, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", look)
    reply = outbound.post(f"http://moves.example:{gateway.port}/telegram", b"{}", {})
    assert (reply.status, asked) == (404, ["moves.example"])


@pytest.fixture
def listener(settings: Settings) -> Iterator[socket.socket]:
    """A socket that listens on this machine, allowed."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.OUTBOUND_HOSTS = [f"http://127.0.0.1:{server.getsockname()[1]}"]
        settings.OUTBOUND_NETWORKS = ["127.0.0.0/8"]
        settings.OUTBOUND_TIMEOUT = 0.6
        yield server


def _answering(server: socket.socket, pieces: list[bytes], pause: float = 0.0) -> str:
    def serve() -> None:
        line, _ = server.accept()
        with line:
            line.recv(65536)
            for piece in pieces:
                try:
                    line.sendall(piece)
                except OSError:
                    return
                time.sleep(pause)

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{server.getsockname()[1]}/"


def test_a_redirect_is_not_followed(listener: socket.socket) -> None:
    head = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    assert outbound.post(_answering(listener, [head]), b"{}", {}) == outbound.Reply(302, b"")


def test_a_receiver_that_lets_a_byte_drop_now_and_then_is_cut_off(listener: socket.socket) -> None:
    url = _answering(listener, [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", *([b"x"] * 100)], pause=0.1)
    began = time.monotonic()
    with pytest.raises(outbound.NoAnswer):
        outbound.post(url, b"{}", {})
    assert time.monotonic() - began < 2


def test_no_more_is_read_than_is_needed(listener: socket.socket) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
    reply = outbound.post(_answering(listener, [head, b"x" * 1_000_000]), b"{}", {})
    assert (reply.status, len(reply.body)) == (200, outbound.MOST_BYTES)


def test_nobody_there_and_no_such_host_are_no_answers(settings: Settings) -> None:
    settings.OUTBOUND_HOSTS = ["http://127.0.0.1:9", "https://no-such-host.invalid"]
    settings.OUTBOUND_NETWORKS = ["127.0.0.0/8"]
    for url in ("http://127.0.0.1:9/", "https://no-such-host.invalid/"):
        with pytest.raises(outbound.NoAnswer):
            outbound.post(url, b"{}", {})
