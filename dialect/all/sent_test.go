package all_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/tdsfake"
	"github.com/sqlayer-go/sqlayer/internal/tnsfake"
)

// onSQLServer opens an Engine on a server that only writes down what it is sent.
func onSQLServer(t *testing.T, answer func(tdsfake.Request) tdsfake.Reply) (*engine.Engine, *tdsfake.Server) {
	t.Helper()
	srv := tdsfake.Start(t, func(r tdsfake.Request) tdsfake.Reply {
		if strings.Contains(r.Text, "ProductVersion") {
			return tdsfake.Reply{Columns: []string{"v", "e"}, Rows: [][]any{{"16.0.1000.6", int64(3)}}}
		}
		if answer != nil {
			return answer(r)
		}
		return tdsfake.Reply{Affected: 1}
	})
	return opened(t, "sqlserver://sa:"+tdsfake.Password+"@"+srv.Addr+"/shop?encrypt=disable"), srv
}

// onOracle is onSQLServer for Oracle.
func onOracle(t *testing.T, answer func(tnsfake.Request) tnsfake.Reply) (*engine.Engine, *tnsfake.Server) {
	t.Helper()
	srv := tnsfake.Start(t, func(r tnsfake.Request) tnsfake.Reply {
		if strings.Contains(r.Text, "product_component_version") {
			return tnsfake.Reply{Columns: []string{"VERSION"}, Rows: [][]any{{"19.3.0.0.0"}}}
		}
		if answer != nil {
			return answer(r)
		}
		return tnsfake.Reply{Affected: 1}
	})
	return opened(t, "oracle://ada:"+tnsfake.Password+"@"+srv.Addr+"/shop"), srv
}

func opened(t *testing.T, url string) *engine.Engine {
	t.Helper()
	e, err := engine.Open(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// sent calls each for every type that d has and every value of it, and joins what it says.
func sent(t *testing.T, d dialect.Dialect, each func(insert dialect.Statement) (string, error)) []string {
	t.Helper()
	all := make([]string, len(typeWays))
	for i := range typeWays {
		w := &typeWays[i]
		if w.reflected(d) == absent {
			continue
		}
		table := schema.New("t", schema.Integer("id").PrimaryKey(), schema.NewColumn("v", w.typ).Null())
		id, v := expr.C[int](table, "id"), expr.C[any](table, "v")
		var said []string
		for _, value := range append(slices.Clone(w.binds), nil) {
			s, err := each(expr.Insert(table).Values(id.Set(1), v.Set(value)))
			if err != nil {
				t.Errorf("%s: %T for a %s: %v", d.Name(), value, w.typ.String(), err)
			} else if s != "" && !slices.Contains(said, s) {
				said = append(said, s)
			}
		}
		all[i] = strings.Join(said, ", ")
	}
	return all
}

// sentToSQLServer is how the values of each type are declared.
func sentToSQLServer(t *testing.T) []string {
	t.Helper()
	e, srv := onSQLServer(t, nil)
	return sent(t, dialectNamed(t, "mssql"), func(insert dialect.Statement) (string, error) {
		if _, err := e.Run(t.Context(), insert, nil); err != nil {
			return "", err
		}
		requests := srv.Requests()
		_, decl, ok := strings.Cut(requests[len(requests)-1].Declared, ",@p2 ")
		if !ok {
			return "", errors.New("declared as " + requests[len(requests)-1].Declared)
		}
		return "`" + decl + "`", nil
	})
}

// sentToOracle is the types of the values of each type. NULL has none of its own.
func sentToOracle(t *testing.T) []string {
	t.Helper()
	e, srv := onOracle(t, nil)
	return sent(t, dialectNamed(t, "oracle"), func(insert dialect.Statement) (string, error) {
		if _, err := e.Run(t.Context(), insert, nil); err != nil {
			return "", err
		}
		for _, r := range slices.Backward(srv.Requests()) {
			if len(r.Types) == 2 {
				if r.Params[1] == nil {
					return "", nil
				}
				return "`" + r.Types[1] + "`", nil
			}
		}
		return "", errors.New("no insert was sent")
	})
}
