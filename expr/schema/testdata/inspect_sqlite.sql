CREATE TABLE parents (a INTEGER NOT NULL, b TEXT NOT NULL, CONSTRAINT pk_parents PRIMARY KEY (b, a)) WITHOUT ROWID;
CREATE TABLE "all (of) it" ( -- a comment, with a comma
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  "per % cent" VARCHAR(20) COLLATE NOCASE DEFAULT 'it''s, (so)' CONSTRAINT uq_cent UNIQUE ON CONFLICT IGNORE,
  [brackets] DECIMAL_TEXT(10,2) NOT NULL DEFAULT (1 + 2) CHECK ("brackets" > 0 AND "brackets" <> ')'),
  twice INT GENERATED ALWAYS AS (id * 2) VIRTUAL, thrice INT AS (id * 3) STORED NOT NULL,
  untyped, big UNSIGNED BIG INT, made TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP, n INTEGER DEFAULT -1, nada TEXT DEFAULT NULL,
  pa INTEGER, pb TEXT, boss INTEGER REFERENCES "all (of) it" ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
  kind TEXT /* a kind */ CONSTRAINT known CHECK (kind IN ('a', 'b')),
  CONSTRAINT fk_parent FOREIGN KEY (pb, pa) REFERENCES parents (b, a) ON UPDATE CASCADE ON DELETE RESTRICT
  CONSTRAINT positive CHECK (n > -5), UNIQUE (pa, "kind"), CHECK (pb <> ''));
CREATE INDEX ix_plain ON "all (of) it" (made DESC, n);
CREATE UNIQUE INDEX ix_expr ON "all (of) it" (lower("per % cent") COLLATE NOCASE DESC, n + 1, pa) WHERE n > 0 AND kind = 'a';
CREATE TABLE loose (k TEXT PRIMARY KEY, v JSON_TEXT, u UUID_TEXT, d DATE, x VARBINARY(8), e GEOMETRY(3));
CREATE VIEW seen AS SELECT id, lower(kind) AS lower_kind FROM "all (of) it" WHERE n > 0;
