# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rows that the shop opens with. Grace Hopper has registered twice."""

from datetime import UTC, datetime, timedelta

from django.db import migrations

CUSTOMERS = [
    ("Ada Lovelace", "Ada@example.com"),
    ("Alan Turing", "alan@example.com"),
    ("Katherine Johnson", "Katherine.Johnson@example.com"),
    ("Grace Hopper", "Grace.Hopper@example.com"),
    ("Edsger W. Dijkstra", "ewd@example.com"),
    ("Hypatia", "hypatia@example.com"),
    ("Grace Hopper", "grace.hopper@example.com"),
]
PRODUCTS = [
    ("Coffee grinder", "89.00"),
    ("Espresso cups, pair", "24.50"),
    ("Filter papers, 100", "4.90"),
    ("House blend, 1 kg", "27.00"),
    ("Moka pot", "39.00"),
    ("Water kettle", "64.00"),
]
# customer, shipped, and product with quantity
ORDERS = [
    (0, True, {4: 1, 3: 2}),
    (3, True, {0: 1, 2: 3}),
    (1, True, {3: 1}),
    (5, True, {1: 2, 4: 1}),
    (2, False, {5: 1, 2: 1, 3: 1}),
    (6, False, {3: 4}),
    (4, False, {0: 1}),
]
OPENING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def open_shop(apps, schema_editor):
    Customer, Product, Order, OrderLine = (
        apps.get_model("shop", name) for name in ("Customer", "Product", "Order", "OrderLine")
    )
    customers = [Customer.objects.create(name=name, email=email) for name, email in CUSTOMERS]
    products = [Product.objects.create(name=name, price=price) for name, price in PRODUCTS]
    for day, (customer, shipped, lines) in enumerate(ORDERS):
        placed_at = OPENING + timedelta(days=day, hours=day)
        order = Order.objects.create(
            customer=customers[customer],
            placed_at=placed_at,
            shipped_at=placed_at + timedelta(days=1) if shipped else None,
        )
        for product, quantity in lines.items():
            OrderLine.objects.create(order=order, product=products[product], quantity=quantity)


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_order_shipped_at")]

    operations = [
        migrations.RunPython(open_shop, migrations.RunPython.noop),
    ]
