"""What an address says, read once and strictly, and whether it is one on the public internet."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import quote, urljoin, urlsplit

import idna

from kawaraban.fetch.errors import FetchError

LONGEST = 2_000
"""Characters of an address."""
PORT_OF = {"http": 80, "https": 443}

# urlsplit drops some of these without a word, and to browsers alone a backslash is a slash.
_ODD = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]|^\s|\s$")
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:@/?#]+)(?::([0-9]{1,5}))?")
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*")
# What inet_aton takes for an address in digits, in all its spellings.
# Source: WHATWG URL, "ends in a number".
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")

# `ipaddress.is_global` of 3.11 is true of NAT64, 6to4, site-local and multicast addresses, so the blocks stand here.
# Source: IANA Special-Purpose Address Registries for IPv4 and IPv6 (RFC 6890); IPv6 Global Unicast (RFC 4291).
_PRIVATE_V4 = [
    IPv4Network(block)
    for block in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "168.63.129.16/32",  # not IANA's: the host of a machine at Azure, as seen from that machine
        "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
]  # fmt: skip
_GLOBAL_V6 = IPv6Network("2000::/3")
_PRIVATE_V6 = [
    IPv6Network(block) for block in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
]


def look_up(name: str) -> list[str]:
    """Every address of a name, in the order in which this machine would try them.

    Raises:
        OSError: it has none, or nobody answers.
    """
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


@dataclass(frozen=True, slots=True)
class Allow:
    """What may be reached beside the public internet.

    Args:
        private: names, addresses and networks, such as `wire.lan` or `10.1.0.0/16`; a name is then trusted wherever
            it leads. A redirect never leads to one of them from another host.
        look_up: gives the addresses of a name, or raises OSError; it may take for ever.

    Raises:
        ValueError: an entry is none of these, with a sentence that names it.
    """

    ports: Collection[int] = tuple(PORT_OF.values())
    private: Collection[str] = ()
    look_up: Callable[[str], list[str]] = look_up

    def __post_init__(self) -> None:
        for entry in self.private:
            if network(entry) is None and (_NUMBER.fullmatch(entry) or not _NAME.fullmatch(entry)):
                raise ValueError(f"{entry} is no name in small letters, no address and no network.")

    def lets(self, host: str, addresses: Collection[str]) -> bool:
        """Whether all the addresses of a host may be connected to."""
        if host in self.private:
            return True
        networks = [found for entry in self.private if (found := network(entry))]
        return all(is_public(each) or any(ip_address(each) in block for block in networks) for each in addresses)


@dataclass(frozen=True, slots=True)
class Target:
    """An address in its parts; nothing reads it a second time."""

    scheme: str
    host: str
    port: int
    path: str
    """With the query."""

    @property
    def authority(self) -> str:
        """Host and port, as in the header Host."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORT_OF[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole address, as it is asked for."""
        return f"{self.scheme}://{self.authority}{self.path}"

    def is_trusted_like(self, other: Target) -> bool:
        """Whether what was sent to the other may be sent here: it is the same service, or that with encryption."""
        here, there = (self.scheme, self.port), (other.scheme, other.port)
        return self.host == other.host and (here == there or (there, here) == (("http", 80), ("https", 443)))


def parse(url: str, base: str = "") -> Target:
    """The parts of an address, which may be relative to a base that was parsed before.

    Raises:
        FetchError: it is none, or is written in a way that two programs could read differently.
    """
    if len(url) > LONGEST or _ODD.search(url):
        raise _bad()
    try:
        parts = urlsplit(urljoin(base, url))
    except ValueError:
        raise _bad() from None
    if parts.scheme not in PORT_OF:
        raise FetchError("bad-scheme", "Only addresses with https:// or http:// are fetched.")
    if "@" in parts.netloc:
        raise FetchError("bad-address", "A name or a password stands in this address. Nothing was sent; leave it out.")
    authority = _AUTHORITY.fullmatch(parts.netloc)
    if authority is None:
        raise _bad()
    host, port = authority.groups()
    path = _quoted(parts.path or "/") + (f"?{_quoted(parts.query)}" if parts.query else "")
    return Target(parts.scheme, _host(host), int(port) if port else PORT_OF[parts.scheme], path)


def is_public(address: str) -> bool:
    """Whether an address is on the public internet, and no way back in, such as NAT64, 6to4 or a v4-mapped one."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return not any(found in block for block in _PRIVATE_V4)
    return found in _GLOBAL_V6 and not any(found in block for block in _PRIVATE_V6)


def network(entry: str) -> IPv4Network | IPv6Network | None:
    """A network, or an address as a network of one; None for anything else."""
    try:
        return ip_network(entry)
    except ValueError:
        return None


def refused() -> FetchError:
    """One error for all: whoever gave the address does not learn what is there."""
    return FetchError(
        "refused-address",
        "This address is not on the public internet, so nothing was asked there. "
        "The operator can allow it with KAWARABAN_FETCH_PRIVATE.",
    )


def _bad() -> FetchError:
    return FetchError("bad-address", "This is no address that can be fetched. It needs https://, a name and a path.")


def _quoted(text: str) -> str:
    """Signs that may not stand in an address are written in percent; what is so already stays."""
    return quote(text, safe="/%:;=@&$+!*'(),?~[]|")


def _host(text: str) -> str:
    """A name as DNS knows it, or an address in its one proper spelling."""
    if text.startswith("["):
        try:
            return str(IPv6Address(text[1:-1]))
        except ValueError:
            raise _bad() from None
    try:
        name = text if text.isascii() else idna.encode(text, uts46=True, std3_rules=True).decode()
    except idna.IDNAError:
        raise _bad() from None
    name = name.lower().removesuffix(".")
    if _NUMBER.fullmatch(name):
        if name != text or network(name) is None:
            raise refused()
    elif not _NAME.fullmatch(name):
        raise _bad()
    return name
