"""Whether a host is this machine: what is said to it, nobody can read on the way."""

import ipaddress


def is_near(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
