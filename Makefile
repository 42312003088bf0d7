# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

PYTHON ?= python3
RUN = @$(PYTHON) -m support.bootstrap

.PHONY: help demo demo-fleet demo-clean test test-quick once serving bench-output bench-replicas clean

help:
	@echo "make demo        three versions of a shop, rolled out on this machine"
	@echo "make demo-fleet  the same on three hosts over SSH, with a PostgreSQL"
	@echo "make demo-clean  remove all that the demos made, and only that"
	@echo "make test        run all checks; some of them: make test CHECKS=\"codeqa typing\""
	@echo "make test-quick  run the checks that need no Docker engine, in less than three minutes"
	@echo "make once        every way in which a play can go wrong; some of them: make once CASES=\"serial prune\""
	@echo "make serving     what a service answers while its replicas are rolled out, and what is left where that is killed"
	@echo "make bench-output  what a job that writes 500 MB costs, beside the naive task"
	@echo "make bench-replicas  what 8 replicas on each of three hosts cost, beside the naive loop"
	@echo "make clean       remove all that these commands made on this machine"

demo demo-fleet bench-output bench-replicas:
	$(RUN) $@

test test-quick:
	$(RUN) $@ $(CHECKS)

once serving:
	$(RUN) $@ $(CASES)

# nox cannot remove the environment that it runs in.
demo-clean:
	$(RUN) $@
	@$(PYTHON) -m support.environments

clean:
	$(RUN) $@
	@$(PYTHON) -m support.clean_cache
