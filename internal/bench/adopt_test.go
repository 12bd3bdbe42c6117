package main

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"strconv"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/sqlayer-go/sqlayer/dialect"
	sqlayermysql "github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// adopted returns an Engine on a *sql.DB of pgx's own database/sql driver.
func adopted(t *testing.T) (*sql.DB, *engine.Engine) {
	t.Helper()
	db, err := sql.Open("pgx", testenv.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.FromDB(db, postgres.Dialect())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if s := db.Stats(); s.InUse != 0 {
			t.Errorf("%d connections are out", s.InUse)
		}
		if err := errors.Join(e.Shutdown(context.Background()), db.Close()); err != nil {
			t.Error(err)
		}
	})
	return db, e
}

func TestAdoptedDB(t *testing.T) {
	db, e := adopted(t)
	ctx := t.Context()
	type row struct {
		N    int32
		Name string
		At   time.Time
		Sum  string
		ID   string
		Nick *string
	}
	got, err := engine.One[row](ctx, e, engine.Text("SELECT 7::int4 AS n, 'x'::text AS name, now() AS at, 1.50::numeric AS sum, "+
		"'123e4567-e89b-12d3-a456-426614174000'::uuid AS id, NULL::text AS nick WHERE 1 = ANY(:list)", engine.Named{"list": []int64{1, 2}}))
	if err != nil || got.N != 7 || got.Sum != "1.50" || got.ID != "123e4567-e89b-12d3-a456-426614174000" || got.At.IsZero() || got.Nick != nil {
		t.Errorf("%+v, %v", got, err)
	}
	if !e.Dialect().Features().Version.AtLeast(10, 0) {
		t.Errorf("the server's version is %v", e.Dialect().Features().Version)
	}
	_, err = e.Exec(ctx, "SELECT 1/0")
	if !errors.Is(err, engine.ErrDivisionByZero) {
		t.Error(err)
	}
	_, err = e.Exec(ctx, "SELEC")
	if e, ok := errors.AsType[*engine.Error](err); !ok || e.Kind != engine.ErrSyntax || e.Code != "42601" {
		t.Error(err)
	}
	// a transaction that failed, and one that cannot be committed any more
	err = e.Transact(ctx, func(tx *engine.Tx) error {
		_, err := tx.Exec(ctx, "SELECT 1/0")
		return err
	}, engine.Isolation(engine.Serializable), engine.ReadOnly())
	if !errors.Is(err, engine.ErrDivisionByZero) {
		t.Error(err)
	}
	err = e.Transact(ctx, func(tx *engine.Tx) error {
		_, _ = tx.Exec(ctx, "SELECT 1/0")
		return nil
	})
	if err == nil {
		t.Error("a failed transaction was committed")
	}
	_, err = engine.FromDB(db, postgres.Dialect(), engine.WithPassword(func(context.Context) (string, error) { return "", nil }))
	if !errors.Is(err, engine.ErrArguments) {
		t.Error(err)
	}
}

func TestAdoptedDBCancelled(t *testing.T) {
	db, e := adopted(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := e.Exec(ctx, "SELECT pg_sleep(10)")
	if !errors.Is(err, engine.ErrCancelled) || !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if n, err := engine.Scalar[int](t.Context(), e, engine.Text("SELECT 1")); n != 1 || err != nil {
		t.Error(n, err)
	}
	if s := db.Stats(); s.InUse != 0 {
		t.Errorf("%+v", s)
	}
}

// MySQL's driver gives what the URL of its own DSN says.
func TestAdoptedMySQL(t *testing.T) {
	u, err := dialect.ParseURL(testenv.MySQL(t))
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.Password()
	cfg := mysql.NewConfig()
	cfg.User, cfg.Passwd, cfg.DBName, cfg.ParseTime = u.Username, password, u.Database, true
	cfg.Net, cfg.Addr = "tcp", net.JoinHostPort(u.Hosts[0].Name, strconv.Itoa(u.Hosts[0].Port))
	con, err := mysql.NewConnector(cfg)
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(con)
	defer db.Close()
	e, err := engine.FromDB(db, sqlayermysql.Dialect())
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		N    int
		Name string
		At   time.Time
		Sum  string
		Nick *string
	}
	err = e.Transact(t.Context(), func(tx *engine.Tx) error {
		got, err := engine.One[row](t.Context(), tx, engine.Text("SELECT :n AS n, 'x' AS name, now() AS at, 1.50 AS sum, NULL AS nick", engine.Named{"n": 7}))
		if got.N != 7 || got.Sum != "1.50" || got.At.IsZero() || got.Nick != nil {
			t.Errorf("%+v", got)
		}
		return err
	}, engine.Isolation(engine.Serializable))
	if err != nil {
		t.Error(err)
	}
	if _, err := e.Exec(t.Context(), "SELECT nope"); !errors.Is(err, engine.ErrUndefinedColumn) {
		t.Error(err)
	}
	if s := db.Stats(); s.InUse != 0 || s.OpenConnections != 1 {
		t.Errorf("%+v", s)
	}
}
