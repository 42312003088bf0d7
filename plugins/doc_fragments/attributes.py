# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be said alike of every module of the collection."""

from __future__ import annotations


class ModuleDocFragment:
    """Each module adds ``support`` to the attributes that have none here."""

    DOCUMENTATION = r"""
attributes:
  check_mode:
    description: Can run in check mode, where it tells what would change and changes nothing.
  diff_mode:
    description: Shows what was before and what is after, in diff mode.
  idempotent:
    description: A second task with the same options reports no change, where nothing else has changed in between.
  action:
    description: Has an action plugin of the same name, which does a part of the work on the controller.
  platform:
    description: The operating systems of the managed hosts.
    support: full
    platforms: posix
  action_group:
    description:
      - Is a member of the action group C(migrate_first.docker.docker), so that C(group/migrate_first.docker.docker)
        in C(module_defaults) gives it defaults, for example for the connection to the engine.
    support: full
    membership:
      - migrate_first.docker.docker
"""
