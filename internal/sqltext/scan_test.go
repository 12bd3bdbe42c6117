package sqltext

import (
	"strings"
	"testing"
)

var (
	postgres = &Rules{EscapeStrings: true, DollarQuotes: true, NestedComments: true, ReturnEndsLine: true,
		SessionCalls: []string{"set_config", "pg_advisory_lock"}}
	mysql = &Rules{BackslashEscapes: true, DoubleQuoteText: true, Backticks: true, HashComments: true, DashSpace: true,
		VersionComments: true, Assignments: true, NoEnd: true, SessionCalls: []string{"get_lock"}}
	sqlite = &Rules{Backticks: true, Brackets: true}
	mssql  = &Rules{Brackets: true, NestedComments: true, HashNames: true, LooseStatements: true}
	oracle = &Rules{QQuotes: true, HashNames: true, NoEnd: true, BeginBlock: true}
	all    = map[string]*Rules{"postgres": postgres, "mysql": mysql, "sqlite": sqlite, "mssql": mssql, "oracle": oracle}
)

// names returns the parameters found, IN lists marked by brackets, joined by spaces.
func names(r *Rules, text string) string {
	pieces, _ := Params(r, text)
	var out []string
	for _, p := range pieces {
		switch {
		case p.List && p.Not:
			out = append(out, "!["+p.Name+"]")
		case p.List:
			out = append(out, "["+p.Name+"]")
		case p.Name != "":
			out = append(out, p.Name)
		}
	}
	return strings.Join(out, " ")
}

