# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from django.db import migrations


def split_name(apps, schema_editor):
    for customer in apps.get_model("shop", "Customer").objects.filter(given_name=None):
        given, _space, family = customer.name.rpartition(" ")
        customer.given_name, customer.family_name = (given, family) if given else (family, "")
        customer.save(update_fields=["given_name", "family_name"])


class Migration(migrations.Migration):
    dependencies = [("shop", "0004_customer_given_and_family_name")]

    operations = [
        migrations.RunPython(split_name, migrations.RunPython.noop),
    ]
