# Copyright (c) 2026, migrate_first contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The known failures of migration tools, databases and engines, by their own messages: tables alone. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class KnownFailure:
    """
    One row: a regular expression for the end of the output, what has happened, and what to do next.

    ``what`` and ``remedy`` are halves of one sentence. ``{0}`` in ``what`` stands for what the
    first group has found. A line begins at ``^`` and ends at ``$``.
    """

    name: str
    pattern: str
    what: str
    remedy: str


#: The first row that matches counts: what a tool says of its own history comes before what any database says, and that
#: before a connection that may have been refused a few times until it was there.
KNOWN_FAILURES = (
    # Somebody else migrates, or died while migrating.
    KnownFailure(
        "rails_lock",
        r"Cannot run migrations because another migration process is currently running",
        "another process is migrating this database, and holds the lock of Rails",
        "let it end, see who else migrates (replicas must not when they start), and run the release again",
    ),
    KnownFailure(
        "rails_lock_not_released",
        r"ConcurrentMigrationError[^\n]*\n*[^\n]*Failed to release advisory lock",
        "Rails could not release its lock, mostly because a pooler such as PgBouncer gave it another session",
        "let migrations connect to the database directly, and see which have run (rails db:migrate:status)",
    ),
    KnownFailure(
        "prisma_lock",
        r"Timed out trying to acquire an? \w+ advisory lock",
        "another session holds Prisma's migration lock",
        "let it end, or end it where its process is gone (pg_locks shows it), and run the release again",
    ),
    KnownFailure(
        "liquibase_lock",
        r"Could not acquire change log lock\.\s+Currently locked by (\S{1,100})",
        "Liquibase's DATABASECHANGELOGLOCK is held by {0}",
        "where no migration runs there any more, release it (liquibase release-locks), and run the release again",
    ),
    KnownFailure(
        "flyway_lock",
        r"(?:Number of retries exceeded while attempting|Unable) to acquire \w+ (?:advisory|named|application) lock",
        "another session holds Flyway's lock",
        "let it end, or end it where its process is gone, and run the release again",
    ),
    KnownFailure(
        "knex_lock",
        r"Migration table is already locked",
        "Knex's migration lock is held by another process, or was left by one that died",
        "where no other migration runs, release it (knex migrate:unlock), and run the release again",
    ),
    KnownFailure(
        "golang_migrate_lock",
        r"can't acquire (?:database )?lock",
        "another process holds golang-migrate's lock",
        "let it end, see who else migrates (replicas must not when they start), and run the release again",
    ),
    KnownFailure(
        "sqlite_lock",
        r"database (?:table )?is locked|SQLITE_BUSY",
        "another process is writing to the SQLite file",
        "stop what else uses it while the migration runs",
    ),
    # The tool's record of applied migrations does not fit the image.
    KnownFailure(
        "golang_migrate_dirty",
        r"Dirty database version (-?\d+)\. Fix and force version",
        "an earlier run of golang-migrate ended in the middle of version {0}",
        "finish or undo that version by hand, tell the tool which one the schema has (migrate force VERSION), "
        "and run the release again",
    ),
    KnownFailure(
        "prisma_failed_migration",
        r"migrate found failed migrations in the target database",
        "an earlier migration of Prisma has failed, and blocks all others",
        "finish or undo it by hand, say which (prisma migrate resolve --applied or --rolled-back), "
        "and run the release again",
    ),
    KnownFailure(
        "prisma_migration",
        r"A migration failed to apply\. New migrations cannot be applied[\s\S]{0,400}?Migration name: (\S{1,100})",
        "Prisma's migration {0} has failed, and blocks all others",
        "finish or undo it by hand, say which (prisma migrate resolve --applied or --rolled-back), "
        "and correct it before the release is run again",
    ),
    KnownFailure(
        "not_empty",
        r"The database schema is not empty|[Ff]ound non-empty schema\(s\)",
        "the database has tables that this migration tool has no record of",
        "see whether it is the right database; if it is, baseline it "
        "(prisma migrate resolve --applied, flyway baseline)",
    ),
    KnownFailure(
        "flyway_failed_migration",
        r"(?:Detected|contains a) failed migration to version (\S{1,100})",
        "an earlier run of Flyway has failed in version {0}",
        "finish or undo it by hand, clear the mark (flyway repair), and run the release again",
    ),
    KnownFailure(
        "applied_and_changed",
        r"[Mm]igration [Cc]hecksum mismatch|Validation Failed:\s+\d+ change ?sets? check sum"
        r"|was previously applied but has been modified",
        "a migration that has been applied to this database was changed afterwards",
        "restore it as it was, and put the change into a new migration",
    ),
    KnownFailure(
        "partly_applied",
        r"is partially applied; fix and remove row from",
        "an earlier run of sqlx ended in the middle of a migration",
        "finish or undo it by hand, remove its row from _sqlx_migrations, and run the release again",
    ),
    KnownFailure(
        "out_of_order",
        r"found \d+ missing migrations before current version|Detected resolved migration not applied to database",
        "a migration of this image is older than the newest one that has been applied",
        "give it a newer version, or allow it (goose -allow-missing, flyway -outOfOrder=true)",
    ),
    KnownFailure(
        "alembic_heads",
        r"Multiple head revisions are present|script directory has multiple heads",
        "two Alembic revisions of this image follow the same one",
        "merge them (alembic merge heads), and build the image again",
    ),
    KnownFailure(
        "alembic_revision",
        r"Can't locate revision identified by '([^'\n]{1,100})'",
        "the database is at the Alembic revision {0}, which this image does not have",
        "roll out an image that has it; to go back on purpose, set rollout_migrate to false",
    ),
    KnownFailure(
        "applied_and_missing",
        r"The migration directory is corrupt, the following migration files are missing"
        r"|was previously applied but is missing|Detected applied migration not resolved locally",
        "a migration that has been applied to this database is not in this image",
        "roll out an image that has it; to go back on purpose, set rollout_migrate to false",
    ),
    KnownFailure(
        "django_conflict",
        r"Conflicting migrations detected; multiple leaf nodes in the migration graph",
        "two Django migrations of one app follow the same one",
        "merge them (manage.py makemigrations --merge), and build the image again",
    ),
    KnownFailure(
        "django_history",
        r"InconsistentMigrationHistory: Migration (\S{1,100}) is applied before its dependency (\S{1,100})",
        "{0} has been applied to this database, and {1}, which it depends on, has not",
        "see what is applied (manage.py showmigrations), and correct the dependencies in the migrations",
    ),
    KnownFailure(
        "django_node",
        r"NodeNotFoundError: Migration (\S{1,100}) dependencies reference nonexistent parent node",
        "a migration that {0} depends on is not in this image",
        "see whether it was left out of the repository or of the build (.dockerignore), and build the image again",
    ),
    # The database refuses a step.
    KnownFailure(
        "database_disk_full",
        r"could not (?:extend|write(?: to)?) file [^\n]*(?:No space left|wrote only)|The table '[^'\n]*' is full"
        r"|\(errno: 28 |SQLITE_FULL|database or disk is full|filegroup is full",
        "the database has no space left on its disk",
        "make room there, see how far the migration came, and run the release again",
    ),
    KnownFailure(
        "deadlock",
        r"deadlock detected|Deadlock found when trying to get lock|was deadlocked on lock",
        "the migration and another session waited for each other, and the database ended the migration",
        "run the release again when less is going on; if it happens again, split the migration",
    ),
    KnownFailure(
        "lock_timeout",
        r"canceling statement due to lock timeout|Lock wait timeout exceeded|Lock request time out period exceeded",
        "other sessions used a table for longer than the migration waits for it",
        "see who holds it (pg_stat_activity, SHOW PROCESSLIST), and run the release again when it is free",
    ),
    KnownFailure(
        "statement_timeout",
        r"canceling statement due to statement timeout|maximum statement execution time exceeded"
        r"|max_statement_time exceeded",
        "a statement of the migration took longer than the database allows",
        "raise that limit for the migration alone (statement_timeout), or split the statement",
    ),
    KnownFailure(
        "read_only",
        r"in a read-only transaction|server is running with the --(?:super-)?read-only option"
        r"|because the database is read-only",
        "the database accepts no changes, because it is a replica or was made read-only",
        "let the migration connect to the primary",
    ),
    KnownFailure(
        "privilege",
        r"permission denied (?:for (?:schema|table|relation|sequence|database|function|column|language|view|type)"
        r"|to (?:create|set|alter|drop))|must be (?:owner of|superuser)|command denied to user"
        r"|Access denied for user [^\n]{1,150} to database|Access denied; you need"
        r"|permission (?:was )?denied (?:on|in) (?:the )?(?:object|database)",
        "the database does not let this user make the change",
        "grant it, or migrate as the owner of the schema",
    ),
    KnownFailure(
        "data",
        r"UNIQUE constraint failed|NOT NULL constraint failed|CHECK constraint failed|FOREIGN KEY constraint failed"
        r"|could not create unique index|violates (?:unique|not-null|foreign key|check|exclusion) constraint"
        r"|is violated by some row|contains null values|Duplicate entry '[^\n]{0,200}' for key"
        r"|a foreign key constraint fails|Data truncated for column|Cannot insert duplicate key",
        "the existing data does not fit what the migration requires",
        "correct those rows, or let a migration do it before this one",
    ),
    KnownFailure(
        "exists",
        r"(?:relation|column|type|constraint|index|schema|extension|function|trigger) \S{1,150}"
        r"(?: (?:of|for) relation \S{1,150})? already exists|[Tt]able \S{1,150} already exists"
        r"|[Dd]uplicate column name|Duplicate key name|There is already an object named"
        r"|Column names in each table must be unique",
        "something that the migration creates exists already, made by hand or by a run that ended halfway",
        "compare the schema with what the tool has recorded, finish or undo the step by hand, and run the release again",
    ),
    KnownFailure(
        "missing",
        r"(?:relation|column|constraint|index|type|function|sequence) \S{1,150}(?: of relation \S{1,150})? does not exist"
        r"|no such (?:table|column|index): |Unknown column '|Table '[^'\n]*' doesn't exist"
        r"|Can't DROP [^\n]{1,150}; check that|Invalid (?:object|column) name '",
        "the schema lacks what a migration, or the application while it is loaded, looks for",
        "compare the schema with what the tool has recorded, and see that the application asks for nothing while it "
        "is imported",
    ),
    # The way to the database.
    KnownFailure(
        "too_many_connections",
        r"too many clients already|[Tt]oo many (?:database )?connections|remaining connection slots are reserved"
        r"|exceeded the 'max_user_connections' resource|max_user_connections' active",
        "the database has no connection left for the migration",
        "close some, or raise its limit, and run the release again",
    ),
    KnownFailure(
        "no_database",
        r"(?:database|role) [\\\"'`]+[^\\\"'`\n]{1,100}[\\\"'`]+ does not exist|Unknown database '"
        r"|Cannot open database \S{1,100} requested by the login",
        "the database server has no such database or role",
        "correct the name that the container is given, or create it",
    ),
    KnownFailure(
        "authentication",
        r"(?:password|Ident|Peer|LDAP|PAM|GSSAPI|SASL) authentication failed|Access denied for user '"
        r"|Login failed for user '|Authentication failed against (?:the )?database server|no password supplied"
        r"|fe_sendauth: |client password must be a string",
        "the database refuses this user or this password",
        "correct what the container is given (container.env, container.secret_env)",
    ),
    KnownFailure(
        "tls",
        r"SSL is not enabled on the server|server does not support SSL|certificate verify failed"
        r"|self[- ]signed certificate|unable to get (?:local )?issuer certificate|x509: certificate"
        r"|root certificate file [^\n]{1,200} does not exist|PKIX path building failed"
        r"|Public Key Retrieval is not allowed|using insecure transport are prohibited",
        "the migration and the database do not agree on encryption, or on whose certificate to trust",
        "see the TLS options of its connection (such as sslmode), and that the CA's file is in the container",
    ),
    KnownFailure(
        "pg_hba",
        r"no pg_hba\.conf entry for",
        "PostgreSQL admits no such connection from the runner",
        "add the runner's address and the user to pg_hba.conf, or encrypt the connection where it says no encryption",
    ),
    KnownFailure(
        "host_name",
        r"could not translate host name|failed to resolve host|getaddrinfo (?:ENOTFOUND|EAI_AGAIN)|: no such host"
        r"|[Nn]ame or service not known|Temporary failure in name resolution|No address associated with hostname"
        r"|UnknownHostException|Unknown (?:MySQL )?server host",
        "a host's name, mostly the database's, cannot be resolved in the container",
        "correct the name, or attach the container to the network that knows it (container.networks)",
    ),
    KnownFailure(
        "not_ready",
        r"the database system is (?:starting up|shutting down|in recovery mode|not (?:yet )?accepting)"
        r"|Server shutdown in progress",
        "the database is not ready",
        "wait until it is, and run the release again",
    ),
    KnownFailure(
        "connection_lost",
        r"server closed the connection unexpectedly|terminating connection due to|Connection terminated unexpectedly"
        r"|server has gone away|Lost connection to (?:MySQL )?server|Communications link failure during",
        "the database closed the connection in the middle",
        "see in its log why (a restart, its memory, a limit), and how far the migration came",
    ),
    KnownFailure(
        "localhost",
        r"connection to server (?:at \"(?:localhost|127\.0\.0\.1|::1)\"[^\n]{1,100} failed: Connection refused"
        r"|on socket )|ECONNREFUSED (?:127\.0\.0\.1|::1)|dial tcp (?:127\.0\.0\.1|\[::1\]):\d+: connect"
        r"|Connect call failed \('(?:127\.0\.0\.1|::1)'|Connection to (?:localhost|127\.0\.0\.1):\d+ refused"
        r"|Can't connect to (?:local )?(?:MySQL )?server (?:through socket|on '(?:localhost|127\.0\.0\.1))"
        r"|Can't reach database server at `(?:localhost|127\.0\.0\.1)",
        "it looks for the database in its own container, where localhost is the container itself",
        "name the host of the database, or share the host's network (container.network_mode)",
    ),
    KnownFailure(
        "not_reachable",
        r"[Cc]onnection refused|ECONNREFUSED|Connect call failed|Can't connect to (?:MySQL )?server"
        r"|Can't reach database server|Connection to \S{1,100} refused|Communications link failure|[Cc]onnection timed out"
        r"|ETIMEDOUT|EHOSTUNREACH|dial tcp [^\n]{1,150}: i/o timeout|connection timeout expired|: timeout expired"
        r"|No route to host|Network is unreachable|error occurred while establishing a connection to SQL Server",
        "the database, or another service that it needs, does not answer",
        "see that it runs, and that the runner reaches its address and port, and run the release again",
    ),
    # The image and its surroundings.
    KnownFailure(
        "driver",
        r"could not find driver|No suitable driver|Error loading \w+(?: or \w+)? module|unknown driver ",
        "the image has no driver for this kind of database",
        "add it to the image, or correct the database's address",
    ),
    KnownFailure(
        "python_module",
        r"(?:ModuleNotFoundError|ImportError): No module named '?([\w.]{1,100})",
        "the image has no Python module {0}",
        "add it to the image, or run the Python and the folder that have it",
    ),
    KnownFailure(
        "node_module",
        r"Cannot find (?:module|package) '([^'\n]{1,150})'",
        "the image has no Node module {0}",
        "add it to the image (a production install leaves out development dependencies)",
    ),
    KnownFailure(
        "ruby_gem",
        r"cannot load such file -- (\S{1,150})|Could not find (\S{1,100}) in (?:locally installed gems|any of the sources)",
        "the image has no Ruby library {0}",
        "add its gem to the image (bundle config without may have left it out)",
    ),
    KnownFailure(
        "java_class",
        r"(?:ClassNotFoundException|NoClassDefFoundError): (\S{1,150})",
        "the image has no Java class {0}",
        "add its library to the image's class path",
    ),
    KnownFailure(
        "variable",
        r"Environment variable not found: (\w{1,100})|key not found: \"([A-Z]+_[A-Z0-9_]{1,100})\""
        r"|\bos(?:\.py|>)\", line \d+, in __getitem__\n(?:[^\n]{0,200}\n){0,3}?KeyError: '(\w{1,100})'|Set the (\w{1,100}) environment variable"
        r"|UndefinedValueError: (\w{1,100}) not found|: (\w{1,100}): (?:unbound variable|parameter not set)",
        "the environment variable {0} is missing",
        "give it to the container (container.env, container.secret_env)",
    ),
    KnownFailure(
        "setting",
        r"ImproperlyConfigured: |Missing `secret_key_base` for |MissingEncryptionKeyException"
        r"|No application encryption key has been specified",
        "the configuration of the application is not complete",
        "correct the setting that its output names, in the image or in the container's environment",
    ),
    KnownFailure(
        "command",
        r"(?:sh|line \d+|: \d+): ([\w./-]{1,100}): (?:command )?not found"
        r"|env: [^\w\n]{0,3}([\w./-]{1,100})[^\n]{0,5}: No such file or directory",
        "the image has no program {0}",
        "correct the command, or add the program to the image",
    ),
    KnownFailure(
        "interpreter",
        r"exec user process caused[: \"]+no such file or directory|^exec (?:[\w./-]+): no such file or directory",
        "the interpreter that the first line of the script names is not in the image",
        "correct that line, which must not end as in Windows (CRLF), or add the interpreter",
    ),
    KnownFailure(
        "architecture",
        r"[Ee]xec format error",
        "the program was built for another processor, or is a script without its first line",
        "build the image for the runner's architecture (container.platform)",
    ),
    KnownFailure(
        "sqlite_file",
        r"unable to open database file|attempt to write a readonly database",
        "the SQLite file, or its folder, cannot be written",
        "see what is mounted there (container.volumes), and which user the container runs as (container.user)",
    ),
    KnownFailure(
        "read_only_files",
        r"Read-only file system|EROFS",
        "it writes where the container's files are read-only",
        "give it a volume or a tmpfs there (container.tmpfs)",
    ),
    KnownFailure(
        "file_permission",
        r"\[Errno 13\] Permission denied|EACCES|: [Pp]ermission denied(?: @ [^\n]*)?$|AccessDeniedException: ",
        "the container's user may not read, write or run a file",
        "see who owns it in the image or the volume, and which user the container runs as (container.user)",
    ),
    KnownFailure(
        "disk_full",
        r"[Nn]o space left on device|ENOSPC|Disk quota exceeded",
        "a disk is full, mostly the runner's",
        "make room there (docker system df), and run the release again",
    ),
    KnownFailure(
        "own_memory",
        r"java\.lang\.OutOfMemoryError|Allowed memory size of \d+ bytes exhausted|^MemoryError|heap out of memory",
        "the program reached its own limit of memory",
        "raise it (-Xmx, memory_limit, --max-old-space-size) within the container's, or let the migration work in parts",
    ),
)

#: The same for the messages of an engine that cannot start the process.
START_FAILURES = (
    KnownFailure(
        "start_program",
        r"exec: \"([^\"\n]{1,150})\": (?:stat [^\n]{1,200}: no such file|executable file not found)",
        "the image has no program {0}",
        "correct the command, or add the program to the image",
    ),
    KnownFailure(
        "start_permission",
        r"exec: \"([^\"\n]{1,150})\": permission denied",
        "{0} may not be executed in it",
        "name the program, or make it executable in the image (chmod +x)",
    ),
    KnownFailure(
        "start_user",
        r"unable to find (?:user|group) (\S{1,100}):",
        "the image knows no {0}",
        "correct container.user, or give it as a number",
    ),
    KnownFailure(
        "start_mount",
        r"error mounting|Are you trying to mount a directory onto a file",
        "what is mounted does not fit the place",
        "see that the source is there on the runner: for one that is not, engines make an empty folder",
    ),
)
