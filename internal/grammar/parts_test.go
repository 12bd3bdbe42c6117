package grammar

import "testing"

// A deep text is refused for what is wrong in any part of it, and passes without that.
func TestPartsAreJudged(t *testing.T) {
	const deep = "SELECT CASE WHEN (a.b = 1) THEN coalesce(a.c, (a.d + (SELECT max(k.n) AS m FROM kid k WHERE (k.v LIKE 'x' ESCAPE '!')))) END AS c0 FROM a WHERE a.e IN (:1, :2) AND (NOT (a.f = (:3 || a.g)))"
	if why, err := judgeParts("oracle19", deep); err != nil || why != "" {
		t.Errorf("%q, %v\n%s", why, err, deep)
	}
	for _, text := range []string{
		"SELECT CASE WHEN (a.b = 1) THEN coalesce(a.c, (a.d + )) END AS c0 FROM a",
		"SELECT CASE WHEN (a.b) THEN 1 END AS c0 FROM a",
		"SELECT CASE WHEN a.b = 1 THEN CASE WHEN a.c = 2 THEN (a.d = 3) END END AS c0 FROM a",
		"SELECT a.b FROM a WHERE (a.c + (SELECT 1 AS n FROM) = 2)",
		"SELECT a.b FROM a WHERE abs(coalesce(a.c, a.d AND a.e)) = 1",
		"SELECT a.b FROM (SELECT k.b AS b FROM k WHERE k.c = TRUE) a",
		"MERGE INTO a USING b ON a.c = b.c WHEN MATCHED THEN UPDATE SET d = 1",
	} {
		if _, err := judgeParts("oracle19", text); err == nil {
			t.Errorf("it passes: %s", text)
		}
	}
	if why, err := judgeParts("oracle", "SELECT a.b FROM a WHERE coalesce(a.c IS TRUE, a.d)"); err != nil || why == "" {
		t.Errorf("%q, %v", why, err)
	}
}
