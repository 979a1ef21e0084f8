from __future__ import annotations

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escott.gateway.codec import decode
from escott.gateway.crypto import decrypt_value, encrypt_value
from escott.gateway.errors import InvalidKey, UndecryptableValue
from escott.gateway.secret import Secret
from tests.soak import figure

KEY, IV = Secret("escottDemoKey001"), Secret("escottDemoVec001")
SIXTEEN = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=16, max_size=16)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=100)


def openssl(data: bytes, key: str, iv: str, *direction: str) -> bytes:
    """OpenSSL's own AES-128-CBC, Base64 without line breaks."""
    cipher = ("-aes-128-cbc", "-K", key.encode().hex(), "-iv", iv.encode().hex())
    return subprocess.run(
        ["openssl", "enc", *cipher, *direction, "-base64", "-A"],
        input=data,
        capture_output=True,
        check=True,
    ).stdout


@given(TEXTS, SIXTEEN, SIXTEEN)
@settings(max_examples=figure(25, 500))
def test_openssl_reads_what_we_encrypt(text: str, key: str, iv: str) -> None:
    encrypted = encrypt_value(text, Secret(key), Secret(iv))

    assert openssl(encrypted.encode(), key, iv, "-d") == text.encode()


@given(TEXTS, SIXTEEN, SIXTEEN)
@settings(max_examples=figure(25, 500))
def test_we_read_what_openssl_encrypts(text: str, key: str, iv: str) -> None:
    encrypted = openssl(text.encode(), key, iv, "-e")

    assert decrypt_value(encrypted.decode(), Secret(key), Secret(iv)) == text


@given(TEXTS)
def test_what_is_encrypted_can_be_decrypted(text: str) -> None:
    assert decrypt_value(encrypt_value(text, KEY, IV), KEY, IV) == text


@given(TEXTS)
def test_a_plus_that_a_form_turned_into_a_space_is_restored(text: str) -> None:
    damaged = encrypt_value(text, KEY, IV).replace("+", " ")

    assert decrypt_value(damaged, KEY, IV) == text


def test_fields_are_encrypted_as_a_telegram_without_empty_ones() -> None:
    fields = {"OperateId": "3Secure", "MerchantFree3": "注文 42", "TenantId": ""}

    text = decrypt_value(encrypt_value(fields, KEY, IV), KEY, IV)

    assert decode(text) == {"OperateId": "3Secure", "MerchantFree3": "注文 42"}


@pytest.mark.parametrize(
    "text", ["", "AAAA", "not base64!", "é", "AAAAAAAAAAAAAAAAAAAAAA==", "\ud800"]
)
def test_a_forged_value_is_refused_without_saying_why(text: str) -> None:
    with pytest.raises(UndecryptableValue, match=r"^the EncryptValue cannot be decrypted$"):
        decrypt_value(text, KEY, IV)


def test_a_value_under_another_key_is_refused() -> None:
    encrypted = encrypt_value("ResponseCd=OK", Secret("another key 0001"), IV)

    with pytest.raises(UndecryptableValue):
        decrypt_value(encrypted, KEY, IV)


@pytest.mark.parametrize("key", ["", "fifteen letters", "seventeen letters", "sixteen letters鍵"])
def test_a_key_has_sixteen_ascii_characters(key: str) -> None:
    with pytest.raises(InvalidKey) as key_refused:
        encrypt_value("text", Secret(key), IV)
    with pytest.raises(InvalidKey) as vector_refused:
        decrypt_value("text", KEY, Secret(key))

    assert not key or key not in f"{key_refused.value!r}{vector_refused.value!r}"
