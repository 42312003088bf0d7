#!/usr/bin/env bash
# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The tests that the engine in memory has passed with the unit tests, on the engine of this machine.

set -eu

here="$PWD"
collection="${ANSIBLE_COLLECTIONS_PATH%%:*}/ansible_collections/migrate_first/docker"

export PYTHONPATH="${ANSIBLE_COLLECTIONS_PATH%%:*}${PYTHONPATH:+:$PYTHONPATH}"
export MIGRATE_FIRST_TEST_ENGINES=docker

# What takes time here is the engine: hence several at once.
pytest --numprocesses=6 --verbose --import-mode=importlib -p no:cacheprovider --rootdir="$collection" \
    "$collection/tests/unit/plugins/module_utils/engines" "$here"
