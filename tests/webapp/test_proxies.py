from __future__ import annotations

from ipaddress import ip_network

import pytest

from webapp.proxies import THROUGH_PROXY, Proxies

TRUSTED = (ip_network("127.0.0.1"), ip_network("10.1.2.0/24"))
FORGED = {"HTTP_X_FORWARDED_FOR": "6.6.6.6", "HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_HOST": "evil.example"}


@pytest.fixture
def seen():
    """What the application is told of a request that came from an address with these headers."""

    def ask(address, **headers):
        told = {}
        app = Proxies(lambda environ, start: told.update(environ) or [], TRUSTED)
        app({"REMOTE_ADDR": address, "wsgi.url_scheme": "http", "HTTP_HOST": "desk.example", **headers}, None)
        return told

    return ask


@pytest.mark.parametrize("proxy", ["127.0.0.1", "10.1.2.200", "::ffff:127.0.0.1"])
def test_the_last_word_of_a_trusted_proxy_counts(seen, proxy):
    told = seen(proxy, HTTP_X_FORWARDED_FOR="6.6.6.6, 10.7.7.7", HTTP_X_FORWARDED_PROTO="https")
    assert (told["REMOTE_ADDR"], told["wsgi.url_scheme"]) == ("10.7.7.7", "https")


@pytest.mark.parametrize("sender", ["10.1.3.1", "192.0.2.1", "::1", "", "nonsense"])
def test_anybody_else_is_taken_for_what_the_connection_says(seen, sender):
    told = seen(sender, **FORGED, HTTP_FORWARDED="for=6.6.6.6")
    assert (told["REMOTE_ADDR"], told["wsgi.url_scheme"], told["HTTP_HOST"]) == (sender, "http", "desk.example")
    assert not [name for name in told if "FORWARDED" in name]


def test_not_even_a_trusted_proxy_changes_the_name_of_the_host(seen):
    assert seen("127.0.0.1", **FORGED)["HTTP_HOST"] == "desk.example"


@pytest.mark.parametrize(("headers", "through"), [({}, False), (FORGED, True), ({"HTTP_VIA": "1.1 proxy"}, True)])
def test_a_request_that_was_passed_on_is_known_as_such(seen, headers, through):
    for sender in ("127.0.0.1", "192.0.2.1"):
        assert seen(sender, **headers)[THROUGH_PROXY] is through
