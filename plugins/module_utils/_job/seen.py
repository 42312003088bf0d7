# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What this invocation has seen of its job: it counts for all its batches, also when the record is gone. Pure."""

from __future__ import annotations

from dataclasses import replace

from .._definition.definition import WORK
from .._engine.interface import Image
from . import sentences
from .decide import Sight
from .model import NOT_STARTED, SKIPPED, SUCCEEDED, SUPERSEDED, Job, Seen
from .records import newest_success
from .result import Result, from_returned, without_run


def confirmed(job: Job, seen: Seen, engine_id: str, image: Image, sight: Sight) -> Result:
    """
    Return the result again, unless this batch asks for something else, or a newer release has come.

    Within an invocation the work alone is compared: an environment may hold the host's own name.
    """
    earlier = from_returned(seen.result)
    differing = [key for key in job.definition.differences(seen.definition, {}) if key in (*WORK, "definition")]
    if earlier.image_id not in (None, image.id):
        differing.insert(0, "image")
    if earlier.engine_id not in (None, engine_id):
        differing.insert(0, "engine")
    if differing:
        sentence = sentences.otherwise_in_invocation(job, tuple(differing))
        refused = without_run(job, engine_id, NOT_STARTED, sentence)
        return replace(refused, container_id=earlier.container_id, container_name=earlier.container_name)
    newer = newest_success(sight.runs(job.name))
    if earlier.outcome in (SUCCEEDED, SKIPPED) and newer and newer.fence > (earlier.fence or 0):
        superseded = replace(earlier, outcome=SUPERSEDED, diagnosis=sentences.superseded(job, newer))
        return replace(superseded, stdout="", stderr="")
    return replace(earlier, reused=True)