func TestParams(t *testing.T) {
	tests := []struct {
		rules *Rules
		text  string
		want  string
	}{
		{postgres, "SELECT :a, :b_2 WHERE x=:c", "a b_2 c"},
		{postgres, "SELECT a::text, :b::int, 'x:y', ' :z'", "b"},
		{postgres, `SELECT ":q", E'it\':s', $$ :x $$, $t$ $$ :y $t$, :a`, "a"},
		{postgres, "SELECT /* :x /* :y */ :z */ :a -- :b\n, :c", "a c"},
		{postgres, "SELECT arr[1:n], arr[2:3], :a", "a"},
		{postgres, `SELECT '\', :a`, "a"},
		{postgres, "SELECT 12:30", ""},
		{postgres, `SELECT \:a, :b`, "b"},
		{postgres, "SELECT E'a'\n  'b\\' :x', :a", "a"},
		{postgres, "SELECT E'a' -- no\n'b\\', :a", "a"}, // a comment before the line's end: two literals
		{postgres, "SELECT E'a'\n-- :c\n'b\\' :x', :a", "a"},
		{postgres, "SELECT E'a' 'b\\', :a", "a"},
		{postgres, "SELECT 1 -- :x\r, :a", "a"},
		{sqlite, "SELECT 1 -- :x\r, :y\n, :a", "a"},
		{postgres, "SELECT a#:b, 5#:c, d#>>:e", "b c e"},
		{mysql, "SELECT a# it's :x\n, 1# it's :y\n, :b", "b"},
		{mssql, "SELECT a#b FROM #t WHERE c = :a", "a"},
		{oracle, "SELECT a#b, v$c FROM d WHERE e = :a", "a"},
		{postgres, "SELECT x := 1, :a", "a"},
		{postgres, "SELECT a ? 'b', :a", "a"},
		{mysql, `SELECT 'it\'s :x', ":y", ` + "`:z`" + `, :a # :b`, "a"},
		{mysql, "SELECT 1--:a", "a"}, // not a comment on MySQL
		{mysql, "SELECT 1 -- :a", ""},
		{mysql, "SELECT /*!50000 :a */ 1", "a"},
		{mysql, "SELECT @x := :a, @y", "a"},
		{sqlite, "SELECT [a:b], `:c`, \":d\", :e", "e"},
		{mssql, "SELECT [it]]s :x], N'n:y', @p, :a", "a"},
		{oracle, "SELECT q'[it's :x]', nq'!:y!', q'(a)b)', :a", "a"},
		{oracle, "SELECT DATE'2024-01-31', TIMESTAMP '2024-01-31 12:30:00', :a", "a"},
		{sqlite, "SELECT 1 WHERE x IN (:ids) AND y NOT IN ( :more ) AND z IN (:a, :b)", "[ids] ![more] a b"},
		{sqlite, "SELECT 1 WHERE x in/*c*/(:ids)", "[ids]"},
		{sqlite, "SELECT f(:a), min(:b)", "a b"},
		{sqlite, "SELECT 'unfinished :a", ""},
		{sqlite, "SELECT 1e-3, .5, :a", "a"},
	}
	for _, tt := range tests {
		if got := names(tt.rules, tt.text); got != tt.want {
			t.Errorf("Params(%s) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestParamsMark(t *testing.T) {
	for _, tt := range []struct {
		rules      *Rules
		text, want string
	}{
		{sqlite, "SELECT ?", "?"}, {sqlite, "SELECT ?12", "?12"}, {postgres, "SELECT $1", "$1"},
		{mssql, "SELECT @p1, @@version", "@p1"}, {oracle, "SELECT :1", ":1"}, {sqlite, "SELECT '?'", ""},
		{postgres, "SELECT a ? 'b', $1", "? $1"}, {postgres, `SELECT a[1\:3], b[1\:n]`, ""},
	} {
		if _, marks := Params(tt.rules, tt.text); strings.Join(marks, " ") != tt.want {
			got := strings.Join(marks, " ")
			t.Errorf("mark of %s = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestClassify(t *testing.T) {
	for _, tt := range []struct {
		text                     string
		writes, session, several bool
	}{
		{"SELECT 1", false, false, false},
		{"  -- c\n select 1", false, false, false},
		{"SELECT 1;", false, false, false},
		{"SELECT ';' ;; ", false, false, false},
		{"SELECT 1; SET x = 1", true, true, true},
		{"SELECT * INTO t FROM u", true, true, false},
		{"INSERT INTO t VALUES (1)", true, false, false},
		{"WITH x AS (SELECT 1) SELECT * FROM x", false, false, false},
		{"WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x", true, false, false},
		{"CREATE TABLE t (a int)", true, false, false},
		{"CREATE TEMP TABLE t (a int)", true, true, false},
		{"SET search_path = x", true, true, false},
		{"BEGIN", true, true, false},
		{"LOCK TABLE t", true, true, false},
		{"PRAGMA foreign_keys = off", true, true, false},
		{"(SELECT 1) UNION (SELECT 2)", false, false, false},
		{"CALL p()", true, true, false},
		{"CREATE TABLE #t (a int)", true, true, false},
		{"INSERT INTO t VALUES (1) SET IDENTITY_INSERT t ON", true, true, false},
		{"select 1 begin tran", true, true, false},
		{"UPDATE t SET a = 'set x', b = [use] WHERE c = 1", true, false, false},
		{"CREATE TABLE pg_temp.t (a int)", true, true, false},
		{"WITH x AS (SELECT 1) SELECT * INTO TEMP t FROM x", true, true, false},
		{"WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x", true, false, false},
		{"WITH x AS (SELECT 1) INSERT OR IGNORE INTO t SELECT * FROM x", true, false, false},
		{"EXPLAIN ANALYZE SELECT * INTO t FROM u", true, true, false},
	} {
		c := Classify(mssql, tt.text)
		if c.Writes != tt.writes || c.Session != tt.session || c.Several != tt.several {
			t.Errorf("Classify(%q) = %+v", tt.text, c)
		}
	}
	if c := Classify(sqlite, " -- nothing"); c.Verb != "" {
		t.Errorf("verb of an empty text: %+v", c)
	}
}

// What ends the transaction around a text, or begins one within it, is found
// wherever it stands, and what only looks like it is not.
func TestEnds(t *testing.T) {
	block := []*Rules{oracle}
	plain := []*Rules{postgres, mysql, sqlite, oracle}
	every := append([]*Rules{mssql}, plain...)
	for _, tt := range []struct {
		rules []*Rules
		text  string
		want  string
	}{
		{every, "COMMIT", "COMMIT"},
		{every, " /* c */ commit work;", "COMMIT"},
		{every, "INSERT INTO t VALUES (1); COMMIT; INSERT INTO t VALUES (2)", "COMMIT"},
		{every, "rollback", "ROLLBACK"},
		{every, "ROLLBACK WORK", "ROLLBACK"},
		{every, "ROLLBACK TRANSACTION", "ROLLBACK"},
		{plain, "COMMIT AND CHAIN", "COMMIT"},
		{plain, "ROLLBACK TO SAVEPOINT a", ""},
		{plain, "ROLLBACK WORK TO a", ""},
		{every, "COMMIT PREPARED 'x'", ""},
		{[]*Rules{postgres, sqlite}, "END", "END"},
		{[]*Rules{mysql}, "IF 1 > 0 THEN SELECT 1; END IF", ""},
		{[]*Rules{mysql}, "WHILE @a > 0 DO SET @a = @a - 1; END WHILE", ""},
		{every, "CREATE TABLE t (id int, type int); COMMIT", "COMMIT"},
		{plain, "ALTER TABLE t DISABLE TRIGGER x; COMMIT", "COMMIT"},
		{plain, "CREATE TRIGGER a AFTER INSERT ON t BEGIN DELETE FROM type; END", ""},
		{plain, "ABORT", "ABORT"},
		{[]*Rules{postgres, mysql, sqlite}, "BEGIN", "BEGIN"},
		{[]*Rules{postgres}, "BEGIN ISOLATION LEVEL SERIALIZABLE", "BEGIN"},
		{[]*Rules{postgres, mysql, sqlite}, "BEGIN IMMEDIATE; INSERT INTO t VALUES (1)", "BEGIN"},
		{plain, "START TRANSACTION READ ONLY", "START TRANSACTION"},
		{plain, "PREPARE TRANSACTION 'x'", "PREPARE TRANSACTION"},
		{plain, "PREPARE x AS SELECT 1", ""},
		{plain, "SAVEPOINT a", ""},
		{plain, "RELEASE a", ""},
		{every, "SELECT 'COMMIT; ROLLBACK' -- COMMIT", ""},
		{every, "UPDATE t SET a = CASE WHEN b THEN 1 ELSE 2 END", ""},
		{[]*Rules{postgres}, "CREATE TEMP TABLE t (a int) ON COMMIT DROP", ""},
		{[]*Rules{postgres}, "DO $$ BEGIN COMMIT; END $$", ""},
		{plain, "CREATE TRIGGER a AFTER INSERT ON t BEGIN DELETE FROM u; END", ""},
		{plain, "CREATE PROCEDURE p() BEGIN START TRANSACTION; DELETE FROM u; COMMIT; END", ""},
		{[]*Rules{mysql}, "BEGIN NOT ATOMIC DELETE FROM u; END", ""},
		{[]*Rules{mysql}, "BEGIN NOT ATOMIC DELETE FROM u; COMMIT; END", "COMMIT"},
		{block, "BEGIN p(1); q; END;", ""},
		{block, "BEGIN COMMIT; END;", "COMMIT"},
		{block, "BEGIN :x := 1; END;", ""},
		{block, "BEGIN :1 := f(2); COMMIT; END;", "COMMIT"},
		{block, `BEGIN "pkg"."p"(1); END;`, ""},
		{block, "BEGIN read(1); END;", ""},
		{block, "BEGIN <<a>> NULL; END;", ""},
		{block, "<<a>> BEGIN NULL; END;", ""},
		{block, "<<a>> BEGIN COMMIT; END;", "COMMIT"},
		{block, "WITH FUNCTION f RETURN NUMBER IS BEGIN RETURN 1; END; SELECT f FROM dual", ""},
		{block, "DECLARE n NUMBER; BEGIN n := 1; IF n = 1 THEN ROLLBACK; END IF; END;", "ROLLBACK"},
		{block, "BEGIN FOR r IN (SELECT 1 FROM dual) LOOP COMMIT; END LOOP; END;", "COMMIT"},
		{block, "BEGIN p; EXCEPTION WHEN OTHERS THEN ROLLBACK TO a; RAISE; END;", ""},
		{block, "DECLARE PRAGMA AUTONOMOUS_TRANSACTION; BEGIN p; COMMIT; END;", ""},
		{[]*Rules{mssql}, "INSERT INTO t VALUES (1) COMMIT", "COMMIT"},
		{[]*Rules{mssql}, "IF @@TRANCOUNT > 0 COMMIT TRAN", "COMMIT"},
		{[]*Rules{mssql}, "BEGIN TRAN", "BEGIN TRANSACTION"},
		{[]*Rules{mssql}, "BEGIN TRAN INSERT INTO t VALUES (1) COMMIT TRAN", ""},
		{[]*Rules{mssql}, "BEGIN TRAN; COMMIT; COMMIT", "COMMIT"},
		{[]*Rules{mssql}, "SAVE TRAN a; DELETE FROM t; ROLLBACK TRAN a", ""},
		{[]*Rules{mssql}, "BEGIN TRY DELETE FROM t END TRY BEGIN CATCH THROW END CATCH", ""},
		{[]*Rules{mssql}, "BEGIN TRY DELETE FROM t END TRY BEGIN CATCH ROLLBACK THROW END CATCH", "ROLLBACK"},
		{[]*Rules{mssql}, "CREATE OR ALTER PROC p AS BEGIN TRAN DELETE FROM t COMMIT", ""},
		{[]*Rules{mssql}, "SELECT [commit], a AS [rollback] FROM t", ""},
	} {
		for _, r := range tt.rules {
			if got := Classify(r, tt.text).Ends; got != tt.want {
				t.Errorf("%+v: Classify(%q).Ends = %q, want %q", *r, tt.text, got, tt.want)
			}
		}
	}
}

func FuzzScanner(f *testing.F) {
	for _, s := range []string{"SELECT :a::b", "'it''s'", `E'\''`, "$$x$$", "$a$ $$", "q'[", "/* /* */", "a[1:n]", "--", "\\:a", "é:ü", "1e+", "@@", "U&'x'"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for name, r := range all {
			var b strings.Builder
			s := NewScanner(r, text)
			for {
				tok := s.Next()
				if tok.Kind == End {
					break
				}
				if tok.End <= tok.Start {
					t.Fatalf("%s: an empty token at %d of %q", name, tok.Start, text)
				}
				b.WriteString(text[tok.Start:tok.End])
			}
			if b.String() != text {
				t.Fatalf("%s: tokens joined give %q, not %q", name, b.String(), text)
			}
			Params(r, text)
			Classify(r, text)
		}
	})
}
