CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
    "MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY,
    "ProductVersion" TEXT NOT NULL
);

BEGIN TRANSACTION;
CREATE TABLE "dirty_minutes" (
    "minute" INTEGER NOT NULL CONSTRAINT "PK_dirty_minutes" PRIMARY KEY
);

CREATE TABLE "names" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_names" PRIMARY KEY,
    "name" TEXT NOT NULL
);

CREATE TABLE "operation_blocks" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_operation_blocks" PRIMARY KEY,
    "state" INTEGER NOT NULL,
    "stored_us" INTEGER NOT NULL,
    "count" INTEGER NOT NULL,
    "first_end_us" INTEGER NOT NULL,
    "last_end_us" INTEGER NOT NULL,
    "min_start_us" INTEGER NOT NULL,
    "max_start_us" INTEGER NOT NULL,
    "min_duration_us" INTEGER NOT NULL,
    "max_duration_us" INTEGER NOT NULL,
    "series" BLOB NOT NULL,
    "data" BLOB NOT NULL
);

CREATE TABLE "recommendations" (
    "id" TEXT NOT NULL CONSTRAINT "PK_recommendations" PRIMARY KEY,
    "state" INTEGER NOT NULL,
    "opened_us" INTEGER NOT NULL,
    "seen_us" INTEGER NOT NULL,
    "changed_us" INTEGER NULL,
    "changed_by" TEXT NULL,
    "note" TEXT NULL,
    "document" TEXT NOT NULL
);

CREATE TABLE "resource_rollups" (
    "resolution" INTEGER NOT NULL,
    "source_id" INTEGER NOT NULL,
    "bucket" INTEGER NOT NULL,
    "data" BLOB NOT NULL,
    CONSTRAINT "PK_resource_rollups" PRIMARY KEY ("resolution", "source_id", "bucket")
);

CREATE TABLE "resource_samples" (
    "source_id" INTEGER NOT NULL,
    "at_us" INTEGER NOT NULL,
    "data" BLOB NOT NULL,
    CONSTRAINT "PK_resource_samples" PRIMARY KEY ("source_id", "at_us")
);

CREATE TABLE "rollup_pages" (
    "key" INTEGER NOT NULL CONSTRAINT "PK_rollup_pages" PRIMARY KEY,
    "data" BLOB NOT NULL
);

CREATE TABLE "running_operations" (
    "id" BLOB NOT NULL CONSTRAINT "PK_running_operations" PRIMARY KEY,
    "document" BLOB NOT NULL
);

CREATE TABLE "setting_changes" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_setting_changes" PRIMARY KEY AUTOINCREMENT,
    "key" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "old_value" TEXT NULL,
    "new_value" TEXT NOT NULL,
    "changed_us" INTEGER NOT NULL,
    "changed_by" TEXT NOT NULL
);

CREATE TABLE "settings" (
    "key" TEXT NOT NULL CONSTRAINT "PK_settings" PRIMARY KEY,
    "value" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "changed_us" INTEGER NOT NULL,
    "changed_by" TEXT NOT NULL
);

CREATE TABLE "sources" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_sources" PRIMARY KEY,
    "name" TEXT NOT NULL
);

CREATE UNIQUE INDEX "IX_names_name" ON "names" ("name");

CREATE UNIQUE INDEX "ix_setting_changes_key_version" ON "setting_changes" ("key", "version");

CREATE UNIQUE INDEX "IX_sources_name" ON "sources" ("name");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261124050014_Initial', '10.0.15');

COMMIT;

BEGIN TRANSACTION;
CREATE TABLE "findings" (
    "id" TEXT NOT NULL CONSTRAINT "PK_findings" PRIMARY KEY,
    "kind" INTEGER NOT NULL,
    "state" INTEGER NOT NULL,
    "first_seen_us" INTEGER NOT NULL,
    "last_seen_us" INTEGER NOT NULL,
    "until_us" INTEGER NULL,
    "document" TEXT NOT NULL
);

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261130023701_Findings', '10.0.15');

COMMIT;

BEGIN TRANSACTION;
CREATE TABLE "markers" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_markers" PRIMARY KEY AUTOINCREMENT,
    "at_us" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "source" TEXT NULL,
    "metadata" TEXT NULL,
    "reported_us" INTEGER NOT NULL
);

CREATE INDEX "ix_markers_at" ON "markers" ("at_us");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261130033446_Markers', '10.0.15');

COMMIT;

BEGIN TRANSACTION;
CREATE TABLE "alert_deliveries" (
    "id" TEXT NOT NULL CONSTRAINT "PK_alert_deliveries" PRIMARY KEY,
    "receiver_id" TEXT NOT NULL,
    "group_id" TEXT NOT NULL,
    "state" INTEGER NOT NULL,
    "composed_us" INTEGER NOT NULL,
    "finished_us" INTEGER NULL,
    "document" TEXT NOT NULL
);

CREATE TABLE "alert_events" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_alert_events" PRIMARY KEY AUTOINCREMENT,
    "alert_id" TEXT NOT NULL,
    "at_us" INTEGER NOT NULL,
    "kind" INTEGER NOT NULL,
    "state" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "changed_by" TEXT NULL
);

CREATE TABLE "alert_outbox" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_alert_outbox" PRIMARY KEY AUTOINCREMENT,
    "receiver_id" TEXT NOT NULL,
    "alert_id" TEXT NOT NULL,
    "at_us" INTEGER NOT NULL,
    "is_resolved" INTEGER NOT NULL
);

CREATE TABLE "alert_progress" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_alert_progress" PRIMARY KEY,
    "evaluated_us" INTEGER NOT NULL
);

CREATE TABLE "alert_receivers" (
    "id" TEXT NOT NULL CONSTRAINT "PK_alert_receivers" PRIMARY KEY,
    "version" INTEGER NOT NULL,
    "document" TEXT NOT NULL,
    "secret" BLOB NULL
);

CREATE TABLE "alert_rules" (
    "id" TEXT NOT NULL CONSTRAINT "PK_alert_rules" PRIMARY KEY,
    "version" INTEGER NOT NULL,
    "document" TEXT NOT NULL
);

CREATE TABLE "alert_silences" (
    "id" TEXT NOT NULL CONSTRAINT "PK_alert_silences" PRIMARY KEY,
    "ends_us" INTEGER NULL,
    "document" TEXT NOT NULL
);

CREATE TABLE "alerts" (
    "id" TEXT NOT NULL CONSTRAINT "PK_alerts" PRIMARY KEY,
    "rule_id" TEXT NOT NULL,
    "state" INTEGER NOT NULL,
    "firing_us" INTEGER NULL,
    "resolved_us" INTEGER NULL,
    "document" TEXT NOT NULL
);

CREATE INDEX "ix_alert_deliveries_receiver" ON "alert_deliveries" ("receiver_id", "composed_us");

CREATE INDEX "ix_alert_events_alert" ON "alert_events" ("alert_id");

CREATE INDEX "ix_alerts_resolved" ON "alerts" ("resolved_us");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261130070317_Alerts', '10.0.15');

COMMIT;

