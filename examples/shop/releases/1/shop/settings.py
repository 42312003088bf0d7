# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import os

import dj_database_url

VERSION = os.environ.get("SHOP_VERSION", "development")

SECRET_KEY = os.environ.get("SECRET_KEY", "insecure-key-for-development")
ALLOWED_HOSTS = ["*"]  # an example has no name of its own

DATABASES = {"default": dj_database_url.config(default="sqlite:////data/shop.sqlite3")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Several processes share one file: wait in seconds for a lock before giving up.
    DATABASES["default"]["OPTIONS"] = {"timeout": 30}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
USE_TZ = True
TIME_ZONE = "UTC"
