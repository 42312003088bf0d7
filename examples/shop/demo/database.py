# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The database of `make demo-fleet`: PostgreSQL in a container of its own, beside the hosts."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from examples.shop.demo import images, screen
from examples.shop.demo.docker_command import HERE, KEY
from examples.shop.demo.story import Story
from support import state
from support.cache import cache
from support.debian_image import Recipe
from support.fleet import Fleet

SERVICE = "database"
IMAGE = "shop-demo-database:latest"

# The cluster that comes with Debian's package is on no network, and has no password: this one takes its place.
START = r"""
set -eu
cd /var/lib/postgresql
export PATH="$(echo /usr/lib/postgresql/*/bin):$PATH"
if ! test -e data/PG_VERSION; then
    umask 077
    printenv PASSWORD >password
    initdb --pgdata=data --locale=C.UTF-8 --no-sync \
        --username=shop --pwfile=password --auth-host=scram-sha-256 --auth-local=trust
    echo 'host all all all scram-sha-256' >>data/pg_hba.conf
    echo 'CREATE DATABASE shop' | postgres --single -D data postgres
    rm password
fi
unset PASSWORD
exec postgres -D data -c listen_addresses='*' -c unix_socket_directories=/tmp
"""
RECIPE = Recipe(
    "trixie",
    ("postgresql",),
    hooks=('rm -r "$1"/var/lib/postgresql/*',),
    changes=("USER postgres", f"LABEL {KEY}=database"),
)
MIGRATIONS = "SELECT id, name FROM django_migrations ORDER BY id"


@dataclass(frozen=True)
class Database:
    """A database that answers. `variables`: the file that tells Ansible of it."""

    container: str
    variables: Path

    @classmethod
    def start(cls, fleet: Fleet) -> Database:
        """An empty database, with a password of its own. SupportError or SystemExit says what is in the way."""
        images.ensure_of_debian(IMAGE, RECIPE)
        password = secrets.token_urlsafe()
        # Another password is another container, and the data are nowhere but in the container.
        node = fleet.service(
            SERVICE,
            IMAGE,
            command=["sh", "-c", START],
            env={"PASSWORD": password},
            ready=["pg_isready", "--quiet", "--host=127.0.0.1"],
        )
        variables = cache("demo") / "database.json"
        state.write(variables, {"shop_database_host": node.address, "shop_database_password": password})
        screen.good(f"PostgreSQL, with a new password and no tables: {node.container} at {node.address}")
        return cls(node.container, variables)

    @property
    def shell(self) -> str:
        """The command that asks it, as a line for a shell."""
        return screen.shell(["docker", "exec", "-it", *self._psql])

    def show_migrations(self, version: str, story: Story) -> None:
        """Show which migrations the database has had. It should be those of this version, each once."""
        command = ["exec", *self._psql, "--tuples-only", "--no-align", "--command", MIGRATIONS]
        screen.command(["docker", *command])
        table = HERE.ask(*command)
        screen.say("    " + table.replace("\n", "\n    "))
        applied = [line.partition("|")[2] for line in table.splitlines()]
        if applied != images.migrations(version):
            story.fail(f"The database should have had {images.migrations(version)}. It has had: {applied}.")
        screen.good(f"The database has had the {len(applied)} migrations of version {version}, each once.")

    @property
    def _psql(self) -> list[str]:
        return [self.container, "psql", "--host=/tmp", "--username=shop"]
