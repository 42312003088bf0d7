# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the commands changed on the machine, remembered so that exactly that can be undone."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


def read(file: Path) -> dict[str, Any]:
    """What was remembered in the file; nothing where there is no such file."""
    try:
        remembered: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        raise SystemExit(
            f"{file} cannot be read. It says what was installed on this machine: look, then remove it."
        ) from None
    return remembered


def write(file: Path, remembered: dict[str, Any]) -> None:
    """Remember, for this user's eyes alone; nothing to remember removes the file."""
    if not remembered:
        file.unlink(missing_ok=True)
        return
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as output:
        json.dump(remembered, output, indent=2)
    draft.rename(file)
