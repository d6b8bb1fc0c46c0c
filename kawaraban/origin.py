"""Where a request comes from, as far as our own proxies know it."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network


def address_of(remote: str, forwarded: str, proxies: int) -> str:
    """The address of who asks, as the outermost of our own proxies saw it; what stands before it anybody can claim.

    Args:
        remote: whom the server talks to.
        forwarded: the header X-Forwarded-For, "" without one.
        proxies: how many proxies of ours stand in front; 0 believes no header.
    """
    hops = forwarded.split(",")
    if proxies and len(hops) >= proxies:
        return hops[-proxies].strip() or remote
    return remote


def block_of(address: str, v4: int, v6: int) -> str:
    """The network block that an address lies in, such as `192.0.2.0/24`; "" for what is no address.

    Args:
        v4: bits of an IPv4 address that name the block; an IPv4 address in IPv6's clothes is one.
        v6: bits of an IPv6 address. A household has a /64 at least, and often a /56.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ip_network((found, v4 if found.version == 4 else v6), strict=False))
