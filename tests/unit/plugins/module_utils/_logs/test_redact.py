# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets in a stream are hidden however it is cut into chunks, and nothing else is changed."""

from __future__ import annotations

import pytest
from ansible_collections.migrate_first.docker.plugins.module_utils._logs.redact import Redactor, redact
from hypothesis import given
from hypothesis import strategies as st

#: Few letters, so that secrets occur in texts, overlap, and are prefixes of each other; no asterisk.
LETTERS = "abé\n:/@"
TEXTS = st.text(LETTERS, max_size=60)
SECRETS = st.lists(st.text(LETTERS, min_size=1, max_size=8), max_size=4)
SIZES = st.lists(st.integers(1, 9), max_size=30)

PEM = "-----BEGIN KEY-----\nMIIEpAIBAAKCAQEA\n  c2VjcmV0bGluZQ==\n\n-----END KEY-----\n"


def in_chunks(data: bytes, sizes: list[int], secrets: list[str]) -> bytes:
    redactor, shown = Redactor(secrets), b""
    for size in sizes:
        shown += redactor.feed(data[:size])
        data = data[size:]
    return shown + redactor.feed(data) + redactor.flush()


@given(text=TEXTS, secrets=SECRETS, sizes=SIZES)
def test_chunks_make_no_difference(text: str, secrets: list[str], sizes: list[int]) -> None:
    assert in_chunks(text.encode(), sizes, secrets) == redact(text, secrets).encode()


@given(before=TEXTS, after=TEXTS, secrets=SECRETS, sizes=SIZES, data=st.data())
def test_no_secret_comes_through(
    before: str, after: str, secrets: list[str], sizes: list[int], data: st.DataObject
) -> None:
    text = before + data.draw(st.sampled_from([*secrets, ""])) + after
    shown = in_chunks(text.encode(), sizes, secrets).decode()
    assert not [secret for secret in secrets if len(secret) >= 4 and secret in shown]


@given(data=TEXTS.map(str.encode) | st.binary(max_size=60), sizes=SIZES)
def test_output_without_a_secret_is_not_changed(data: bytes, sizes: list[int]) -> None:
    for secrets in ([], ["a", "ab", "aba"], ["no such text"]):
        assert in_chunks(data, sizes, secrets) == data


@pytest.mark.parametrize(
    ("secrets", "text", "shown"),
    [
        pytest.param(["hunter22"], "it is hunter22!", "it is ********!", id="a value"),
        pytest.param(["hunter22"], "hunter22hunter22", "****************", id="twice"),
        pytest.param(["0", "abc", ""], "0 abc", "0 abc", id="short values stay"),
        pytest.param(["abcd"], "abcd", "********", id="four characters do not"),
        pytest.param(["pass", "password"], "password pass", "******** ********", id="the longest first"),
        pytest.param(["a.c+"], "abcc a.c+", "abcc ********", id="no pattern"),
        pytest.param(["pässwörd"], "pässwörd", "********", id="more than ASCII"),
        pytest.param(["hunter22\n"], "hunter22", "********", id="with an end of line"),
        pytest.param([PEM], "got c2VjcmV0bGluZQ==", "got ********", id="a line of a key"),
        pytest.param([PEM], "MIIEpAIBAAKCAQEA\r\n-----END KEY-----", "********\r\n********", id="other line ends"),
        pytest.param([PEM], "\n\n", "\n\n", id="an empty line of a key stays"),
        pytest.param(["postgres://shop:p%40ss@db/shop"], "p%40ss p@ss", "******** ********", id="password of a URL"),
        pytest.param(["postgres://shop@db/shop"], "shop db", "shop db", id="a URL without a password"),
        pytest.param(["postgres://[broken"], "broken", "broken", id="no URL"),
        pytest.param(["redis://:pw@cache"], "pw redis://:pw@cache", "pw ********", id="short password of a URL"),
    ],
)
def test_the_values_and_parts_that_are_hidden(secrets: list[str], text: str, shown: str) -> None:
    assert redact(text, secrets) == shown
    assert in_chunks(text.encode(), [1] * len(text), secrets).decode() == shown


def test_a_secret_that_is_no_text_is_hidden() -> None:
    secret = b"\xff\xfe-secret".decode(errors="surrogateescape")
    assert in_chunks(b"it is \xff\xfe-secret", [], [secret]) == b"it is ********"
    assert redact(f"it is {secret}", [secret]) == "it is ********"


@pytest.mark.parametrize("size", [1, 7, 64])
def test_a_key_is_hidden_line_by_line_however_it_is_cut(size: int) -> None:
    """Each of its lines is a secret, also where another one of its lines is a part of it."""
    shown = in_chunks(f"key:\n{PEM}\nthe end\n".encode(), [size] * 100, [PEM]).decode()
    assert not [line for line in PEM.split() if len(line) >= 4 and line in shown]
    assert (shown.startswith("key:\n"), shown.endswith("\nthe end\n")) == (True, True)


@given(texts=st.lists(st.text(LETTERS, max_size=20), max_size=4), secrets=SECRETS)
def test_no_more_than_the_beginning_of_a_secret_is_held_back(texts: list[str], secrets: list[str]) -> None:
    """Only what may begin a secret: less than the longest of them, and nothing where none can begin."""
    redactor = Redactor(secrets)
    for text in texts:
        redactor.feed(text.encode())
        assert redactor.held < max((len(secret.encode()) for secret in secrets), default=1)
    redactor.feed(b"\0")
    assert redactor.held == 0


def test_output_that_cannot_be_part_of_a_secret_is_shown_at_once() -> None:
    redactor = Redactor(["hunter22"])
    assert (redactor.feed(b"a line\n"), redactor.held) == (b"a line\n", 0)
    assert (redactor.feed(b"another: hunt"), redactor.held) == (b"another: ", 4)
    assert (redactor.feed(b"ing\n"), redactor.held) == (b"hunting\n", 0)
    assert Redactor([]).feed(b"hunter22") == b"hunter22"
