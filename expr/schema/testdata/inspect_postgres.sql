CREATE TYPE mood AS ENUM ('sad', 'it''s ok', 'happy');
COMMENT ON TYPE mood IS 'how';
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE SEQUENCE tickets START 100 INCREMENT 5 MINVALUE 100 MAXVALUE 1000 CACHE 3 CYCLE;
CREATE TABLE parents (a integer, b varchar(20), CONSTRAINT pk_parents PRIMARY KEY (b, a));
CREATE TABLE "all (of) it" (
  id bigint GENERATED ALWAYS AS IDENTITY (START 5 INCREMENT 2) PRIMARY KEY,
  old serial, "per % cent" varchar(20) COLLATE "C" DEFAULT 'it''s, (so)' CONSTRAINT uq_cent UNIQUE DEFERRABLE INITIALLY DEFERRED,
  "Brackets[]" numeric(10,2) NOT NULL DEFAULT 1 + 2 CHECK ("Brackets[]" > 0), twice integer GENERATED ALWAYS AS (old * 2) STORED,
  feel mood DEFAULT 'sad', feels mood[], pos positive, nums integer[] DEFAULT '{1,2}', names varchar(5)[], j json, jb jsonb, u uuid,
  ts0 timestamp(0), ts timestamp, tz3 timestamptz(3), t time, t2 time(2), ttz timetz, iv interval, iv3 interval(3), ivd interval day to second(2),
  c char(3), c1 "char", bp bpchar, bits bit(3), ip inet, r int4range, n numeric, n5 numeric(5), by bytea, f real, si smallint, ok boolean, m money,
  nx name, made date DEFAULT CURRENT_DATE, ticket bigint DEFAULT nextval('tickets'), pa integer, pb varchar(20),
  boss bigint REFERENCES "all (of) it" ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT fk_parent FOREIGN KEY (pb, pa) REFERENCES parents (b, a) ON UPDATE CASCADE ON DELETE RESTRICT,
  CONSTRAINT known CHECK (c IN ('a', 'b)')), UNIQUE (pb, pa), EXCLUDE USING gist (r WITH &&));
COMMENT ON TABLE "all (of) it" IS 'it''s all';
COMMENT ON COLUMN "all (of) it".old IS 'a column';
COMMENT ON CONSTRAINT known ON "all (of) it" IS 'a check';
CREATE INDEX ix_plain ON "all (of) it" (made DESC, si NULLS FIRST, n);
CREATE UNIQUE INDEX ix_expr ON "all (of) it" (lower("per % cent") DESC NULLS LAST, (si + 1), pa) INCLUDE (pb, c) WHERE si > 0;
COMMENT ON INDEX ix_expr IS 'an index';
CREATE INDEX ix_gin ON "all (of) it" USING gin (jb);
CREATE INDEX ix_coll ON "all (of) it" (pb COLLATE "C");
CREATE TABLE parts (id integer, at date) PARTITION BY RANGE (at);
CREATE TABLE empty ();
CREATE VIEW seen AS SELECT id, feel FROM "all (of) it" WHERE si > 0;
CREATE MATERIALIZED VIEW kept AS SELECT 1 AS one;
COMMENT ON VIEW seen IS 'a view';
