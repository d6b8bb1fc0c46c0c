"""Which addresses are asked and which never are: nothing is sent there, and a name is looked up once."""

from __future__ import annotations

import pytest

from kawaraban import fetch
from kawaraban.fetch.addresses import is_public, parse
from kawaraban.fetch.tests.elsewhere import here, serve

# S-081: loopback, private, shared, link-local, unspecified, documentation, benchmarks, multicast, reserved; and in IPv6
# all of that again, in the clothes of IPv4 and behind translators.
INSIDE = [
    "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
    "100.127.255.255", "169.254.169.254", "0.0.0.0",  # noqa: S104
    "0.1.2.3", "168.63.129.16", "192.0.0.1", "192.0.0.8", "192.0.0.170", "192.0.2.1",
    "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
    "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1",
    "2001:0:7f00:1::1", "2001:2::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "3fff::1",
    "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "febf::1", "fec0::1", "ff02::1", "ff0e::1",
]  # fmt: skip
# How inet_aton, and with it getaddrinfo, reads 127.0.0.1 and 10.0.0.1 as well.
IN_DIGITS = [
    "2130706433", "0x7f000001", "0x7f.1", "0x7f.0.0.1", "0177.0.0.1", "127.1", "127.0.1", "017700000001", "127.0.0.1.",
    "①②⑦.⓪.⓪.①", "\uff11\uff12\uff17.0.0.1", "127。0。0。1", "10.0.0.01", "0X7F.1", "4294967297",
    "%31%32%37.0.0.1", "256.1.1.1", "1.2.3.4.5", "0",
]  # fmt: skip
OUTSIDE = ["8.8.8.8", "1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:2800:220:1::1", "2a00:1450::1"]


def refusal(url: str, allow: fetch.Allow | None = None) -> fetch.FetchError:
    """Why an address is not asked."""
    with pytest.raises(fetch.FetchError) as raised:
        fetch.get(url, deadline=2, allow=allow)
    return raised.value


def bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


@pytest.mark.parametrize("address", [*INSIDE, *IN_DIGITS])
def test_an_address_inside_is_refused_before_anything_is_sent(address):
    found = refusal(f"http://{bracketed(address)}/")
    assert (found.code, str(found)) == ("refused-address", str(refusal("http://127.0.0.1/")))


@pytest.mark.parametrize("address", [*INSIDE, "fe80::1%eth0", "no address"])
@pytest.mark.parametrize("others", [(), ("93.184.216.34",)])
def test_a_name_that_leads_inside_is_refused_also_with_one_of_its_addresses(address, others):
    looked_up = []

    def look_up(name):
        looked_up.append(name)
        return [*others, address]

    found = refusal("http://feed.example/", fetch.Allow(look_up=look_up))
    assert (found.code, str(found)) == ("refused-address", str(refusal("http://127.0.0.1/")))
    assert looked_up == ["feed.example"]


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_outside_is_none_of_them(address):
    assert is_public(address)
    assert fetch.Allow().lets("feed.example", [address])


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "bad-scheme"),
        ("feed", "bad-scheme"),
        ("//feed.example/", "bad-scheme"),
        ("ftp://feed.example/", "bad-scheme"),
        ("file:///etc/passwd", "bad-scheme"),
        ("gopher://feed.example/", "bad-scheme"),
        ("unix:/run/site.sock", "bad-scheme"),
        ("http:feed.example", "bad-address"),
        ("http:///feed.example", "bad-address"),
        ("http://", "bad-address"),
        ("http://user@feed.example/", "bad-address"),
        ("http://user:password@feed.example/", "bad-address"),
        ("http://feed.example@10.0.0.1/", "bad-address"),
        ("http://feed.example\\@10.0.0.1/", "bad-address"),
        ("http:\\\\feed.example/", "bad-address"),
        ("http://feed.example/a\r\nX: y", "bad-address"),
        ("http://feed.example/a\tb", "bad-address"),
        ("http://feed.exa\nmple/", "bad-address"),
        (" http://feed.example/", "bad-address"),
        ("http://feed.example/\x00", "bad-address"),
        ("http://feed.example/\ud800", "bad-address"),
        ("http://feed%2eexample/", "bad-address"),
        ("http://[fe80::1%25eth0]/", "bad-address"),
        ("http://[::1/", "bad-address"),
        ("http://[feed.example]/", "bad-address"),
        ("http://feed.example:/", "bad-address"),
        ("http://feed.example:80:80/", "bad-address"),
        ("http://feed.example:\uff18\uff10/", "bad-address"),
        ("http://feed..example/", "bad-address"),
        ("http://-feed.example/", "bad-address"),
        ("http://feed example/", "bad-address"),
        (f"http://{'a' * 64}.example/", "bad-address"),
        (f"http://{'a.' * 130}example/", "bad-address"),
        ("http://a℀b.example/", "bad-address"),
        ("http://\u202efeed.example/", "bad-address"),
        (f"http://feed.example/{'a' * 2_000}", "bad-address"),
        ("http://feed.example:22/", "bad-port"),
        ("http://feed.example:25/", "bad-port"),
        ("http://feed.example:6379/", "bad-port"),
        ("http://feed.example:0/", "bad-port"),
        ("http://feed.example:99999/", "bad-port"),
    ],
)
def test_what_could_be_read_in_two_ways_is_read_in_none(url, code):
    def look_up(name):
        raise AssertionError(name)

    found = refusal(url, fetch.Allow(look_up=look_up))
    assert found.code == code


