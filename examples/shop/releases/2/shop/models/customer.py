# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from django.db import models


class Customer(models.Model):
    # Version 1 still reads and writes `name` while it is being replaced, and knows no other:
    # so it stays, and the new fields may be empty.
    name = models.CharField(max_length=100)
    given_name = models.CharField(max_length=100, null=True)
    family_name = models.CharField(max_length=100, null=True)
    email = models.EmailField(unique=True)
