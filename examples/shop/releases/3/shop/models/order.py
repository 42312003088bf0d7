# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from django.db import models


class Order(models.Model):
    customer = models.ForeignKey("Customer", on_delete=models.PROTECT, related_name="orders")
    placed_at = models.DateTimeField()
    shipped_at = models.DateTimeField(null=True)
    # Version 2 writes orders without it while it is being replaced.
    total = models.DecimalField(max_digits=10, decimal_places=2, null=True)


class OrderLine(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey("Product", on_delete=models.PROTECT)
    quantity = models.PositiveIntegerField()
