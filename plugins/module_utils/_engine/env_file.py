# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of environment variables that a definition may name."""

from __future__ import annotations

try:
    from docker.errors import DockerException
    from docker.utils import parse_env_file
except ImportError:
    pass


def read(path: str | None) -> dict[str, str]:
    """
    Return the variables of a file on this host, none where no path is given.

    Raises ValueError, with a sentence for a person, where it cannot be read or understood.
    """
    if path is None:
        return {}
    try:
        return dict(parse_env_file(path))
    except OSError as error:
        raise ValueError(f"container.env_file {path!r} cannot be read on the host: {error.strerror}") from None
    except (DockerException, UnicodeDecodeError):
        # The SDK's message quotes the line, which may be a secret.
        raise ValueError(f"container.env_file {path!r} on the host has a line that is no NAME=value") from None
