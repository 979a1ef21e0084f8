"""``EncryptValue``: what travels through the browser, AES-128-CBC under the merchant's key.

``Base64(AES-128-CBC(key, vector, PKCS#7, telegram in UTF-8))``. Key and vector are fixed for
a merchant and nothing signs the text: that it can be decrypted is all there is, so whoever
receives one compares it with an attempt that the server remembers (design.md, invariant 4).
Source: protocol.md F.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from escott.gateway.codec import encode
from escott.gateway.errors import InvalidKey, UndecryptableValue
from escott.gateway.secret import Secret

_BLOCK: Final = 16


def encrypt_value(content: Mapping[str, str] | str, key: Secret, iv: Secret) -> str:
    """``content`` encrypted; fields are first written as a telegram, empty ones left out.

    Args:
        key: 暗号化キー, 16 ASCII characters.
        iv: 初期化ベクトル, 16 ASCII characters.

    Raises:
        InvalidKey: key or vector have another form.
        MalformedTelegram: the fields cannot be written as a telegram.
    """
    text = content if isinstance(content, str) else encode(content)
    padder = PKCS7(_BLOCK * 8).padder()
    padded = padder.update(text.encode()) + padder.finalize()
    encryptor = _cipher(key, iv).encryptor()
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode("ascii")


def decrypt_value(text: str, key: Secret, iv: Secret) -> str:
    """The telegram inside an ``EncryptValue``; :func:`escott.gateway.codec.decode` reads it.

    A space is read as the ``+`` that a form lost on its way.

    Raises:
        InvalidKey: key or vector have the wrong form.
        UndecryptableValue: the text was not encrypted with them, or was altered.
    """
    cipher = _cipher(key, iv)
    try:
        encrypted = base64.b64decode(text.replace(" ", "+"), validate=True)
        decryptor = cipher.decryptor()
        padded = decryptor.update(encrypted) + decryptor.finalize()
        unpadder = PKCS7(_BLOCK * 8).unpadder()
        return (unpadder.update(padded) + unpadder.finalize()).decode()
    except (binascii.Error, ValueError):
        raise UndecryptableValue from None


def _cipher(key: Secret, iv: Secret) -> Cipher[CBC]:
    return Cipher(AES(_bytes("the encryption key", key)), CBC(_bytes("the vector", iv)))


def _bytes(name: str, secret: Secret) -> bytes:
    text = secret.reveal()
    if len(text) != _BLOCK or not text.isascii():
        raise InvalidKey(f"{name} is not {_BLOCK} ASCII characters")
    return text.encode("ascii")
