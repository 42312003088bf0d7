# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What migration tools write when they fail; the texts are in failing_outputs.txt, as they were written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple


class FailingOutput(NamedTuple):
    """The output of a tool, and the name of the row that must know it, or ``none``."""

    row: str
    tool: str
    text: str


def _read() -> list[FailingOutput]:
    text = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
    parts = re.split(r"^=== (\w+): (.+)\n", text, flags=re.MULTILINE)[1:]
    return [FailingOutput(*parts[start : start + 3]) for start in range(0, len(parts), 3)]


FAILING_OUTPUTS = _read()
