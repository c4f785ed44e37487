"""Values of the environment that AWS Secrets Manager keeps: one JSON object under one name.

Read once at the start, with deadlines of our own that end under three seconds, and again, for the keys of services,
when the copy is older than `FRESH_FOR`: a rotated key is taken up by a process that goes on.
"""

import json
import logging
import os
import re
import time
from typing import Any

from django.core.exceptions import ImproperlyConfigured

CONNECT_SECONDS, READ_SECONDS = 1.0, 1.5  # one attempt, and no other
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
UNUSABLE = re.compile(r"[\0\ud800-\udfff]")  # what no environment holds: NUL, and half of a character
FRESH_FOR = 240.0  # seconds; a rotated key is taken up within five minutes

logger = logging.getLogger(__name__)


class Secrets:
    """The secret of that name. Its representation says the name and nothing of what it holds."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._read_at = 0.0

    def __repr__(self) -> str:
        return f"Secrets({self.name!r})"

    def join(self) -> None:
        """Put every value into the environment. Raises ImproperlyConfigured, which names the key and never a value."""
        values = self.read()
        self._read_at = time.monotonic()
        os.environ.update(values)

    def refresh(self) -> None:
        """Do so again where the copy is old. What cannot be read is logged, and the copy stays for another while."""
        if time.monotonic() - self._read_at < FRESH_FOR:
            return
        self._read_at = time.monotonic()
        try:
            os.environ.update({name: value for name, value in self.read().items() if name.endswith("_API_KEY")})
        except ImproperlyConfigured as error:
            logger.warning("The keys stay as they were: %s", error)

    def read(self) -> dict[str, str]:
        """The values as texts."""
        answer = self.ask()
        if "SecretString" not in answer:
            raise self.unusable("holds binary data")
        try:
            document = json.loads(answer["SecretString"])
        except (ValueError, RecursionError) as error:
            raise self.unusable("holds no JSON") from error
        if not isinstance(document, dict):
            raise self.unusable(f"holds {word_for(document)}")
        return {self.name_of(key): self.text_of(key, value) for key, value in document.items()}

    def ask(self) -> dict[str, Any]:
        """Ask AWS once."""
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError

        config = Config(connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS, retries={"total_max_attempts": 1})
        try:
            client = boto3.client("secretsmanager", config=config)
            answer: dict[str, Any] = client.get_secret_value(SecretId=self.name)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "refused")
            raise ImproperlyConfigured(f"SECRETS_ID: AWS gives no secret {self.name} ({code}).") from None
        except (BotoCoreError, ValueError) as error:
            raise ImproperlyConfigured(
                f"SECRETS_ID: the secret {self.name} could not be read ({type(error).__name__})."
            ) from None
        return answer

    def name_of(self, key: str) -> str:
        """A key as the environment has it."""
        if NAME.fullmatch(key):
            return key
        raise self.unusable(f"holds a value under {key[:40]!a}", "under names of letters, digits and _")

    def text_of(self, key: str, value: object) -> str:
        """A value as the environment has it: a text, or a number written out."""
        if isinstance(value, str) and not UNUSABLE.search(value):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        raise self.unusable(f"holds {word_for(value)} under {key}", "a text or a number")

    def unusable(self, how: str, wanted: str = 'a JSON object such as {"SECRET_KEY": "…"}') -> ImproperlyConfigured:
        """The stop for a secret of another form."""
        return ImproperlyConfigured(f"SECRETS_ID: the secret {self.name} {how}; it must be {wanted}.")


def word_for(value: object) -> str:
    """What kind of JSON value this is, and nothing of what it says."""
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")
