# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to be there before a host's replicas are touched: the very image, and ports that nobody else has."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from .._container.image import Image, ImageUnavailable, resolve, same
from .._engine.interface import Engine
from .model import Replica, Replicas


class PortTaken(Exception):
    """A port of the host that a replica needs is somebody else's; the message says whose."""


def image_of(engine: Engine, replicas: Replicas, predict: bool) -> Image | None:
    """
    Return the host's image; None where it is not there, and is not needed or yet to be pulled.

    Raises ImageUnavailable where it cannot be had, or is another one than the migration ran.
    """
    reference = replicas.definition.image
    if not replicas.count:
        return engine.image(reference)
    try:
        image = resolve(engine, replicas.definition, "never" if predict else replicas.pull)
    except ImageUnavailable as error:
        if predict and replicas.pull != "never":
            return None
        raise ImageUnavailable(
            f"this host has no image {reference}: {error}; pull or load it here, and run the release again"
        ) from None
    if replicas.expected and not same(image, replicas.expected):
        raise ImageUnavailable(
            f"{reference} is here {', '.join((image.id, *image.digests))}, and the migration ran "
            f"{' / '.join(replicas.expected)}; name the image by its digest, or pull it again on all hosts"
        )
    return image


def require_ports(engine: Engine, wanted: Sequence[Replica], own: Collection[str]) -> None:
    """Raise PortTaken, naming whose it is, where a replica could not have one of its ports; ``own`` may have them."""
    asked = {port: replica.name for replica in wanted for port in replica.host_ports}
    for port, holder in engine.holders(asked) if asked else ():
        if holder not in own:
            who = f"the container {holder}" if holder else "another program"
            look = f"docker stop {holder}" if holder else f"ss --listening --processes | grep :{port.number}"
            raise PortTaken(
                f"container.published_ports gives {asked[port]} the port {port}, which {who} has on this host: "
                f"choose another port, or free this one ({look})"
            )
