# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the demo says to the person who watches it: headings, commands to copy, plain lines."""

from __future__ import annotations

import os
import shlex
import sys

from support.process import Command

_COLORS = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
_BOLD, _GREEN, _CYAN = "1", "32", "36"


def heading(text: str) -> None:
    """Begin a step."""
    _print(f"\n{_styled(_BOLD, text)}\n{_styled(_BOLD, '─' * len(text))}")


def command(words: Command, **environment: str) -> None:
    """Show the command that is run, as it can be copied into a shell in the checkout's root."""
    _print(f"{_styled(_CYAN, '$')} {shell(words, **environment)}")


def shell(words: Command, **environment: str) -> str:
    """The command as one line for a shell, with the variables that it needs."""
    settings = [f"{key}={shlex.quote(value)}" for key, value in environment.items()]
    return " ".join([*settings, shlex.join(map(str, words))])


def say(text: str = "") -> None:
    """Say one thing."""
    _print(text)


def good(text: str) -> None:
    """Say that something is as it should be, and was looked at."""
    _print(f"{_styled(_GREEN, '✓')} {text}")


def _styled(style: str, text: str) -> str:
    return f"\033[{style}m{text}\033[0m" if _COLORS else text


def _print(text: str) -> None:
    # Flushed, so that it stands before the output of the commands that follow.
    encoding = sys.stdout.encoding or "ascii"
    print(text.encode(encoding, "replace").decode(encoding), flush=True)
