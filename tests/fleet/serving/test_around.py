# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A host is lost between the task files around its replicas: the others come back, and it does with the next run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from support.fleet import Fleet, faults, run_in
from tests.fleet import playing
from tests.fleet.playing import look
from tests.fleet.serving import app
from tests.fleet.serving.app import ONE, TWO

#: Lies on a host from when it is taken out until it comes back.
OUT = "/tmp/taken-out"


def _task(name: str, module: str, **arguments: Any) -> dict[str, Any]:
    return {"name": name, f"ansible.builtin.{module}": arguments}


def _files(folder: Path) -> dict[str, Any]:
    """Write the task files: hosts are taken out, and then a while goes by, until somebody says that it is over."""
    on_the_controller = {"delegate_to": "localhost", "run_once": True}
    waiting = {**_task("Wait", "wait_for", path=str(folder / "go-on"), sleep=1, timeout=120), **on_the_controller}
    files: dict[str, Sequence[object]] = {
        "before": [_task("Take the host out", "file", path=OUT, state="touch", mode="0600"), waiting],
        "after": [_task("Bring the host back", "file", path=OUT, state="absent")],
    }
    for name, tasks in files.items():
        (folder / f"{name}.yml").write_text(json.dumps(tasks), encoding="utf-8")
    return {f"rollout_{name}_host": str(folder / f"{name}.yml") for name in files}


def _out(fleet: Fleet) -> list[str]:
    return [host.name for host in fleet.hosts if run_in(host, f"ls {OUT} 2>/dev/null || true")]


def test_a_host_that_is_lost_between_the_files(fleet: Fleet, tmp_path: Path) -> None:
    order = "stop_first"
    assert playing.play(fleet, app.variables(ONE, order)).status == 0
    before = look(fleet)
    files = _files(tmp_path)
    try:
        with playing.controller(fleet, app.variables(TWO, order, **files)) as controller:
            controller.says(" : Wait] ")
            assert _out(fleet) == ["h1", "h2", "h3"]
            faults.stop_sshd(fleet["h2"], sessions=True)
            (tmp_path / "go-on").touch()
            done = controller.ended()
    finally:
        faults.start_sshd(fleet["h2"])
    assert done.status != 0
    assert "h2" in {host for host, _message in done.failures}
    assert _out(fleet) == ["h2"]
    assert [host.replicas() for host in look(fleet)][1] == before[1].replicas()

    again = playing.play(fleet, app.variables(TWO, order, **files))
    assert again.status == 0, again.output
    assert _out(fleet) == []
    images = {it.image for it in before[1].replicas()}
    assert not images & {it.image for host in look(fleet) for it in host.replicas()}
