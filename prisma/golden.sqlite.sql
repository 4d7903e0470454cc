CREATE TABLE "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
);

CREATE TABLE "ambiguous" (
    "uid" TEXT NOT NULL PRIMARY KEY,
    "subject_uid" TEXT NOT NULL,
    "relation" TEXT NOT NULL,
    "candidates" TEXT NOT NULL,
    "why" TEXT NOT NULL
);

CREATE TABLE "artifact" (
    "uid" TEXT NOT NULL PRIMARY KEY,
    "uri" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "extension" TEXT,
    "type" TEXT NOT NULL,
    "size_bytes" BIGINT,
    "modified_at" BIGINT
);

CREATE TABLE "consumed" (
    "run_uid" TEXT NOT NULL,
    "stated_uid" TEXT NOT NULL,
    "artifact_uid" TEXT NOT NULL,
    "role" TEXT NOT NULL DEFAULT '',
    "evidence" TEXT NOT NULL,
    "method" TEXT,
    "resolved_method" TEXT,

    PRIMARY KEY ("run_uid", "stated_uid", "role"),
    CONSTRAINT "consumed_run_uid_fkey" FOREIGN KEY ("run_uid") REFERENCES "run" ("uid") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "consumed_stated_uid_fkey" FOREIGN KEY ("stated_uid") REFERENCES "artifact" ("uid") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE "copied" (
    "stated_uid" TEXT NOT NULL,
    "from_uid" TEXT NOT NULL,
    "to_uid" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "evidence" TEXT NOT NULL,
    "copied_at" BIGINT,
    "resolved_method" TEXT,

    PRIMARY KEY ("stated_uid", "to_uid", "method"),
    CONSTRAINT "copied_stated_uid_fkey" FOREIGN KEY ("stated_uid") REFERENCES "artifact" ("uid") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "copied_to_uid_fkey" FOREIGN KEY ("to_uid") REFERENCES "artifact" ("uid") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE "digest" (
    "artifact_uid" TEXT NOT NULL,
    "algorithm" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "evidence" TEXT NOT NULL,

    PRIMARY KEY ("artifact_uid", "algorithm", "scope", "value"),
    CONSTRAINT "digest_artifact_uid_fkey" FOREIGN KEY ("artifact_uid") REFERENCES "artifact" ("uid") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE "gap" (
    "uid" TEXT NOT NULL PRIMARY KEY,
    "import_uid" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "place" TEXT NOT NULL,
    "message" TEXT NOT NULL
);

CREATE TABLE "import" (
    "uid" TEXT NOT NULL PRIMARY KEY,
    "adapter" TEXT NOT NULL,
    "adapter_version" INTEGER NOT NULL,
    "engine_version" TEXT,
    "started_at" BIGINT NOT NULL,
    "ended_at" BIGINT NOT NULL,
    "counts" TEXT NOT NULL
);

CREATE TABLE "import_run" (
    "import_uid" TEXT NOT NULL,
    "run_uid" TEXT NOT NULL,

    PRIMARY KEY ("import_uid", "run_uid"),
    CONSTRAINT "import_run_import_uid_fkey" FOREIGN KEY ("import_uid") REFERENCES "import" ("uid") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE "produced" (
    "run_uid" TEXT NOT NULL,
    "artifact_uid" TEXT NOT NULL,
    "role" TEXT NOT NULL DEFAULT '',
    "evidence" TEXT NOT NULL,
    "method" TEXT,

    PRIMARY KEY ("run_uid", "artifact_uid", "role"),
    CONSTRAINT "produced_run_uid_fkey" FOREIGN KEY ("run_uid") REFERENCES "run" ("uid") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "produced_artifact_uid_fkey" FOREIGN KEY ("artifact_uid") REFERENCES "artifact" ("uid") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE "reading" (
    "uid" TEXT NOT NULL PRIMARY KEY,
    "adapter" TEXT NOT NULL,
    "place" TEXT NOT NULL,
    "import_uid" TEXT NOT NULL,
    "adapter_version" INTEGER NOT NULL,
    "fingerprint" TEXT,
    "read_at" BIGINT NOT NULL,
    CONSTRAINT "reading_import_uid_fkey" FOREIGN KEY ("import_uid") REFERENCES "import" ("uid") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE "root" (
    "uid" TEXT NOT NULL PRIMARY KEY,
    "import_uid" TEXT NOT NULL,
    "was" TEXT NOT NULL,
    "now" TEXT NOT NULL,
    CONSTRAINT "root_import_uid_fkey" FOREIGN KEY ("import_uid") REFERENCES "import" ("uid") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE "run" (
    "uid" TEXT NOT NULL PRIMARY KEY,
    "transform_uid" TEXT NOT NULL,
    "parent_uid" TEXT,
    "engine" TEXT NOT NULL,
    "engine_version" TEXT,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "attempt" BIGINT,
    "exit_code" BIGINT,
    "started_at" BIGINT,
    "ended_at" BIGINT,
    "reuses_uid" TEXT,
    "params" TEXT,
    "command" TEXT,
    "container" TEXT,
    "environment" TEXT,
    "host" TEXT,
    "requested" TEXT,
    "used" TEXT,
    "work_dir" TEXT,
    "error" TEXT,
    "labels" TEXT,
    "evidence" TEXT,
    CONSTRAINT "run_transform_uid_fkey" FOREIGN KEY ("transform_uid") REFERENCES "transform" ("uid") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE "run_statement" (
    "run_uid" TEXT NOT NULL,
    "evidence" TEXT NOT NULL,
    "columns" TEXT NOT NULL,

    PRIMARY KEY ("run_uid", "evidence")
);

CREATE VIRTUAL TABLE "search" USING fts5("text", "uid" UNINDEXED, tokenize = "unicode61 remove_diacritics 2");

CREATE TABLE 'search_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'search_content'(id INTEGER PRIMARY KEY, c0, c1);

CREATE TABLE 'search_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'search_docsize'(id INTEGER PRIMARY KEY, sz BLOB);

CREATE TABLE 'search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TABLE "transform" (
    "uid" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "engine" TEXT NOT NULL,
    "version" TEXT,
    "source_digest" TEXT,
    "source_path" TEXT,
    "source" TEXT
);

CREATE TABLE "versioned_place" (
    "stem" TEXT NOT NULL PRIMARY KEY,
    "again" INTEGER NOT NULL DEFAULT 0
);

CREATE INDEX "ambiguous_place_idx" ON "ambiguous"(substr("candidates", 3, 16));

CREATE INDEX "ambiguous_subject_uid_idx" ON "ambiguous"("subject_uid");

CREATE INDEX "artifact_name_idx" ON "artifact"("name");

CREATE INDEX "artifact_uri_start_idx" ON "artifact"(substr("uri", 1, 200));

CREATE INDEX "consumed_artifact_uid_run_uid_idx" ON "consumed"("artifact_uid", "run_uid");

CREATE INDEX "consumed_stated_uid_idx" ON "consumed"("stated_uid");

CREATE INDEX "copied_from_uid_idx" ON "copied"("from_uid");

CREATE INDEX "copied_to_uid_idx" ON "copied"("to_uid");

CREATE INDEX "digest_value_idx" ON "digest"("value");

CREATE INDEX "gap_import_uid_idx" ON "gap"("import_uid");

CREATE INDEX "import_run_run_uid_idx" ON "import_run"("run_uid");

CREATE INDEX "produced_artifact_uid_run_uid_idx" ON "produced"("artifact_uid", "run_uid");

CREATE INDEX "reading_import_uid_idx" ON "reading"("import_uid");

CREATE INDEX "root_import_uid_idx" ON "root"("import_uid");

CREATE INDEX "run_key_start_idx" ON "run"(substr("key", 1, 128));

CREATE INDEX "run_parent_uid_started_at_uid_idx" ON "run"("parent_uid", "started_at", "uid");

CREATE INDEX "run_reuses_uid_idx" ON "run"("reuses_uid");

CREATE INDEX "run_started_at_uid_idx" ON "run"("started_at", "uid");

CREATE INDEX "run_transform_uid_idx" ON "run"("transform_uid");

CREATE INDEX "transform_name_idx" ON "transform"("name");

CREATE INDEX "versioned_place_again_idx" ON "versioned_place"("again");
