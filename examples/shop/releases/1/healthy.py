# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The container's healthcheck: ask /health, print the answer, exit with 0 or 1."""

import http.client
import sys

connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
try:
    connection.request("GET", "/health")
    answer = connection.getresponse()
    print(answer.status, answer.read().decode().strip())
except OSError as error:
    sys.exit(f"no answer: {error}")
sys.exit(answer.status != 200)
