CREATE TABLE _prisma_migrations (
  id character varying(36) NOT NULL,
  checksum character varying(64) NOT NULL,
  finished_at timestamp with time zone,
  migration_name character varying(255) NOT NULL,
  logs text,
  rolled_back_at timestamp with time zone,
  started_at timestamp with time zone NOT NULL DEFAULT now(),
  applied_steps_count integer NOT NULL DEFAULT 0
);

CREATE TABLE ambiguous (
  uid text COLLATE "C" NOT NULL,
  subject_uid text COLLATE "C" NOT NULL,
  relation text COLLATE "C" NOT NULL,
  candidates text COLLATE "C" NOT NULL,
  why text COLLATE "C" NOT NULL
);

CREATE TABLE artifact (
  uid text COLLATE "C" NOT NULL,
  uri text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  extension text COLLATE "C",
  type text COLLATE "C" NOT NULL,
  size_bytes bigint,
  modified_at bigint
);

CREATE TABLE consumed (
  run_uid text COLLATE "C" NOT NULL,
  stated_uid text COLLATE "C" NOT NULL,
  artifact_uid text COLLATE "C" NOT NULL,
  role text COLLATE "C" NOT NULL DEFAULT ''::text,
  evidence text COLLATE "C" NOT NULL,
  method text COLLATE "C",
  resolved_method text COLLATE "C"
);

CREATE TABLE copied (
  stated_uid text COLLATE "C" NOT NULL,
  from_uid text COLLATE "C" NOT NULL,
  to_uid text COLLATE "C" NOT NULL,
  method text COLLATE "C" NOT NULL,
  evidence text COLLATE "C" NOT NULL,
  copied_at bigint,
  resolved_method text COLLATE "C"
);

CREATE TABLE digest (
  artifact_uid text COLLATE "C" NOT NULL,
  algorithm text COLLATE "C" NOT NULL,
  scope text COLLATE "C" NOT NULL,
  value text COLLATE "C" NOT NULL,
  evidence text COLLATE "C" NOT NULL
);

CREATE TABLE gap (
  uid text COLLATE "C" NOT NULL,
  import_uid text COLLATE "C" NOT NULL,
  code text COLLATE "C" NOT NULL,
  place text COLLATE "C" NOT NULL,
  message text COLLATE "C" NOT NULL
);

CREATE TABLE import (
  uid text COLLATE "C" NOT NULL,
  adapter text COLLATE "C" NOT NULL,
  adapter_version integer NOT NULL,
  engine_version text COLLATE "C",
  started_at bigint NOT NULL,
  ended_at bigint NOT NULL,
  counts text COLLATE "C" NOT NULL
);

CREATE TABLE import_run (
  import_uid text COLLATE "C" NOT NULL,
  run_uid text COLLATE "C" NOT NULL
);

CREATE TABLE produced (
  run_uid text COLLATE "C" NOT NULL,
  artifact_uid text COLLATE "C" NOT NULL,
  role text COLLATE "C" NOT NULL DEFAULT ''::text,
  evidence text COLLATE "C" NOT NULL,
  method text COLLATE "C"
);

CREATE TABLE reading (
  uid text COLLATE "C" NOT NULL,
  adapter text COLLATE "C" NOT NULL,
  place text COLLATE "C" NOT NULL,
  import_uid text COLLATE "C" NOT NULL,
  adapter_version integer NOT NULL,
  fingerprint text COLLATE "C",
  read_at bigint NOT NULL
);

CREATE TABLE root (
  uid text COLLATE "C" NOT NULL,
  import_uid text COLLATE "C" NOT NULL,
  was text COLLATE "C" NOT NULL,
  now text COLLATE "C" NOT NULL
);

