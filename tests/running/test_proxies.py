"""Whose request it is, behind none, one and two proxies."""

import pytest
from django.test import RequestFactory

from unionoffice.running.proxies import client_address


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, "10.0.0.1"),
        (0, "6.6.6.6", "10.0.0.1"),
        (1, "1.1.1.1", "1.1.1.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 10.0.0.2", "1.1.1.1"),
        (1, None, "10.0.0.1"),
        (2, "1.1.1.1", "10.0.0.1"),
    ],
)
def test_the_address_is_the_one_our_outermost_proxy_heard(settings, proxies, forwarded, address):
    settings.PROXY_COUNT = proxies
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}

    assert client_address(RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", **headers)) == address
