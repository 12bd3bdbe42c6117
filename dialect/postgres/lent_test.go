package postgres_test

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// Values of PostgreSQL's own types reach database/sql in
// a form that its Scanners know.
func TestLentDB(t *testing.T) {
	e, err := engine.Open(testenv.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	var id, list, span, number, interval any
	var day time.Time
	err = e.DB().QueryRowContext(t.Context(), "SELECT '123e4567-e89b-12d3-a456-426614174000'::uuid, ARRAY[1,2], int4range(1,5), 1.50::numeric, "+
		"interval '1 day', date '2024-02-03' WHERE 1 = $1", 1).Scan(&id, &list, &span, &number, &interval, &day)
	if err != nil {
		t.Fatal(err)
	}
	if id != "123e4567-e89b-12d3-a456-426614174000" || list != "{1,2}" || span != "[1,5)" || number != "1.50" || day.Day() != 3 {
		t.Errorf("%v (%T), %v, %v, %v, %v, %v", id, id, list, span, number, interval, day)
	}
	if s, ok := interval.(string); !ok || !strings.HasPrefix(s, "1 day") {
		t.Errorf("%v (%T)", interval, interval)
	}
	for range 3 {
		var null sql.NullString
		if err := e.DB().QueryRowContext(t.Context(), "SELECT NULL::int[]").Scan(&null); err != nil || null.Valid {
			t.Error(null, err)
		}
	}
}
