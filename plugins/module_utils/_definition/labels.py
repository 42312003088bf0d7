# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The labels by which the collection recognises its own containers."""

from __future__ import annotations

PREFIX = "migrate_first.docker."

#: ``job`` or ``replica``.
KIND = PREFIX + "kind"
#: The name of the job, or of the replicas without their number.
NAME = PREFIX + "name"
#: The release that the container belongs to.
RELEASE = PREFIX + "release"
#: The invocation of ansible-playbook that made it.
INVOCATION = PREFIX + "invocation"
#: The definition of the container; see Definition.label.
DEFINITION = PREFIX + "definition"
#: The execution of the module that created it, which alone may start it.
CREATOR = PREFIX + "creator"
#: Of a job the minimum of its fence, of a replica the fence of its release.
FENCE = PREFIX + "fence"
#: Of a replica the restart policy that it has while it serves; before and after that it has none.
RESTART = PREFIX + "restart"
#: Of a replica the container that it replaces: its ID, a space, and its restart policy.
REPLACES = PREFIX + "replaces"
#: Which attempt of its invocation a job's run is, from 1.
ATTEMPT = PREFIX + "attempt"
#: Seconds until the next attempt, and the outcomes and exit codes that lead to it, as JSON.
RETRY = PREFIX + "retry"
#: Who ran ansible-playbook, and on which controller.
INVOKED_BY = PREFIX + "invoked-by"
#: The image as it was asked for; the container itself knows only its ID.
IMAGE = PREFIX + "image"
#: Seconds that a job may run, 0 for no deadline.
DEADLINE = PREFIX + "deadline"

JOB, REPLICA = "job", "replica"
