# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import socket

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

from shop import schema
from shop.models import Customer, Order, Product

HOSTNAME = socket.gethostname()


def index(request):
    found = schema.read()
    context = {"version": settings.VERSION, "hostname": HOSTNAME, "schema": found}
    if not found.problem:
        context["products"] = Product.objects.order_by("name")
        context["customers"] = Customer.objects.order_by("id")
        context["orders"] = (
            Order.objects.order_by("-placed_at").select_related("customer").prefetch_related("lines__product")
        )
    return render(request, "shop/index.html", context, status=503 if found.problem else 200)


def health(request):
    found = schema.read()
    if found.problem:
        return HttpResponse(f"not healthy: {found.problem}\n", status=503, content_type="text/plain")
    newer = f", newer than version {settings.VERSION} wants: {', '.join(found.newer)}" if found.newer else ""
    return HttpResponse(f"healthy: schema {found.version}{newer}\n", content_type="text/plain")


def version(request):
    found = schema.read()
    return JsonResponse(
        {
            "version": settings.VERSION,
            "schema": found.version,
            "migrations": len(found.applied),
            "hostname": HOSTNAME,
        }
    )
