# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fails half-way: two customers have the same address, written differently, and addresses are unique."""

from django.db import migrations


def lowercase(apps, schema_editor):
    print()
    for customer in apps.get_model("shop", "Customer").objects.order_by("id"):
        if customer.email != customer.email.lower():
            print(f"    {customer.email} -> {customer.email.lower()}")
            customer.email = customer.email.lower()
            customer.save(update_fields=["email"])


class Migration(migrations.Migration):
    # Row by row, as one does where a table is too large to be locked from end to end.
    # So what was changed before the failure stays changed.
    atomic = False
    dependencies = [("shop", "0005_split_customer_name")]

    operations = [
        migrations.RunPython(lowercase, migrations.RunPython.noop),
    ]
