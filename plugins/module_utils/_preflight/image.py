# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The image of a definition on this host, and whether other hosts have the same one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .._definition.definition import Definition
from .._definition.refusal import Refusal
from .._engine.interface import Engine, Image, PullFailed


class ImageUnavailable(Refusal):
    """The image is not on the host and could not be pulled; the message is the cause."""


def resolve(engine: Engine, definition: Definition, pull: str) -> Image:
    """
    Return the image that the definition names, pulled where ``pull`` says so.

    ``pull`` is ``always``, ``missing`` or ``never``. Raises ImageUnavailable, with the cause.
    """
    reference = definition.image
    present = engine.image(reference)
    if pull == "always" or (present is None and pull == "missing"):
        try:
            engine.pull(reference, definition.options.get("platform"))
        except PullFailed as error:
            raise ImageUnavailable(str(error)) from error
        present = engine.image(reference)
    if present is None:
        raise ImageUnavailable("it is not there, and pull is never" if pull == "never" else "it is not there")
    return present


def digest_for(image: Image, reference: str) -> str | None:
    """Return the digest by which the reference's repository knows the image, else any, else None."""
    own = [digest for digest in image.digests if digest.partition("@")[0] == _repository(reference)]
    return next(iter([*own, *image.digests]), None)


def same(image: Image, names: Iterable[str | None]) -> bool:
    """
    Return whether one of the names, IDs or repository digests, is the image's.

    IDs differ between image stores and architectures, digests do not, whichever repository they
    are of; images that were built and not pulled have none.
    """
    own = {image.id, *map(_hash, image.digests)}
    return any(_hash(name) in own for name in names if name)


def hosts_with_another_image(image: Image, held: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Return the hosts whose image is another one, with its names; a host whose image is not known counts as the same."""
    known = {host: tuple(name for name in names if name) for host, names in held.items()}
    return {host: names for host, names in sorted(known.items()) if names and not same(image, names)}


def _repository(reference: str) -> str:
    """Cut off the digest, and the tag, whose colon is not that of a registry's port."""
    name = reference.partition("@")[0]
    return name.rpartition(":")[0] if ":" in name.rpartition("/")[2] else name


def _hash(name: str) -> str:
    return name.rpartition("@")[2]
