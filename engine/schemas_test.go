package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/fakedb"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/testspace"
)

type parcels struct {
	schema.Table `db:"parcels"`
	ID           schema.Col[int64]  `db:",pk"`
	What         schema.Col[string] `db:",type:varchar(50)"`
}

var Parcels = schema.Define[parcels]()

type parcel struct {
	ID   int64
	What string
}

// names are schemas under one name each.
type names = map[string]string

func TestSchemasOfEngineAndStatement(t *testing.T) {
	e, db := open(t)
	ctx := t.Context()
	q := expr.Select(Parcels.ID).From(Parcels)
	acme, err := e.With(engine.Schemas(names{"": "acme"}))
	check(t, err)
	conn := connect(t, acme)
	run := func(r engine.Runner, s engine.Statement) {
		t.Helper()
		_, err := engine.All[int64](ctx, r, s)
		check(t, err)
	}
	db.On("SELECT", fakedb.Rows([]string{"id"}, []any{int64(1)}))
	run(acme, q)
	run(e, q)
	run(conn, q)
	run(acme, engine.Options(q, engine.Schemas(names{"": "other"})))
	run(e, engine.Options(q, engine.Schemas(names{"": "other"})))
	run(acme, engine.Options(q, engine.Schemas(nil)))
	run(acme, engine.Text("SELECT id FROM parcels"))
	check(t, acme.Transact(ctx, func(tx *engine.Tx) error {
		_, err := engine.All[int64](ctx, tx, q)
		return err
	}))
	var b engine.Batch
	b.Add(expr.Delete(Parcels).EveryRow(), nil)
	_, err = b.Run(ctx, conn)
	check(t, err)
	wantLog(t, db,
		"SELECT acme.parcels.id FROM acme.parcels",
		"SELECT parcels.id FROM parcels",
		"SELECT acme.parcels.id FROM acme.parcels",
		"SELECT other.parcels.id FROM other.parcels",
		"SELECT other.parcels.id FROM other.parcels",
		"SELECT parcels.id FROM parcels",
		"SELECT id FROM parcels",
		"BEGIN", "SELECT acme.parcels.id FROM acme.parcels", "COMMIT",
		"BEGIN", "DELETE FROM acme.parcels", "COMMIT",
	)
}

// Rows that are copied go where the Engine has its tables, in a transaction too.
func TestSchemasOfACopy(t *testing.T) {
	e, db := open(t)
	ctx := t.Context()
	acme, err := e.With(engine.Schemas(names{"": "acme", "log": "acme_log"}))
	check(t, err)
	db.On("SELECT", fakedb.Rows([]string{"id", "what"}))
	rows := slices.Values([]parcel{{1, "x"}})
	_, err = engine.Copy(ctx, acme, "parcels", rows)
	check(t, err)
	check(t, acme.Transact(ctx, func(tx *engine.Tx) error {
		_, err := engine.Copy(ctx, tx, "parcels", rows, engine.CopySchema("log"))
		return err
	}))
	_, err = engine.Copy(ctx, acme, "parcels", rows, engine.CopySchema("other"))
	check(t, err)
	_, err = engine.Copy(ctx, e, "parcels", rows)
	check(t, err)
	var asked, got []string
	for _, text := range db.Log() {
		if words := strings.Fields(text); words[0] == "INSERT" {
			got = append(got, words[2])
		} else if words[0] == "SELECT" {
			asked = append(asked, words[4])
		}
	}
	if want := []string{"acme.parcels", "acme_log.parcels", "other.parcels", "parcels"}; !slices.Equal(got, want) || !slices.Equal(asked, want) {
		t.Errorf("rows went to %v, their types came from %v, want %v", got, asked, want)
	}
}

// A map that is given is copied: what the program does with it later is its own.
func TestSchemasAreCopied(t *testing.T) {
	e, db := open(t)
	m := names{"": "acme"}
	acme, err := e.With(engine.Schemas(m))
	check(t, err)
	m[""] = "evil"
	_, err = acme.Run(t.Context(), expr.Delete(Parcels).EveryRow(), nil)
	check(t, err)
	wantLog(t, db, "DELETE FROM acme.parcels")
}

// Two tenants and the tables without a schema, through one statement, on
// connections that keep prepared statements.
func TestLiveTenants(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		ctx := t.Context()
		one, two := fmt.Sprintf("tenant_a%d", time.Now().UnixNano()), fmt.Sprintf("Tenant b%d", time.Now().UnixNano())
		opts := []engine.Option{engine.WithPoolSize(1)}
		if b.Name == "sqlite" {
			opts = append(opts, engine.WithOnConnect(func(ctx context.Context, c dialect.Conn) error {
				d, err := dialect.Lookup("sqlite")
				if err != nil {
					return err
				}
				for _, name := range []string{one, two} {
					s, err := dialect.Compile(d, engine.Text(`ATTACH ':memory:' AS "`+name+`"`))
					if err != nil {
						return err
					}
					defer s.Release()
					if _, err := c.Exec(ctx, s); err != nil {
						return err
					}
				}
				return nil
			}))
		}
		space := testspace.New(t, b)
		if b.Name != "sqlite" {
			space.Beside(t, one)
			space.Beside(t, two)
		}
		e, err := engine.Open(space.URL, append(opts, engine.WithStatementTimeout(testspace.Limit))...)
		check(t, err)
		t.Cleanup(func() { check(t, e.Close()) })
		meta := schema.NewMetadata(Parcels)
		q := expr.Select(Parcels.ID, Parcels.What).From(Parcels).OrderBy(Parcels.ID.Asc())
		tenants := map[string]*engine.Engine{}
		for _, name := range []string{one, two} {
			eng, err := e.With(engine.Schemas(names{"": name}))
			check(t, err)
			check(t, meta.CreateAll(ctx, eng))
			check(t, meta.CreateAll(ctx, eng)) // which is there already
			_, err = eng.Run(ctx, expr.Insert(Parcels).Values(Parcels.ID.Set(1), Parcels.What.Set("of "+name)), nil)
			check(t, err)
			more := []parcel{{2, "copied to " + name}, {3, "copied to " + name}}
			if res, err := engine.Copy(ctx, eng, "parcels", slices.Values(more)); err != nil || res.RowsAffected() != 2 {
				t.Errorf("copy for tenant %s: %d, %v", name, res.RowsAffected(), err)
			}
			tenants[name] = eng
		}
		for range 3 {
			for name, eng := range tenants {
				ps, err := engine.All[parcel](ctx, eng, q)
				check(t, err)
				if want := []parcel{{1, "of " + name}, {2, "copied to " + name}, {3, "copied to " + name}}; !slices.Equal(ps, want) {
					t.Errorf("tenant %s reads %v", name, ps)
				}
			}
			if b.Name == "sqlite" {
				continue // where a name without a database is looked for in all of them
			}
			if _, err := engine.All[parcel](ctx, e, q); !errors.Is(err, engine.ErrUndefinedTable) {
				t.Errorf("without a tenant: %v", err)
			}
		}
		for _, eng := range tenants {
			check(t, meta.DropAll(ctx, eng))
		}
	})
}
