# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A migration on a host over SSH, as one watches it: live, bounded, and understood at its end."""

from __future__ import annotations

import json
import re
import stat
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from support.fleet import Fleet, faults, run_in
from tests.fleet import playing
from tests.fleet.playing import Controller, look, play, variables

ONE = f"{playing.REPOSITORY}:1"
LINES = 12

#: A line each second, with the moment that it was written at.
TALK = f"for i in $(seq 1 {LINES}); do echo \"line $i $(cut -d' ' -f1 /proc/uptime) $TOKEN\"; sleep 1; done"
SECRET = "correct-horse-battery"
SHOWN = re.compile(r"^(h\d) app(?:-h\d)?-migration \| line (\d+) ([\d.]+) (\S+)$", re.MULTILINE)
ALL_LINES = list(range(1, LINES + 1))

#: Seconds after which a line that was written must have been shown, where a playbook with one task takes PING.
LATEST, PING = 3.0, 3.0


def _talking(**migration: Any) -> dict[str, object]:
    options = {"secret_env": {"TOKEN": SECRET}, **migration}
    return variables(ONE, rollout_migration_command=["sh", "-c", TALK], rollout_migration=options)


def _latest(fleet: Fleet, folder: Path) -> float:
    """Return how late a line may be on a machine that is as busy as this one is now."""
    playbook = folder / "ping.yml"
    ping = {"hosts": "fleet", "gather_facts": False, "tasks": [{"ansible.builtin.ping": {}}]}
    playbook.write_text(json.dumps([ping]), encoding="utf-8")
    begun = time.monotonic()
    assert play(fleet, {}, playbooks=[playbook]).status == 0
    return LATEST * max(1.0, (time.monotonic() - begun) / PING)


def _uptime() -> float:
    return float(Path("/proc/uptime").read_text(encoding="utf-8").split()[0])


def _delays(controller: Controller) -> list[float]:
    """For each line of each host how long after it was written it was shown, as far as that can be seen from here."""
    delays: dict[tuple[str, str], float] = {}
    while controller.process.poll() is None:
        for host, number, written, _secret in SHOWN.findall(controller.output):
            delays.setdefault((host, number), _uptime() - float(written))
        time.sleep(0.05)
    return list(delays.values())


def _numbers(output: str, host: str = "h1") -> list[int]:
    """The numbers of the lines that were shown of a host, in their order."""
    return [int(number) for its, number, _written, _secret in SHOWN.findall(output) if its == host]


def test_lines_are_shown_while_it_runs(fleet: Fleet, tmp_path: Path) -> None:
    latest = _latest(fleet, tmp_path)
    with playing.controller(fleet, _talking()) as controller:
        delays = _delays(controller)
        done = controller.ended()
    assert done.status == 0, done.output
    assert len(delays) == LINES
    # Other checks run at the same time, and may have begun meanwhile.
    assert max(delays) < max(latest, _latest(fleet, tmp_path)), delays
    assert _numbers(done.output) == ALL_LINES
    assert {secret for _host, _number, _written, secret in SHOWN.findall(done.output)} == {"********"}
    assert SECRET not in done.output


def test_two_hosts_are_watched_at_once(fleet: Fleet, tmp_path: Path) -> None:
    job = {
        "name": "app-{{ inventory_hostname }}-migration",
        "container": {"image": ONE, "secret_env": {"TOKEN": SECRET}},
        "command": ["sh", "-c", TALK],
    }
    hosts = [host.name for host in fleet.hosts[:2]]
    each = {"hosts": hosts, "gather_facts": False, "tasks": [{"migrate_first.docker.migration_job": job}]}
    playbook = tmp_path / "playbook.yml"
    playbook.write_text(json.dumps([each]), encoding="utf-8")
    latest = _latest(fleet, tmp_path)
    with playing.controller(fleet, {}, playbooks=[playbook]) as controller:
        delays = _delays(controller)
        done = controller.ended()
    assert done.status == 0, done.output
    assert [_numbers(done.output, host) for host in hosts] == [ALL_LINES] * len(hosts)
    assert len(delays) == LINES * len(hosts)
    # Other checks run at the same time, and may have begun meanwhile.
    assert max(delays) < max(latest, _latest(fleet, tmp_path)), delays
    # Both have begun before one has ended.
    shown = [(host, int(number)) for host, number, _written, _secret in SHOWN.findall(done.output)]
    assert max(shown.index((host, 1)) for host in hosts) < min(shown.index((host, LINES)) for host in hosts)


def test_who_writes_nothing_gives_a_sign_of_life(fleet: Fleet) -> None:
    assert play(fleet, variables(ONE)).status == 0
    silent = ["sh", "-c", "until test -e /data/end; do sleep 0.1; done"]
    with playing.controller(fleet, variables(ONE, rollout_migration_command=silent)) as controller:
        # It comes with the first call that returns after 30 s of silence; on a busy machine calls take longer.
        controller.says("(running for ", seconds=120)
        run_in(fleet["h1"], f"touch /var/lib/docker/volumes/{playing.VOLUME}/_data/end")
        done = controller.ended()
    assert done.status == 0, done.output
    assert re.search(
        r"^h1 app-migration \| \(running for (?:[3-5]\d s|1 min \d\d s); the last success took \d+ s\)$",
        done.output,
        re.MULTILINE,
    )