def test_a_password_in_an_address_is_not_sent_and_not_repeated():
    assert str(refusal("http://editor:hunter-27@feed.example/")) == (
        "A name or a password stands in this address. Nothing was sent; leave it out."
    )


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("HTTP://Feed.Example", "http://feed.example/"),
        ("https://feed.example:443/a?b=c&d=%20#part", "https://feed.example/a?b=c&d=%20"),
        ("http://feed.example:80/", "http://feed.example/"),
        ("http://feed.example./", "http://feed.example/"),
        ("https://bücher.example/ä b?q=é", "https://xn--bcher-kva.example/%C3%A4%20b?q=%C3%A9"),
        ("https://新聞。例え.テスト/紙", "https://xn--efvv70d.xn--r8jz45g.xn--zckzah/%E7%B4%99"),
        ("http://faß.example/", "http://xn--fa-hia.example/"),
        ("http://a_b.example/", "http://a_b.example/"),
        ("http://8.8.8.8/", "http://8.8.8.8/"),
        ("http://[2606:2800:0220:0001::0001]:8080/", "http://[2606:2800:220:1::1]:8080/"),
        ("http://feed.example/?<>\"'", "http://feed.example/?%3C%3E%22'"),
    ],
)
def test_an_address_has_one_spelling(url, asked):
    assert parse(url).url == asked
    assert parse(asked).url == asked


def test_what_is_checked_is_what_is_connected_to_however_often_the_name_changes():
    with serve() as checked, serve("::1", checked.port) as canary:
        for turn in range(30):
            answers = iter([["127.0.0.1"], ["::1"]] if turn % 2 else [["::1"], ["127.0.0.1"]])
            allow = here(private=("127.0.0.1/32",), look_up=lambda name, answers=answers: next(answers))
            url = f"http://feed.example:{checked.port}/"
            if turn % 2:
                assert fetch.get(url, allow=allow).body == b"here"
            else:
                assert refusal(url, allow).code == "refused-address"
            assert len(list(answers)) == 1
        assert (checked.connections, canary.connections) == (15, 0)


def test_the_server_is_asked_by_its_name():
    with serve() as server:
        allow = here(private=("127.0.0.1/32",), look_up=lambda name: ["127.0.0.1"])
        answer = fetch.get(f"http://Zeitung.Bücher.example:{server.port}/a", allow=allow)
        assert b"\r\nHost: zeitung.xn--bcher-kva.example:%d\r\n" % server.port in server.asked[0]
        assert answer.url == f"http://zeitung.xn--bcher-kva.example:{server.port}/a"


@pytest.mark.parametrize("private", ["127.0.0.1", "127.0.0.0/8", "wire.lan"])
def test_an_operator_can_allow_a_server_inside(private):
    with serve() as server:
        allow = here(private=(private,), look_up=lambda name: ["127.0.0.1"])
        assert fetch.get(f"http://wire.lan:{server.port}/", allow=allow).body == b"here"
        assert refusal(f"http://[::1]:{server.port}/", allow).code == "refused-address"
        other = here(private=("10.0.0.0/8", "other.lan"), look_up=lambda name: ["127.0.0.1"])
        assert refusal(f"http://wire.lan:{server.port}/", other).code == "refused-address"
        assert server.connections == 1


@pytest.mark.parametrize(
    "entry", ["", "10.0.0.1/8", "Wire.lan", "wire lan", "http://wire.lan", "10.0.0", "wire.lan:80"]
)
def test_what_is_allowed_must_be_a_name_an_address_or_a_network(entry):
    with pytest.raises(ValueError, match="no name in small letters"):
        fetch.Allow(private=(entry,))


def test_what_an_operator_configured_is_allowed_there_and_nowhere_else():
    allow = fetch.only("http://127.0.0.1:9/x?key=secret")
    assert refusal("http://127.0.0.1:9/", allow).code == "unreachable"
    assert refusal("http://127.0.0.1:10/", allow).code == "bad-port"
    assert refusal("http://127.0.0.2:9/", allow).code == "refused-address"
