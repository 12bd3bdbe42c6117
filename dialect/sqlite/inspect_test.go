package sqlite

import (
	"reflect"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// The text of a CREATE TABLE is read as SQLite reads it.
func TestParseTable(t *testing.T) {
	const sql = "CREATE TEMP TABLE IF NOT EXISTS temp . [t] (-- CHECK (comment)\n a, \"check\" DEFAULT \"x,(y\" /* , UNIQUE (z */ NOT NULL CHECK ( a>0 ),\n" +
		"c INTEGER NULL DEFAULT - 5 REFERENCES p DEFERRABLE INITIALLY IMMEDIATE CONSTRAINT two REFERENCES q (x) NOT DEFERRABLE INITIALLY DEFERRED,\n" +
		"d NUMERIC (10, 2) COLLATE \"RTRIM\" GENERATED ALWAYS AS (a || ')') STORED, e AS (1),\n" +
		"constraint pk primary key (a, \"check\" COLLATE NOCASE DESC) on conflict replace check(b)constraint n unique(c)\n" +
		"FOREIGN KEY (a, c) REFERENCES r ON DELETE SET NULL ON UPDATE NO ACTION MATCH FULL DEFERRABLE INITIALLY DEFERRED) STRICT,\nwithout /* its */ rowid"
	want := &tableText{
		columns: map[string]*columnText{"a": {}, "check": {}, "c": {}, "d": {collation: "RTRIM", computed: "a || ')'"}, "e": {computed: "1"}},
		keyName: "pk",
		unique:  []dialect.KeyInfo{{Name: "n", Columns: []string{"c"}}},
		foreignKeys: []dialect.ForeignKeyInfo{{Deferral: dialect.Deferral{Deferrable: true}}, {Name: "two"},
			{Deferral: dialect.Deferral{Deferrable: true, InitiallyDeferred: true}}},
		checks:  []dialect.CheckInfo{{SQL: "a>0"}, {SQL: "b"}},
		options: []string{"STRICT", "WITHOUT ROWID"},
	}
	if got := parseTable(sql); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	for _, none := range []string{"", "CREATE", "CREATE VIRTUAL TABLE f USING fts5(a, b)", "CREATE TABLE t AS SELECT 1", "CREATE TABLE t"} {
		if got := parseTable(none); len(got.columns) != 0 || got.checks != nil {
			t.Errorf("%s: %+v", none, got)
		}
	}
}

func TestParseIndex(t *testing.T) {
	for _, c := range []struct {
		sql, where string
		terms      []string
	}{
		{`CREATE INDEX "i(" ON t (a)`, "", []string{"a"}},
		{`CREATE UNIQUE INDEX i ON t ((a + 1), f(b, ',') COLLATE NOCASE DESC, c ASC) WHERE a > 0 -- end`, "a > 0", []string{"a + 1", "f(b, ',')", "c"}},
		{`CREATE INDEX i ON t`, "", nil},
	} {
		if terms, where := parseIndex(c.sql); where != c.where || !reflect.DeepEqual(terms, c.terms) {
			t.Errorf("%s: %q, %q", c.sql, terms, where)
		}
	}
}

// No text makes the readers panic or stay forever.
func FuzzParseTable(f *testing.F) {
	for _, s := range []string{"CREATE TABLE t (", "CREATE TABLE t (a DEFAULT", "CREATE TABLE t (a REFERENCES b ON", "CREATE TABLE t (a CHECK", "CREATE TABLE t (CONSTRAINT",
		"CREATE TABLE [t (a", "CREATE TABLE t (a /*", "CREATE TABLE t (a))", "CREATE INDEX i ON t (a COLLATE", "CREATE VIEW v AS", "CREATE VIEW v (a, b) AS SELECT 1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		parseTable(sql)
		parseIndex(sql)
		viewQuery(sql)
	})
}
