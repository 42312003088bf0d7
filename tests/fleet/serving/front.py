# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A reverse proxy on each host, as people have one in front of their replicas: nginx, which finds them by their names.

The engine's DNS tells an address for the name of each container that runs. A request tries one replica by chance,
and where that one does not answer the others in turn; a name that nobody has is passed over.
"""

from __future__ import annotations

from functools import partial

from support import debian_image, docker_client
from support.cache import cache, locked
from support.debian_image import Recipe
from support.fleet.fleet import Fleet
from support.fleet.nodes import Node, run_in
from support.parallel import in_parallel
from support.process import run_logged

IMAGE = "mf-fleet-front:1"
NETWORK = "serving"
PORT = 8080

#: The most replicas that it looks for.
MOST = 6

START = """
set -e
docker network create "$2" >/dev/null
docker run --detach --name front --network "$2" --publish "$3:80" "$1" \
    sh -c 'echo "$1" >/etc/nginx/nginx.conf && exec nginx -g "daemon off;"' sh "$4" >/dev/null
until bash -c ": </dev/tcp/127.0.0.1/$3" 2>/dev/null; do sleep 0.05; done
"""

#: Where all are passed over, the last location's own status is the answer.
CONFIGURATION = """
error_log stderr crit;
events {}
http {
    access_log off;
    resolver 127.0.0.11 valid=1s ipv6=off;
    proxy_connect_timeout 300ms;
    proxy_next_upstream error;
    recursive_error_pages on;
    split_clients $request_id $chance { %(chances)s * %(most)d; }
    server {
        listen 80;
        location / { set $first %(name)s-$chance; proxy_pass http://$first; error_page 502 504 = @1; }
        %(others)s
    }
}
"""
OTHER = "location @{0} {{ set $name{0} {1}-{0}; proxy_pass http://$name{0}; error_page 502 504 = @{2}; }}"


def ensure_image() -> str:
    """The image's name, made on this machine's engine where it is not there."""
    with locked(cache("images/front")):
        if not docker_client.image_id(IMAGE):
            debian_image.require_tools("fleet")
            folder = cache("fleet")
            recipe = Recipe("trixie", ("nginx-light",))
            debian_image.make(IMAGE, recipe, folder, partial(run_logged, log=folder / "front-image.log"))
    return IMAGE


def ensure(fleet: Fleet, name: str) -> None:
    """Start one on each host that has the image, and the network that replicas of that name are to be on."""
    in_parallel(lambda host: run_in(host, START, IMAGE, NETWORK, str(PORT), configuration(name)), fleet.hosts)


def url(host: Node) -> str:
    """Where the host's service answers."""
    return f"http://{host.address}:{PORT}/"


def configuration(name: str) -> str:
    """That of nginx, for replicas of that name."""
    others = [OTHER.format(number, name, number + 1) for number in range(1, MOST)]
    last = f"location @{MOST} {{ set $name{MOST} {name}-{MOST}; proxy_pass http://$name{MOST}; }}"
    chances = " ".join(f"{100 // MOST}% {number};" for number in range(1, MOST))
    return CONFIGURATION % {
        "name": name,
        "chances": chances,
        "most": MOST,
        "others": "\n        ".join([*others, last]),
    }
