-- breaking: no
-- The first shape of the lineage store. Everything that Prisma's models can say was made from them; what follows
-- the words "by hand" cannot be said there.

-- CreateTable
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

-- CreateTable
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

-- CreateTable
CREATE TABLE "run_statement" (
    "run_uid" TEXT NOT NULL,
    "evidence" TEXT NOT NULL,
    "columns" TEXT NOT NULL,

    PRIMARY KEY ("run_uid", "evidence")
);

-- CreateTable
CREATE TABLE "artifact" (
    "uid" TEXT NOT NULL PRIMARY KEY,
    "uri" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "extension" TEXT,
    "type" TEXT NOT NULL,
    "size_bytes" BIGINT,
    "modified_at" BIGINT
);

-- CreateTable
CREATE TABLE "digest" (
    "artifact_uid" TEXT NOT NULL,
    "algorithm" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "evidence" TEXT NOT NULL,

    PRIMARY KEY ("artifact_uid", "algorithm", "scope", "value"),
    CONSTRAINT "digest_artifact_uid_fkey" FOREIGN KEY ("artifact_uid") REFERENCES "artifact" ("uid") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
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

-- CreateTable
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

-- CreateTable
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

-- CreateTable
CREATE TABLE "versioned_place" (
    "stem" TEXT NOT NULL PRIMARY KEY,
    "again" INTEGER NOT NULL DEFAULT 0
);

-- CreateTable
CREATE TABLE "ambiguous" (
    "uid" TEXT NOT NULL PRIMARY KEY,
    "subject_uid" TEXT NOT NULL,
    "relation" TEXT NOT NULL,
    "candidates" TEXT NOT NULL,
    "why" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "import" (
    "uid" TEXT NOT NULL PRIMARY KEY,
    "adapter" TEXT NOT NULL,
    "adapter_version" INTEGER NOT NULL,
    "engine_version" TEXT,
    "started_at" BIGINT NOT NULL,
    "ended_at" BIGINT NOT NULL,
    "counts" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "import_run" (
    "import_uid" TEXT NOT NULL,
    "run_uid" TEXT NOT NULL,

    PRIMARY KEY ("import_uid", "run_uid"),
    CONSTRAINT "import_run_import_uid_fkey" FOREIGN KEY ("import_uid") REFERENCES "import" ("uid") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
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

-- CreateTable
CREATE TABLE "gap" (
    "uid" TEXT NOT NULL PRIMARY KEY,
    "import_uid" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "place" TEXT NOT NULL,
    "message" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "root" (
    "uid" TEXT NOT NULL PRIMARY KEY,
    "import_uid" TEXT NOT NULL,
    "was" TEXT NOT NULL,
    "now" TEXT NOT NULL,
    CONSTRAINT "root_import_uid_fkey" FOREIGN KEY ("import_uid") REFERENCES "import" ("uid") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "transform_name_idx" ON "transform"("name");

-- CreateIndex
CREATE INDEX "run_transform_uid_idx" ON "run"("transform_uid");

-- CreateIndex
CREATE INDEX "run_parent_uid_started_at_uid_idx" ON "run"("parent_uid", "started_at", "uid");

-- CreateIndex
CREATE INDEX "run_reuses_uid_idx" ON "run"("reuses_uid");

-- CreateIndex
CREATE INDEX "run_started_at_uid_idx" ON "run"("started_at", "uid");

-- CreateIndex
CREATE INDEX "artifact_name_idx" ON "artifact"("name");

-- CreateIndex
CREATE INDEX "digest_value_idx" ON "digest"("value");

-- CreateIndex
CREATE INDEX "consumed_artifact_uid_run_uid_idx" ON "consumed"("artifact_uid", "run_uid");

-- CreateIndex
CREATE INDEX "consumed_stated_uid_idx" ON "consumed"("stated_uid");

-- CreateIndex
CREATE INDEX "produced_artifact_uid_run_uid_idx" ON "produced"("artifact_uid", "run_uid");

-- CreateIndex
CREATE INDEX "copied_to_uid_idx" ON "copied"("to_uid");

-- CreateIndex
CREATE INDEX "copied_from_uid_idx" ON "copied"("from_uid");

-- CreateIndex
CREATE INDEX "versioned_place_again_idx" ON "versioned_place"("again");

-- CreateIndex
CREATE INDEX "ambiguous_subject_uid_idx" ON "ambiguous"("subject_uid");

-- CreateIndex
CREATE INDEX "import_run_run_uid_idx" ON "import_run"("run_uid");

-- CreateIndex
CREATE INDEX "reading_import_uid_idx" ON "reading"("import_uid");

-- CreateIndex
CREATE INDEX "gap_import_uid_idx" ON "gap"("import_uid");

-- CreateIndex
CREATE INDEX "root_import_uid_idx" ON "root"("import_uid");

-- By hand: engine keys may be long (a path in them), and only their start is searched.
CREATE INDEX "run_key_start_idx" ON "run"(substr("key", 1, 128));

-- By hand: candidates of one ambiguity lie at one place more often than not; its stem is behind a bracket and a quote.
CREATE INDEX "ambiguous_place_idx" ON "ambiguous"(substr("candidates", 3, 16));

-- By hand: what lies below a folder. A path may be longer than a key of Postgres; its start tells enough.
CREATE INDEX "artifact_uri_start_idx" ON "artifact"(substr("uri", 1, 200));

-- By hand: words of transforms, runs and artifacts. A row that learns more is entered again: one thing may be found twice.
CREATE VIRTUAL TABLE "search" USING fts5("text", "uid" UNINDEXED, tokenize = "unicode61 remove_diacritics 2");