CREATE TABLE run (
  uid text COLLATE "C" NOT NULL,
  transform_uid text COLLATE "C" NOT NULL,
  parent_uid text COLLATE "C",
  engine text COLLATE "C" NOT NULL,
  engine_version text COLLATE "C",
  key text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  outcome text COLLATE "C" NOT NULL,
  attempt bigint,
  exit_code bigint,
  started_at bigint,
  ended_at bigint,
  reuses_uid text COLLATE "C",
  params text COLLATE "C",
  command text COLLATE "C",
  container text COLLATE "C",
  environment text COLLATE "C",
  host text COLLATE "C",
  requested text COLLATE "C",
  used text COLLATE "C",
  work_dir text COLLATE "C",
  error text COLLATE "C",
  labels text COLLATE "C",
  evidence text COLLATE "C"
);

CREATE TABLE run_statement (
  run_uid text COLLATE "C" NOT NULL,
  evidence text COLLATE "C" NOT NULL,
  columns text COLLATE "C" NOT NULL
);

CREATE TABLE search (
  uid text COLLATE "C" NOT NULL,
  words tsvector NOT NULL
);

CREATE TABLE transform (
  uid text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  engine text COLLATE "C" NOT NULL,
  version text COLLATE "C",
  source_digest text COLLATE "C",
  source_path text COLLATE "C",
  source text COLLATE "C"
);

CREATE TABLE versioned_place (
  stem text COLLATE "C" NOT NULL,
  again integer NOT NULL DEFAULT 0
);