def test_a_line_is_shown_once_also_after_a_reconnection(fleet: Fleet) -> None:
    with playing.controller(fleet, _talking()) as controller:
        for words in ("line 3 ", "line 7 "):
            controller.says(words)
            faults.kill_sessions(fleet["h1"])
        done = controller.ended()
    assert done.status == 0, done.output
    assert _numbers(done.output) == ALL_LINES


@pytest.mark.parametrize("options", [("-vvv",), ()], ids=["-vvv", "no_log"])
def test_secrets_are_nowhere(fleet: Fleet, options: tuple[str, ...]) -> None:
    """The inventory and the command line are not looked at: there somebody has written them."""
    done = play(fleet, _talking(live=bool(options)), *options)
    assert done.status == 0, done.output
    assert SECRET not in done.output
    assert bool(SHOWN.search(done.output)) == bool(options)


def test_the_log_is_kept_here(fleet: Fleet, tmp_path: Path) -> None:
    log = tmp_path / "migration.log"
    with playing.controller(fleet, _talking(log_path=str(log))) as controller:
        controller.says("line 4 ")
        assert "line 3 " in log.read_text(encoding="utf-8")
        done = controller.ended()
    assert done.status == 0, done.output
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    text = log.read_text(encoding="utf-8")
    assert re.findall(r"^line (\d+)", text, re.MULTILINE) == [str(number) for number in range(1, LINES + 1)]
    assert ONE in text.partition("line 1")[0]
    assert "outcome: succeeded" in text.rpartition("line 12")[2]
    assert SECRET not in text


@dataclass(frozen=True)
class End:
    """How a job ends, and what is said of it."""

    outcome: str
    command: str
    words: str
    options: dict[str, Any] = field(default_factory=dict)
    container: dict[str, Any] = field(default_factory=dict)


ENDS = (
    End("failed", "echo writing; exit 3", "status 3"),
    End("failed", "echo writing; nonsense-program", "127"),
    End("timed_out", "trap '' TERM; echo writing; sleep 600", "deadline of 2 s", {"timeout": "2s", "stop_timeout": 1}),
    End("killed", "echo writing; sh -c 'kill -TERM $$'; exit $?", "SIGTERM"),
    End(
        "out_of_memory",
        "echo writing; (x=aaaaaaaa; while :; do x=$x$x; done); code=$?; sleep 1; exit $code",
        "memory",
        container={"memory": "16M", "memory_swap": "16M"},
    ),
    End("failed", "echo writing; echo 'could not translate host name \"db\" to address' >&2; exit 1", "host name"),
)


@pytest.mark.parametrize("end", ENDS, ids=lambda end: f"{end.outcome}: {end.words}")
def test_an_end_is_told_and_nothing_runs_on(fleet: Fleet, end: End) -> None:
    extra = variables(ONE, rollout_migration_command=["sh", "-c", end.command], rollout_migration=end.options)
    container = {**dict(extra["rollout_container"]), **end.container}  # type: ignore[call-overload]
    done = play(fleet, {**extra, "rollout_container": container})
    assert done.status != 0
    assert f"Outcome: {end.outcome}, on h1, with {ONE}" in done.message
    assert end.words in done.message
    assert "| writing" in done.message
    assert "docker logs app-migration, on h1" in done.message
    hosts = look(fleet)
    assert [container.state for host in hosts for container in host.containers] == ["exited"]
    assert "writing" in run_in(fleet["h1"], "docker logs app-migration")


def test_what_is_pending_is_shown_and_nothing_is_done(fleet: Fleet) -> None:
    pending = {"rollout_plan_command": ["sh", "-c", "echo 0007_add_price"]}
    for playbook, options in (("migrate_first.docker.plan", ()), (playing.DEPLOY, ("--check", "--diff"))):
        done = play(fleet, variables(ONE, **pending), *options, playbooks=[playbook])
        assert done.status == 0, done.output
        assert "+0007_add_price" in done.output
    hosts = look(fleet)
    assert {container.name.partition(".")[0] for host in hosts for container in host.containers} == {
        "app-migration-plan"
    }
    assert [host.migrations for host in hosts] == [(), (), ()]


def test_a_success_that_is_not_verified_stops_the_release(fleet: Fleet) -> None:
    verify = {"rollout_verify_command": ["sh", "-c", "echo 0008 is pending; exit 1"]}
    done = play(fleet, variables(ONE, **verify))
    assert done.status != 0
    assert "is not verified" in done.message
    assert "| 0008 is pending" in done.message
    assert not any(host.replicas() for host in look(fleet))
