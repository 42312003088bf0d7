# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The application's container, as an option of job and replicas; see ``_definition.argument_spec``."""

from __future__ import annotations


class ModuleDocFragment:
    """The words are those of ``community.docker.docker_container``; a test holds them to the argument spec."""

    DOCUMENTATION = r"""
options:
  container:
    description:
      - The application's container. Give the same dictionary to M(migrate_first.docker.migration_job) and
        M(migrate_first.docker.replicas), so that the migration runs as the replicas will.
      - Keys and the syntax of their values are those of M(community.docker.docker_container), except for
        O(container.secret_env), which is new. Any other key is an error.
      - A job ignores the keys that are for replicas alone, namely O(container.published_ports),
        O(container.healthcheck), O(container.restart_policy) and O(container.restart_retries).
      - Where a key is not given, the image or the engine decides.
    type: dict
    required: true
    suboptions:
      image:
        description:
          - The image, by name and tag, by name and digest (V(registry.example.com/shop@sha256:...)), or by the ID
            of one that the host has. Without a tag, V(latest) is meant.
        type: str
        required: true
      command:
        description:
          - The command, as a list of words or as a string that is split into words like a shell splits it. No
            shell runs it.
          - By default the image's own.
        type: raw
      entrypoint:
        description:
          - The words that stand before the command, instead of the image's own entrypoint.
          - Where it is given, the image's command is not used, so give O(container.command) too.
        type: list
        elements: str
      env:
        description:
          - Environment variables. Values must be strings, so quote what YAML reads as something else, for example
            V("1") or V("true"), and end a template with the filter C(string).
          - They go before those of O(container.env_file).
        type: dict
      env_file:
        description:
          - Path of a file on the managed host with one C(NAME=value) a line. Lines that begin with V(#) are
            comments.
          - O(container.env) and O(container.secret_env) go before it.
        type: path
      secret_env:
        description:
          - Environment variables whose values are shown to nobody, neither in a result, a diff or a log nor in a
            label, and not even as a digest. Their names are no secret.
          - Values must be strings, so quote them as in O(container.env). They go before those of O(container.env)
            and of O(container.env_file).
          - Values of four characters or more are also taken out of the output that is returned. Shorter ones
            are not.
          - The engine keeps the values in the container's configuration, as it does with every environment
            variable. Whoever may inspect containers on the host can read them there.
        type: dict
      user:
        description:
          - The user that the process runs as, V(user) or V(user:group), each as a name or a number.
        type: str
      groups:
        description: Further groups of the process, by name or number.
        type: list
        elements: str
      working_dir:
        description: The folder in the container that the process starts in.
        type: str
      volumes:
        description:
          - Mounts in the short form V(SOURCE:TARGET) or V(SOURCE:TARGET:MODE). The source is a path on the host or
            the name of a volume.
          - The mode is a list with commas, for example V(ro), V(rw), V(z), V(Z), V(nocopy) or V(rshared).
          - A target alone makes an anonymous volume, which is removed together with the container.
        type: list
        elements: str
      mounts:
        description: Mounts in the long form, which can say more than O(container.volumes).
        type: list
        elements: dict
        suboptions:
          target:
            description: The path in the container.
            type: str
            required: true
          source:
            description:
              - What is mounted, the path on the host, the name of the volume, or the image.
              - A mount of type V(volume) without a source gets an anonymous volume.
            type: str
          type:
            description:
              - The type of the mount. V(npipe) is for Windows alone.
              - V(cluster) needs Engine API 1.42 (Engine 23.0), V(image) needs 1.48 (Engine 28.0).
            type: str
            choices: [bind, npipe, tmpfs, volume, cluster, image]
            default: volume
          read_only:
            description: Whether the container may only read what is mounted.
            type: bool
          consistency:
            description: How closely container and host must agree on the content. Only Docker Desktop heeds it.
            type: str
            choices: [cached, consistent, default, delegated]
          create_mountpoint:
            description:
              - Whether a source that is missing on the host is created as a folder, for the type V(bind).
              - Needs Engine API 1.42 (Engine 23.0).
            type: bool
          propagation:
            description:
              - How mounts that are made later beneath it spread between host and container, for the type V(bind).
                The engine's default is V(rprivate).
            type: str
            choices: [private, rprivate, shared, rshared, slave, rslave]
          no_copy:
            description:
              - Whether an empty volume stays empty. Otherwise the engine fills it with what the image has at the
                target, for the type V(volume).
            type: bool
          non_recursive:
            description: Whether mounts beneath the source are left out, for the type V(bind).
            type: bool
          read_only_non_recursive:
            description:
              - Whether mounts beneath a read-only source remain writable, for the type V(bind).
              - Needs Engine API 1.44 (Engine 25.0).
            type: bool
          read_only_force_recursive:
            description:
              - Whether it is an error where mounts beneath a read-only source cannot be made read-only as well, for
                the type V(bind).
              - Needs Engine API 1.44 (Engine 25.0).
            type: bool
          labels:
            description: Labels for a volume that the mount creates. Values must be strings.
            type: dict
          volume_driver:
            description: The driver of a volume that the mount creates. The engine's default is V(local).
            type: str
          volume_options:
            description: Options of O(container.mounts[].volume_driver), without which they are not used.
            type: dict
          subpath:
            description:
              - A relative path in the volume or image, to mount that folder of it alone.
              - Needs Engine API 1.45 (Engine 26.0) for the type V(volume), 1.48 (Engine 28.0) for the type V(image).
            type: str
          tmpfs_size:
            description:
              - The largest size of a mount of the type V(tmpfs), in the format of O(container.memory). By default
                the kernel's, half of the host's memory.
            type: str
          tmpfs_mode:
            description:
              - The permissions of a mount of the type V(tmpfs), as an octal number in quotes, for example V("0750").
                The engine's default is V("1777").
            type: str
      tmpfs:
        description:
          - Folders in the container that are kept in memory, as V(TARGET) or V(TARGET:OPTIONS), for example
            V(/run:size=64m,mode=0755).
        type: list
        elements: str
      networks:
        description:
          - Networks that the container is in. They must be there already, and the default network is not added.
        type: list
        elements: dict
        suboptions:
          name:
            description: The name of the network.
            type: str
            required: true
          ipv4_address:
            description: A fixed IPv4 address in the network. No two containers can have the same.
            type: str
          ipv6_address:
            description: A fixed IPv6 address in the network. No two containers can have the same.
            type: str
          links:
            description: Containers that get another name in this one, as V(NAME) or V(NAME:ALIAS).
            type: list
            elements: str
          aliases:
            description: Further names of the container in the network. Replicas share them.
            type: list
            elements: str
          mac_address:
            description:
              - A fixed MAC address in the network, for example V(92:d0:c6:0a:29:33).
              - Needs Engine API 1.44 (Engine 25.0) and the Docker SDK for Python 6.0.0.
            type: str
      network_mode:
        description:
          - The kind of networking, V(bridge), V(host), V(none), V(container:NAME), or the name of a network.
          - By default the first of O(container.networks), or the engine's default network where there are none.
        type: str
      dns_servers:
        description: Addresses of the DNS servers that the container asks.
        type: list
        elements: str
      dns_search_domains:
        description: Domains in which names without a dot are looked for.
        type: list
        elements: str
      dns_opts:
        description: Options of the resolver, as in C(resolv.conf), for example V(ndots:2).
        type: list
        elements: str
      etc_hosts:
        description:
          - Entries of the container's C(/etc/hosts), addresses by host name. The address V(host-gateway) stands for
            the host itself.
        type: dict
      labels:
        description:
          - Labels of the container. Values must be strings.
          - Labels whose names begin with C(migrate_first.docker.) are the collection's own.
        type: dict
      memory:
        description:
          - The most memory that the container may use, as a number of bytes or with one of the units V(K), V(M),
            V(G) and V(T), which are powers of 1024, for example V(512M). The least is V(6M).
          - At the limit the kernel kills processes of the container. By default there is none.
        type: str
      memory_swap:
        description:
          - The most memory and swap together, in the format of O(container.memory), or V(-1) for no limit of swap.
            The word V(unlimited) is not understood.
          - Needs O(container.memory), and cannot be less. The engine's default is twice as much.
        type: str
      memory_reservation:
        description:
          - The memory that the container is pressed back to when the host is short of it, in the format of
            O(container.memory). It cannot be more than that.
        type: str
      cpus:
        description: How many CPUs' time the container may use, for example V(1.5). By default there is no limit.
        type: float
      cpuset_cpus:
        description: The CPUs that the container may run on, counted from 0, for example V(0-2) or V(0,2).
        type: str
      pids_limit:
        description: How many processes and threads the container may have. V(-1) stands for no limit.
        type: int
      shm_size:
        description: The size of C(/dev/shm), in the format of O(container.memory). The engine's default is V(64M).
        type: str
      ulimits:
        description:
          - Limits of the process, as V(NAME:SOFT:HARD) or V(NAME:BOTH), for example V(nofile:1024:2048). V(-1) stands
            for no limit.
        type: list
        elements: str
      sysctls:
        description: Kernel parameters in the container's namespaces, for example C(net.core.somaxconn).
        type: dict
      capabilities:
        description: Linux capabilities that are added, for example V(NET_ADMIN).
        type: list
        elements: str
      cap_drop:
        description: Linux capabilities that are taken away. V(ALL) stands for all of them.
        type: list
        elements: str
      security_opts:
        description: Security options, for example V(no-new-privileges) or V(apparmor=PROFILE).
        type: list
        elements: str
      privileged:
        description: Whether the container has all rights on the host. The engine's default is V(false).
        type: bool
      read_only:
        description: Whether the container's own file system is read-only. The engine's default is V(false).
        type: bool
      init:
        description:
          - Whether a small init process stands before the command, which passes signals on and reaps processes.
        type: bool
      devices:
        description:
          - Devices of the host, as V(PATH), V(PATH:TARGET) or V(PATH:TARGET:RIGHTS). The rights are letters of
            V(rwm), by default all.
        type: list
        elements: str
      device_requests:
        description: Devices that the engine or one of its drivers chooses, for example GPUs.
        type: list
        elements: dict
        suboptions:
          capabilities:
            description:
              - Lists of capabilities, for example V([[gpu]]). A device must have all that one of the lists names.
            type: list
            elements: list
          count:
            description: How many devices. V(-1) stands for all.
            type: int
          device_ids:
            description: The devices by their IDs, instead of O(container.device_requests[].count).
            type: list
            elements: str
          driver:
            description: The driver that provides the devices, for example V(nvidia).
            type: str
          options:
            description: Options of the driver. Values must be strings.
            type: dict
      ipc_mode:
        description: The IPC namespace, V(private), V(shareable), V(host), V(none) or V(container:NAME).
        type: str
      pid_mode:
        description: The PID namespace, V(host) or V(container:NAME). By default the container has its own.
        type: str
      userns_mode:
        description: The user namespace. V(host) turns the engine's mapping of users off for the container.
        type: str
      runtime:
        description: The OCI runtime, by the name that the engine knows it by, for example V(runc).
        type: str
      platform:
        description:
          - The platform of the image, as V(OS), V(OS/ARCH) or V(OS/ARCH/VARIANT), for example V(linux/arm64).
          - Needs the Docker SDK for Python 6.0.0.
        type: str
      log_driver:
        description:
          - The logging driver. By default the one that the engine is configured with.
          - A job's output is read back from the engine, which cannot be done with V(none).
        type: str
      log_options:
        description: Options of O(container.log_driver), without which they are not used.
        type: dict
      hostname:
        description: The host name in the container. The engine's default is the beginning of the container's ID.
        type: str
      stop_signal:
        description:
          - The signal that asks the process to end, for example V(SIGINT). By default the image's, or V(SIGTERM).
        type: str
      stop_timeout:
        description:
          - Seconds between the stop signal and C(SIGKILL). The engine's default is V(10).
          - For a job its own option of that name is used instead.
        type: int
      published_ports:
        description:
          - Ports of the container that can be reached from outside, as V(CONTAINER), V(HOST:CONTAINER) or
            V(ADDRESS:HOST:CONTAINER), with V(/udp) or V(/sctp) at the end for other protocols than TCP. The address
            is one of the host's, an IPv6 one in brackets, and no name.
          - A range of host ports gives each replica its own. Of V(8001-8004:8000) the first replica gets 8001, the
            second one 8002. The range must be long enough for all replicas.
          - Without a host port the engine chooses one for each replica.
          - A job ignores it.
        type: list
        elements: str
      healthcheck:
        description:
          - How the engine finds out whether a replica is healthy. By default the image's own healthcheck.
          - Times are durations such as V(30s), V(1m30s) or V(500ms), with the units V(us), V(ms), V(s), V(m) and
            V(h). A bare number counts seconds.
          - A job ignores it.
        type: dict
        suboptions:
          test:
            description:
              - The command that tells by its exit status, as a string for the container's shell, or as a list that
                begins with V(CMD) (no shell), V(CMD-SHELL), or V(NONE) (no healthcheck).
              - Without it, the image's healthcheck is turned off, unless O(container.healthcheck.test_cli_compatible)
                is V(true).
            type: raw
          test_cli_compatible:
            description:
              - Whether the image's test is kept, with the other values given here, where
                O(container.healthcheck.test) is not given, as the Docker CLI does.
            type: bool
            default: false
          interval:
            description: The time between two checks. The engine's default is V(30s).
            type: str
          timeout:
            description: How long one check may take. The engine's default is V(30s).
            type: str
          retries:
            description: After how many failures in a row it is unhealthy. The engine's default is V(3).
            type: int
          start_period:
            description: The time after the start in which failures do not count. The engine's default is V(0s).
            type: str
          start_interval:
            description:
              - The time between two checks during O(container.healthcheck.start_period). The engine's default is
                V(5s).
              - Needs Engine API 1.44 (Engine 25.0).
            type: str
      restart_policy:
        description:
          - When the engine starts a replica again that has ended. Quote V("no"), which YAML reads as a boolean. The
            engine's default is V("no").
          - A job ignores it.
        type: str
        choices: ["no", on-failure, always, unless-stopped]
      restart_retries:
        description:
          - How often at most a replica is started again, with the policy V(on-failure). The engine refuses it with
            another one.
          - A job ignores it.
        type: int
"""