ALTER TABLE _prisma_migrations ADD CONSTRAINT _prisma_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ambiguous ADD CONSTRAINT ambiguous_pkey PRIMARY KEY (uid);
ALTER TABLE artifact ADD CONSTRAINT artifact_pkey PRIMARY KEY (uid);
ALTER TABLE consumed ADD CONSTRAINT consumed_pkey PRIMARY KEY (run_uid, stated_uid, role);
ALTER TABLE consumed ADD CONSTRAINT consumed_run_uid_fkey FOREIGN KEY (run_uid) REFERENCES run(uid) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE consumed ADD CONSTRAINT consumed_stated_uid_fkey FOREIGN KEY (stated_uid) REFERENCES artifact(uid) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE copied ADD CONSTRAINT copied_pkey PRIMARY KEY (stated_uid, to_uid, method);
ALTER TABLE copied ADD CONSTRAINT copied_stated_uid_fkey FOREIGN KEY (stated_uid) REFERENCES artifact(uid) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE copied ADD CONSTRAINT copied_to_uid_fkey FOREIGN KEY (to_uid) REFERENCES artifact(uid) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE digest ADD CONSTRAINT digest_artifact_uid_fkey FOREIGN KEY (artifact_uid) REFERENCES artifact(uid) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE digest ADD CONSTRAINT digest_pkey PRIMARY KEY (artifact_uid, algorithm, scope, value);
ALTER TABLE gap ADD CONSTRAINT gap_pkey PRIMARY KEY (uid);
ALTER TABLE import ADD CONSTRAINT import_pkey PRIMARY KEY (uid);
ALTER TABLE import_run ADD CONSTRAINT import_run_import_uid_fkey FOREIGN KEY (import_uid) REFERENCES import(uid) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE import_run ADD CONSTRAINT import_run_pkey PRIMARY KEY (import_uid, run_uid);
ALTER TABLE produced ADD CONSTRAINT produced_artifact_uid_fkey FOREIGN KEY (artifact_uid) REFERENCES artifact(uid) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE produced ADD CONSTRAINT produced_pkey PRIMARY KEY (run_uid, artifact_uid, role);
ALTER TABLE produced ADD CONSTRAINT produced_run_uid_fkey FOREIGN KEY (run_uid) REFERENCES run(uid) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE reading ADD CONSTRAINT reading_import_uid_fkey FOREIGN KEY (import_uid) REFERENCES import(uid) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE reading ADD CONSTRAINT reading_pkey PRIMARY KEY (uid);
ALTER TABLE root ADD CONSTRAINT root_import_uid_fkey FOREIGN KEY (import_uid) REFERENCES import(uid) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE root ADD CONSTRAINT root_pkey PRIMARY KEY (uid);
ALTER TABLE run ADD CONSTRAINT run_pkey PRIMARY KEY (uid);
ALTER TABLE run ADD CONSTRAINT run_transform_uid_fkey FOREIGN KEY (transform_uid) REFERENCES transform(uid) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE run_statement ADD CONSTRAINT run_statement_pkey PRIMARY KEY (run_uid, evidence);
ALTER TABLE transform ADD CONSTRAINT transform_pkey PRIMARY KEY (uid);
ALTER TABLE versioned_place ADD CONSTRAINT versioned_place_pkey PRIMARY KEY (stem);
CREATE INDEX ambiguous_place_idx ON ambiguous USING btree (substr(candidates, 3, 16));
CREATE INDEX ambiguous_subject_uid_idx ON ambiguous USING btree (subject_uid);
CREATE INDEX artifact_name_idx ON artifact USING btree (name);
CREATE INDEX artifact_uri_start_idx ON artifact USING btree (substr(uri, 1, 200));
CREATE INDEX consumed_artifact_uid_run_uid_idx ON consumed USING btree (artifact_uid, run_uid);
CREATE INDEX consumed_stated_uid_idx ON consumed USING btree (stated_uid);
CREATE INDEX copied_from_uid_idx ON copied USING btree (from_uid);
CREATE INDEX copied_to_uid_idx ON copied USING btree (to_uid);
CREATE INDEX digest_value_idx ON digest USING btree (value);
CREATE INDEX gap_import_uid_idx ON gap USING btree (import_uid);
CREATE INDEX import_run_run_uid_idx ON import_run USING btree (run_uid);
CREATE INDEX produced_artifact_uid_run_uid_idx ON produced USING btree (artifact_uid, run_uid);
CREATE INDEX reading_import_uid_idx ON reading USING btree (import_uid);
CREATE INDEX root_import_uid_idx ON root USING btree (import_uid);
CREATE INDEX run_key_start_idx ON run USING btree (substr(key, 1, 128));
CREATE INDEX run_parent_uid_started_at_uid_idx ON run USING btree (parent_uid, started_at, uid);
CREATE INDEX run_reuses_uid_idx ON run USING btree (reuses_uid);
CREATE INDEX run_started_at_uid_idx ON run USING btree (started_at, uid);
CREATE INDEX run_transform_uid_idx ON run USING btree (transform_uid);
CREATE INDEX search_words_idx ON search USING gin (words);
CREATE INDEX transform_name_idx ON transform USING btree (name);
CREATE INDEX versioned_place_again_idx ON versioned_place USING btree (again);
CREATE UNIQUE INDEX _prisma_migrations_pkey ON _prisma_migrations USING btree (id);
CREATE UNIQUE INDEX ambiguous_pkey ON ambiguous USING btree (uid);
CREATE UNIQUE INDEX artifact_pkey ON artifact USING btree (uid);
CREATE UNIQUE INDEX consumed_pkey ON consumed USING btree (run_uid, stated_uid, role);
CREATE UNIQUE INDEX copied_pkey ON copied USING btree (stated_uid, to_uid, method);
CREATE UNIQUE INDEX digest_pkey ON digest USING btree (artifact_uid, algorithm, scope, value);
CREATE UNIQUE INDEX gap_pkey ON gap USING btree (uid);
CREATE UNIQUE INDEX import_pkey ON import USING btree (uid);
CREATE UNIQUE INDEX import_run_pkey ON import_run USING btree (import_uid, run_uid);
CREATE UNIQUE INDEX produced_pkey ON produced USING btree (run_uid, artifact_uid, role);
CREATE UNIQUE INDEX reading_pkey ON reading USING btree (uid);
CREATE UNIQUE INDEX root_pkey ON root USING btree (uid);
CREATE UNIQUE INDEX run_pkey ON run USING btree (uid);
CREATE UNIQUE INDEX run_statement_pkey ON run_statement USING btree (run_uid, evidence);
CREATE UNIQUE INDEX transform_pkey ON transform USING btree (uid);
CREATE UNIQUE INDEX versioned_place_pkey ON versioned_place USING btree (stem);
