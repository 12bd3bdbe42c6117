package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/fakedb"
)

func TestChunks(t *testing.T) {
	ctx := t.Context()
	var read []int64 // how many rows of each statement
	e, db := open(t, engine.WithHooks(engine.Hooks{
		Statement: func(context.Context, engine.StatementInfo) (context.Context, func(engine.Outcome)) {
			return nil, func(o engine.Outcome) { read = append(read, o.Rows) }
		},
	}))
	broken := numbers(5)
	broken.Err = &fakedb.Error{Kind: dialect.ErrData, Message: "torn"}
	db.On("SEVEN", numbers(7))
	db.On("NONE", numbers(0))
	db.On("BROKEN", broken)
	for _, tt := range []struct {
		text string
		n    int
		most int // chunks taken
		want string
		read int64
	}{
		{"SEVEN", 3, 9, "[1 2 3] [4 5 6] [7]", 7},
		{"SEVEN", 7, 9, "[1 2 3 4 5 6 7]", 7},
		{"SEVEN", 100, 9, "[1 2 3 4 5 6 7]", 7},
		{"SEVEN", 3, 1, "[1 2 3]", 3}, // and no row beyond
		{"SEVEN", 1, 2, "[1] [2]", 2},
		{"NONE", 3, 9, "", 0},
		{"BROKEN", 3, 9, "[1 2 3] error", 5},
	} {
		read = nil
		var got []string
		var kept [][]int64
		for chunk, err := range engine.Chunks[int64](ctx, e, engine.Text(tt.text), tt.n) {
			if err != nil {
				wantError(t, err, engine.ErrData, "torn")
				if chunk != nil {
					t.Errorf("an error with %v", chunk)
				}
				got = append(got, "error")
				continue
			}
			kept = append(kept, chunk)
			got = append(got, fmt.Sprint(chunk))
			if len(got) == tt.most {
				break
			}
		}
		if text := strings.Join(got, " "); text != tt.want {
			t.Errorf("%s by %d: %s, want %s", tt.text, tt.n, text, tt.want)
		}
		if len(kept) > 1 && kept[0][0] != 1 {
			t.Errorf("a slice that was kept has become %v", kept[0])
		}
		if len(read) != 1 || read[0] != tt.read {
			t.Errorf("%s by %d: read %v rows, want %d", tt.text, tt.n, read, tt.read)
		}
		if s := e.Stats(); s.Leased != 0 {
			t.Errorf("still out: %v", s)
		}
	}
	for _, err := range engine.Chunks[int64](ctx, e, engine.Text("SEVEN"), 0) {
		wantError(t, err, engine.ErrArguments, "at least 1")
	}
}

// Rows come as they are read: a result far larger than memory is begun at once.
func TestLiveRowsStream(t *testing.T) {
	texts := map[string]string{
		"sqlite":   "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000000) SELECT i FROM n",
		"postgres": "SELECT i FROM (SELECT generate_series(1, 100000000000) AS i) AS s",
		"mariadb":  "SELECT seq FROM seq_1_to_100000000000",
		"mssql": "WITH d AS (SELECT x FROM (VALUES (0), (0), (0), (0), (0), (0), (0), (0), (0), (0)) AS v (x)) SELECT ROW_NUMBER() OVER (ORDER BY (SELECT NULL)) AS i " +
			"FROM d a CROSS JOIN d b CROSS JOIN d c CROSS JOIN d e CROSS JOIN d f CROSS JOIN d g CROSS JOIN d h CROSS JOIN d i CROSS JOIN d j CROSS JOIN d k",
		"oracle": "SELECT ROWNUM AS i FROM (SELECT LEVEL FROM dual CONNECT BY LEVEL <= 100000) a CROSS JOIN (SELECT LEVEL FROM dual CONNECT BY LEVEL <= 100000) b",
	}
	live(t, func(t *testing.T, e *engine.Engine, table string) {
		text, ok := texts[e.Dialect().Name()]
		if !ok {
			t.Skip("not run: no text that makes rows out of nothing")
		}
		n := int64(0)
		for chunk, err := range engine.Chunks[int64](t.Context(), e, engine.Text(text), 1000) {
			check(t, err)
			for _, i := range chunk {
				if n++; i != n {
					t.Fatalf("row %d is %d", n, i)
				}
			}
			if n == 5000 {
				break
			}
		}
		if n != 5000 {
			t.Errorf("%d rows", n)
		}
		if e.Dialect().Name() == "postgres" {
			return // a transaction reads it to its end there; see TestLivePostgresLeavesRows
		}
		// a transaction goes on after it
		check(t, e.Transact(t.Context(), func(tx *engine.Tx) error {
			for i := range 3 {
				for _, err := range engine.Each[int64](t.Context(), tx, engine.Text(text)) {
					check(t, err)
					break
				}
				check(t, put(t.Context(), tx, table, i, "x", nil))
			}
			return nil
		}))
		if n := count(t, e, table); n != 3 {
			t.Errorf("%d rows were put", n)
		}
	})
}
