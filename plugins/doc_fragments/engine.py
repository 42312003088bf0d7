# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way to the engine, as an option of every module; see ``_engine.connection``."""

from __future__ import annotations


class ModuleDocFragment:
    """The names are those of ``community.docker``, so that one dictionary serves both."""

    DOCUMENTATION = r"""
options:
  docker_host:
    description:
      - Where the engine listens, as seen from the managed host, for example V(unix:///var/run/docker.sock),
        V(tcp://192.0.2.23:2376) or V(ssh://deploy@192.0.2.23).
      - An address with C(ssh://) needs the C(ssh) program on the managed host.
      - Without it, the environment variable E(DOCKER_HOST) is used.
    type: str
    default: unix:///var/run/docker.sock
    aliases: [docker_url]
  tls:
    description:
      - Whether a C(tcp://) connection is encrypted with TLS. It also is where O(ca_path), O(client_cert) or
        O(client_key) is given, or where E(DOCKER_CERT_PATH) or E(DOCKER_TLS_VERIFY) is set.
      - The engine's certificate is verified, unless O(validate_certs) is V(false). In C(community.docker) this
        option alone verifies nothing.
      - Without it, the environment variable E(DOCKER_TLS) is used.
    type: bool
    default: false
  validate_certs:
    description:
      - Whether the engine's certificate is verified, where the connection uses TLS. It does not turn TLS on.
      - This differs from C(community.docker), where the default is V(false), and V(true) turns TLS on.
      - Without it, the environment variable E(DOCKER_TLS_VERIFY) is used.
    type: bool
    default: true
    aliases: [tls_verify]
  ca_path:
    description:
      - The file, on the managed host, with the certificates of the authorities that may have signed the engine's.
        Where there is none, those that Python's C(requests) trusts are taken.
      - Without it, the file C(ca.pem) in the folder that E(DOCKER_CERT_PATH) names is used.
    type: path
    aliases: [ca_cert, tls_ca_cert, cacert_path]
  client_cert:
    description:
      - The file, on the managed host, with the certificate by which the engine knows its client. It goes together
        with O(client_key).
      - Without it, the file C(cert.pem) in the folder that E(DOCKER_CERT_PATH) names is used.
    type: path
    aliases: [tls_client_cert, cert_path]
  client_key:
    description:
      - The file, on the managed host, with the private key of O(client_cert).
      - Without it, the file C(key.pem) in the folder that E(DOCKER_CERT_PATH) names is used.
    type: path
    aliases: [tls_client_key, key_path]
  tls_hostname:
    description:
      - The name that the engine's certificate must be for, where it is not the one in O(docker_host).
      - Without it, the environment variable E(DOCKER_TLS_HOSTNAME) is used.
    type: str
  api_version:
    description:
      - The version of the Engine API to speak, for example V(1.41). With V(auto) it is the newest that the engine
        knows.
      - Without it, the environment variable E(DOCKER_API_VERSION) is used.
    type: str
    default: auto
    aliases: [docker_api_version]
requirements:
  - Docker SDK for Python (L(docker, https://pypi.org/project/docker/)) 5.0.0 or newer, on the managed host.
    Before 7.1.0 it works only with C(requests) older than 2.32.
  - Docker Engine with the Engine API 1.41 or newer. The oldest one tested is 20.10.
notes:
  - Environment variables are those of the module's process on the managed host; the task keyword C(environment)
    sets them. An option of the task goes before its variable.
  - The user of the task must be allowed to speak to the engine, as root and the members of the group C(docker)
    mostly are.
  - Images are pulled with the registry logins of that user, from C(config.json) in the folder that
    E(DOCKER_CONFIG) names, by default C(~/.docker). M(community.docker.docker_login) writes them.
"""
