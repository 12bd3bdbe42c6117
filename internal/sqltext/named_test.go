package sqltext

import (
	"strings"
	"testing"
)

// What leaves something on the session by a function or an assignment.
func TestClassifySessionCalls(t *testing.T) {
	for _, tt := range []struct {
		rules *Rules
		text  string
		want  bool
	}{
		{postgres, "SELECT pg_advisory_lock(1)", true},
		{postgres, "SELECT PG_Advisory_Lock (1)", true},
		{postgres, "SELECT pg_catalog.set_config('a', 'b', false)", true},
		{postgres, "SELECT set_config /* c */ ('a', 'b', false)", true},
		{postgres, "INSERT INTO t SELECT pg_advisory_lock(1)", true},
		{postgres, `SELECT "pg_advisory_lock"(1)`, true},
		{postgres, `SELECT "pg_catalog"."pg_advisory_lock" (1)`, true},
		{postgres, `SELECT count("set_config"), "f"(1)`, false},
		{postgres, "SELECT 1 FROM t -- c\n, pg_advisory_lock(1)", true},
		{postgres, "SELECT pg_advisory_lock -- c\n (1)", true},
		{postgres, "SELECT pg_advisory_lock\n-- c\n\n(1)", true},
		{postgres, "SELECT set_config -- c\n ('a', 'b', false)", true},
		{mysql, "SELECT `get_lock`('a', 1)", true},
		{postgres, "WITH x AS (SELECT pg_advisory_lock(1)) SELECT * FROM x", true},
		{postgres, "SELECT pg_advisory_xact_lock(1)", false},
		{postgres, "SELECT set_config FROM t WHERE a IN (1)", false},
		{postgres, "SELECT 'pg_advisory_lock(1)'", false},
		{postgres, "SELECT (1), f(2) -- set_config(", false},
		{mysql, "SELECT GET_LOCK('a', 1)", true},
		{mysql, "SELECT @a := 1", true},
		{mysql, "SELECT ':='", false},
		{mysql, "SELECT get_lock_name(1)", false},
		{sqlite, "SELECT get_lock(1)", false},
	} {
		if got := Classify(tt.rules, tt.text).Session; got != tt.want {
			t.Errorf("%s: session %v, want %v", tt.text, got, tt.want)
		}
	}
}

// inert are the ways in which each database writes a text that holds no
// parameter: body is put into it, changed as little as needed to stay inside.
func inert(name string, body string) map[string]string {
	double := func(q string) string { return q + strings.ReplaceAll(body, q, q+q) + q }
	noStar := strings.NewReplacer("*", "_", "/", "_", "!", "_", "M", "_").Replace(body)
	line := strings.NewReplacer("\n", " ", "\r", " ").Replace(body)
	out := map[string]string{"block comment": "/*" + noStar + "*/", "line comment": "-- " + line + "\n"}
	backslashed := "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(body) + "'"
	if name == "mysql" {
		out["string"] = backslashed
		out["text in double quotes"] = `"` + strings.NewReplacer(`\`, `\\`, `"`, `""`).Replace(body) + `"`
		out["name"] = double("`")
		out["hash comment"] = "#" + line + "\n"
		return out
	}
	out["string"], out["name"] = double("'"), double(`"`)
	switch name {
	case "postgres":
		tag := "$q$"
		for strings.Contains(body+"$", tag) {
			tag = "$q" + tag[1:]
		}
		out["dollar quotes"] = tag + body + tag
		out["E string"] = "E" + backslashed
		out["E string on two lines"] = "E'a'\n" + backslashed
		out["return"] = "-- " + line + "\r"
		out["cast"] = "::" + strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' {
				return r
			}
			return -1
		}, body) + "t"
	case "sqlite":
		out["backticks"], out["brackets"] = double("`"), "["+strings.ReplaceAll(body, "]", "")+"]"
	case "mssql":
		out["brackets"] = "[" + strings.ReplaceAll(body, "]", "]]") + "]"
	case "oracle":
		out["q quotes"] = "q'[" + strings.ReplaceAll(body, "]", "") + "]'"
	}
	return out
}

// FuzzNamed: whatever is in a literal, a comment, a quoted name or a cast, no
// parameter is found there, and those around it are.
func FuzzNamed(f *testing.F) {
	for _, s := range []string{"", ":x", "it's :x", `\`, `\' :x`, `"`, "$$ :x $$", "$q$", "*/ :x /*", "-- :x", "\r:x\n:y", "]:x", "]]", "``:x", "é:ü", "IN (:x)",
		"E'\\'", "\x00", "\xff:x", "]'", "N':x", "' '", "!", "M!1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		for name, r := range all {
			for what, text := range inert(name, body) {
				got := names(r, "SELECT :a, x "+text+" , y IN (:l) AND :z")
				if got != "a [l] z" {
					t.Errorf("%s, %s: %q holds the parameters %q", name, what, text, got)
				}
				if texts(r, text) != text {
					t.Errorf("%s, %s: the tokens of %q do not join to it", name, what, text)
				}
			}
		}
	})
}

// texts joins the tokens of text.
func texts(r *Rules, text string) string {
	var b strings.Builder
	s := NewScanner(r, text)
	for tok := s.Next(); tok.Kind != End; tok = s.Next() {
		b.WriteString(text[tok.Start:tok.End])
	}
	return b.String()
}
