-- breaking: no
-- The first shape of the lineage store. Everything that Prisma's models can say was made from them; what follows
-- the words "by hand" cannot be said there.

-- CreateTable
CREATE TABLE "transform" (
    "uid" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "type" TEXT COLLATE "C" NOT NULL,
    "engine" TEXT COLLATE "C" NOT NULL,
    "version" TEXT COLLATE "C",
    "source_digest" TEXT COLLATE "C",
    "source_path" TEXT COLLATE "C",
    "source" TEXT COLLATE "C",

    CONSTRAINT "transform_pkey" PRIMARY KEY ("uid")
);

-- CreateTable
CREATE TABLE "run" (
    "uid" TEXT COLLATE "C" NOT NULL,
    "transform_uid" TEXT COLLATE "C" NOT NULL,
    "parent_uid" TEXT COLLATE "C",
    "engine" TEXT COLLATE "C" NOT NULL,
    "engine_version" TEXT COLLATE "C",
    "key" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "outcome" TEXT COLLATE "C" NOT NULL,
    "attempt" BIGINT,
    "exit_code" BIGINT,
    "started_at" BIGINT,
    "ended_at" BIGINT,
    "reuses_uid" TEXT COLLATE "C",
    "params" TEXT COLLATE "C",
    "command" TEXT COLLATE "C",
    "container" TEXT COLLATE "C",
    "environment" TEXT COLLATE "C",
    "host" TEXT COLLATE "C",
    "requested" TEXT COLLATE "C",
    "used" TEXT COLLATE "C",
    "work_dir" TEXT COLLATE "C",
    "error" TEXT COLLATE "C",
    "labels" TEXT COLLATE "C",
    "evidence" TEXT COLLATE "C",

    CONSTRAINT "run_pkey" PRIMARY KEY ("uid")
);

-- CreateTable
CREATE TABLE "run_statement" (
    "run_uid" TEXT COLLATE "C" NOT NULL,
    "evidence" TEXT COLLATE "C" NOT NULL,
    "columns" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "run_statement_pkey" PRIMARY KEY ("run_uid","evidence")
);

-- CreateTable
CREATE TABLE "artifact" (
    "uid" TEXT COLLATE "C" NOT NULL,
    "uri" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "extension" TEXT COLLATE "C",
    "type" TEXT COLLATE "C" NOT NULL,
    "size_bytes" BIGINT,
    "modified_at" BIGINT,

    CONSTRAINT "artifact_pkey" PRIMARY KEY ("uid")
);

-- CreateTable
CREATE TABLE "digest" (
    "artifact_uid" TEXT COLLATE "C" NOT NULL,
    "algorithm" TEXT COLLATE "C" NOT NULL,
    "scope" TEXT COLLATE "C" NOT NULL,
    "value" TEXT COLLATE "C" NOT NULL,
    "evidence" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "digest_pkey" PRIMARY KEY ("artifact_uid","algorithm","scope","value")
);

-- CreateTable
CREATE TABLE "consumed" (
    "run_uid" TEXT COLLATE "C" NOT NULL,
    "stated_uid" TEXT COLLATE "C" NOT NULL,
    "artifact_uid" TEXT COLLATE "C" NOT NULL,
    "role" TEXT COLLATE "C" NOT NULL DEFAULT '',
    "evidence" TEXT COLLATE "C" NOT NULL,
    "method" TEXT COLLATE "C",
    "resolved_method" TEXT COLLATE "C",

    CONSTRAINT "consumed_pkey" PRIMARY KEY ("run_uid","stated_uid","role")
);

-- CreateTable
CREATE TABLE "produced" (
    "run_uid" TEXT COLLATE "C" NOT NULL,
    "artifact_uid" TEXT COLLATE "C" NOT NULL,
    "role" TEXT COLLATE "C" NOT NULL DEFAULT '',
    "evidence" TEXT COLLATE "C" NOT NULL,
    "method" TEXT COLLATE "C",

    CONSTRAINT "produced_pkey" PRIMARY KEY ("run_uid","artifact_uid","role")
);

-- CreateTable
CREATE TABLE "copied" (
    "stated_uid" TEXT COLLATE "C" NOT NULL,
    "from_uid" TEXT COLLATE "C" NOT NULL,
    "to_uid" TEXT COLLATE "C" NOT NULL,
    "method" TEXT COLLATE "C" NOT NULL,
    "evidence" TEXT COLLATE "C" NOT NULL,
    "copied_at" BIGINT,
    "resolved_method" TEXT COLLATE "C",

    CONSTRAINT "copied_pkey" PRIMARY KEY ("stated_uid","to_uid","method")
);

-- CreateTable
CREATE TABLE "versioned_place" (
    "stem" TEXT COLLATE "C" NOT NULL,
    "again" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "versioned_place_pkey" PRIMARY KEY ("stem")
);

