# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from django.db import migrations


def fill_total(apps, schema_editor):
    for order in apps.get_model("shop", "Order").objects.filter(total=None).prefetch_related("lines__product"):
        order.total = sum(line.quantity * line.product.price for line in order.lines.all())
        order.save(update_fields=["total"])


class Migration(migrations.Migration):
    dependencies = [("shop", "0006_order_total")]

    operations = [
        migrations.RunPython(fill_total, migrations.RunPython.noop),
    ]
