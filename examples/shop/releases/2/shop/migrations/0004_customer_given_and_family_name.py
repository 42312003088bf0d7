# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0003_first_orders")]

    operations = [
        migrations.AddField("Customer", "given_name", models.CharField(max_length=100, null=True)),
        migrations.AddField("Customer", "family_name", models.CharField(max_length=100, null=True)),
    ]
