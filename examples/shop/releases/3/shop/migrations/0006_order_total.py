# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0005_split_customer_name")]

    operations = [
        migrations.AddField("Order", "total", models.DecimalField(decimal_places=2, max_digits=10, null=True)),
    ]
