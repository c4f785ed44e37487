"""The seal: a keyed fingerprint by which this site knows again what it put into a store that others can write."""

from django.utils.crypto import salted_hmac

SEAL_LENGTH = 64


def seal_of(salt: str, content: bytes) -> str:
    """The seal of this content: HMAC-SHA-256 under SECRET_KEY and the salt of its purpose, as 64 digits."""
    return salted_hmac(salt, content, algorithm="sha256").hexdigest()
