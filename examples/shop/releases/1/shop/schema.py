# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The schema that is in the database, beside the one that this code wants."""

from dataclasses import dataclass
from pkgutil import iter_modules

from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder

from shop import migrations

WANTED = tuple(sorted(module.name for module in iter_modules(migrations.__path__)))


@dataclass(frozen=True)
class Schema:
    applied: tuple[str, ...] = ()
    error: str = ""

    @property
    def version(self):
        return self.applied[-1] if self.applied else "none"

    @property
    def missing(self):
        return [name for name in WANTED if name not in self.applied]

    @property
    def newer(self):
        """What a newer release has applied. During a rollout that is normal, and no fault:
        migrations only add, so that the code before them goes on working."""
        return [name for name in self.applied if name not in WANTED]

    @property
    def problem(self):
        """Why this code cannot serve on this database, or an empty string."""
        if self.error:
            return f"the database does not answer: {self.error}"
        if self.missing:
            return f"migrations are missing in the database: {', '.join(self.missing)}"
        return ""


def read():
    recorder = MigrationRecorder(connection)
    try:
        if not recorder.has_table():
            return Schema()
        records = recorder.migration_qs.filter(app="shop").order_by("id")
        return Schema(applied=tuple(records.values_list("name", flat=True)))
    except DatabaseError as error:
        return Schema(error=" ".join(str(error).split()))
