# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Beside this file lies a busybox that needs no libraries.
FROM scratch
COPY busybox /bin/busybox
RUN ["/bin/busybox", "--install", "/bin"]
RUN mkdir -p /tmp /etc && chmod 1777 /tmp && echo "root:x:0:0::/:/bin/sh" > /etc/passwd && echo "root:x:0:" > /etc/group