-- CreateTable
CREATE TABLE "ambiguous" (
    "uid" TEXT COLLATE "C" NOT NULL,
    "subject_uid" TEXT COLLATE "C" NOT NULL,
    "relation" TEXT COLLATE "C" NOT NULL,
    "candidates" TEXT COLLATE "C" NOT NULL,
    "why" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "ambiguous_pkey" PRIMARY KEY ("uid")
);

-- CreateTable
CREATE TABLE "import" (
    "uid" TEXT COLLATE "C" NOT NULL,
    "adapter" TEXT COLLATE "C" NOT NULL,
    "adapter_version" INTEGER NOT NULL,
    "engine_version" TEXT COLLATE "C",
    "started_at" BIGINT NOT NULL,
    "ended_at" BIGINT NOT NULL,
    "counts" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "import_pkey" PRIMARY KEY ("uid")
);

-- CreateTable
CREATE TABLE "import_run" (
    "import_uid" TEXT COLLATE "C" NOT NULL,
    "run_uid" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "import_run_pkey" PRIMARY KEY ("import_uid","run_uid")
);

-- CreateTable
CREATE TABLE "reading" (
    "uid" TEXT COLLATE "C" NOT NULL,
    "adapter" TEXT COLLATE "C" NOT NULL,
    "place" TEXT COLLATE "C" NOT NULL,
    "import_uid" TEXT COLLATE "C" NOT NULL,
    "adapter_version" INTEGER NOT NULL,
    "fingerprint" TEXT COLLATE "C",
    "read_at" BIGINT NOT NULL,

    CONSTRAINT "reading_pkey" PRIMARY KEY ("uid")
);

-- CreateTable
CREATE TABLE "gap" (
    "uid" TEXT COLLATE "C" NOT NULL,
    "import_uid" TEXT COLLATE "C" NOT NULL,
    "code" TEXT COLLATE "C" NOT NULL,
    "place" TEXT COLLATE "C" NOT NULL,
    "message" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "gap_pkey" PRIMARY KEY ("uid")
);

-- CreateTable
CREATE TABLE "root" (
    "uid" TEXT COLLATE "C" NOT NULL,
    "import_uid" TEXT COLLATE "C" NOT NULL,
    "was" TEXT COLLATE "C" NOT NULL,
    "now" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "root_pkey" PRIMARY KEY ("uid")
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

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_transform_uid_fkey" FOREIGN KEY ("transform_uid") REFERENCES "transform"("uid") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "digest" ADD CONSTRAINT "digest_artifact_uid_fkey" FOREIGN KEY ("artifact_uid") REFERENCES "artifact"("uid") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consumed" ADD CONSTRAINT "consumed_run_uid_fkey" FOREIGN KEY ("run_uid") REFERENCES "run"("uid") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consumed" ADD CONSTRAINT "consumed_stated_uid_fkey" FOREIGN KEY ("stated_uid") REFERENCES "artifact"("uid") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "produced" ADD CONSTRAINT "produced_run_uid_fkey" FOREIGN KEY ("run_uid") REFERENCES "run"("uid") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "produced" ADD CONSTRAINT "produced_artifact_uid_fkey" FOREIGN KEY ("artifact_uid") REFERENCES "artifact"("uid") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "copied" ADD CONSTRAINT "copied_stated_uid_fkey" FOREIGN KEY ("stated_uid") REFERENCES "artifact"("uid") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "copied" ADD CONSTRAINT "copied_to_uid_fkey" FOREIGN KEY ("to_uid") REFERENCES "artifact"("uid") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import_run" ADD CONSTRAINT "import_run_import_uid_fkey" FOREIGN KEY ("import_uid") REFERENCES "import"("uid") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reading" ADD CONSTRAINT "reading_import_uid_fkey" FOREIGN KEY ("import_uid") REFERENCES "import"("uid") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "root" ADD CONSTRAINT "root_import_uid_fkey" FOREIGN KEY ("import_uid") REFERENCES "import"("uid") ON DELETE RESTRICT ON UPDATE CASCADE;

-- By hand: engine keys may be long (a path in them), and only their start is searched.
CREATE INDEX "run_key_start_idx" ON "run"(substr("key", 1, 128));

-- By hand: candidates of one ambiguity lie at one place more often than not; its stem is behind a bracket and a quote.
CREATE INDEX "ambiguous_place_idx" ON "ambiguous"(substr("candidates", 3, 16));

-- By hand: what lies below a folder. A path may be longer than a key of Postgres; its start tells enough.
CREATE INDEX "artifact_uri_start_idx" ON "artifact"(substr("uri", 1, 200));

-- By hand: words of transforms, runs and artifacts. A row that learns more is entered again: one thing may be found twice.
CREATE TABLE "search" (
    "uid" TEXT COLLATE "C" NOT NULL,
    "words" TSVECTOR NOT NULL
);
CREATE INDEX "search_words_idx" ON "search" USING GIN ("words");
