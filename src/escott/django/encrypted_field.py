"""A model field whose text is encrypted at rest and comes back as a :class:`Secret`.

The keys are the site's own (``ESCOTT["ENCRYPTION_KEYS"]``), not Django's ``SECRET_KEY``. To
rotate: put a new key first, run ``manage.py escott_rotate_keys``, then drop the old one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from escott.django.conf import escott_settings
from escott.gateway.secret import Secret


class SecretUnreadable(Exception):
    """No configured key opens a stored secret; ``ESCOTT["ENCRYPTION_KEYS"]`` lacks its key."""


if TYPE_CHECKING:
    _TextField = models.TextField[Secret, Secret]
else:
    _TextField = models.TextField


def no_secret() -> Secret:
    """The default of a field that holds nothing yet."""
    return Secret("")


class EncryptedField(_TextField):
    """Stores a :class:`Secret` encrypted; an empty secret is stored as an empty text.

    A plain text is refused, so that none is stored by a slip.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", no_secret)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def get_internal_type(self) -> str:
        return "TextField"

    def from_db_value(self, value: str | None, *_: Any) -> Secret | None:
        return None if value is None else decrypt(value)

    def to_python(self, value: Any) -> Any:
        """Fixtures hold the ciphertext (``value_to_string``)."""
        return decrypt(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, Secret):
            raise TypeError(f"{self.name} holds a Secret, not {type(value).__name__}")
        return encrypt(value)

    def value_to_string(self, obj: models.Model) -> str:
        """For ``dumpdata``: the ciphertext, never the text."""
        return str(self.get_prep_value(self.value_from_object(obj)))

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise TypeError(f"{self.name} is encrypted and cannot be searched")
        return super().get_lookup(lookup_name)


def encrypt(secret: Secret) -> str:
    """The text to store for ``secret``."""
    if not secret:
        return ""
    return _cipher(escott_settings().encryption_keys).encrypt(secret.reveal().encode()).decode()


def decrypt(stored: str) -> Secret:
    """The secret behind a stored text.

    Raises:
        SecretUnreadable: none of the configured keys opens it.
    """
    if not stored:
        return Secret("")
    try:
        text = _cipher(escott_settings().encryption_keys).decrypt(stored.encode())
    except InvalidToken:
        raise SecretUnreadable(
            'a stored secret opens with none of ESCOTT["ENCRYPTION_KEYS"]; '
            "put the key it was written with back into the list"
        ) from None
    return Secret(text.decode())


def rotate(stored: str) -> str:
    """``stored`` encrypted anew under the first key."""
    if not stored:
        return ""
    return _cipher(escott_settings().encryption_keys).rotate(stored.encode()).decode()


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    if not keys:
        raise ImproperlyConfigured(
            'ESCOTT["ENCRYPTION_KEYS"] is empty; make a key with: '
            'python -c "from cryptography.fernet import Fernet; '
            'print(Fernet.generate_key().decode())"'
        )
    return MultiFernet([Fernet(key) for key in keys])
