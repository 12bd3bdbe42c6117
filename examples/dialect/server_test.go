package quarry_test

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
)

// variable names the PostgreSQL server that plays Quarry, for a superuser.
const variable = "SQLAYER_TEST_POSTGRES"

// likeQuarry makes a Quarry of an empty database, as far as its dialect is
// concerned.
var likeQuarry = []string{
	`CREATE SCHEMA quarry`,
	`CREATE DOMAIN quarry.ubigint AS numeric(20,0) CHECK (VALUE BETWEEN 0 AND 18446744073709551615)`,
	`CREATE FUNCTION quarry.refuse() RETURNS event_trigger LANGUAGE plpgsql AS
 $$ BEGIN RAISE EXCEPTION 'Quarry does not take %', tg_tag USING ERRCODE = 'QY001'; END $$`,
	`CREATE EVENT TRIGGER quarry_refuses ON ddl_command_start WHEN TAG IN ('CREATE MATERIALIZED VIEW') EXECUTE FUNCTION quarry.refuse()`,
	`CREATE FUNCTION quarry.fill() RETURNS integer LANGUAGE plpgsql AS
 $$ BEGIN RAISE EXCEPTION 'the space of the tenant is used up' USING ERRCODE = 'QY053'; END $$`,
}

// server returns the URL of the PostgreSQL server, or skips the test.
func server(t *testing.T) *dialect.URL {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		if slices.Contains(strings.Split(os.Getenv("SQLAYER_REQUIRE"), ","), "postgres") {
			t.Fatalf("SQLAYER_REQUIRE asks for postgres, and %s is not set", variable)
		}
		t.Skipf("not run: set %s to the URL of a PostgreSQL server, for a superuser", variable)
	}
	u, err := dialect.ParseURL(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// database makes a database that is like Quarry, until the test ends.
func database(t *testing.T) (url string) {
	t.Helper()
	u := server(t)
	admin, err := engine.Open(u.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	name := "quarry_" + strings.ToLower(rand.Text()[:10])
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		_, err := admin.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
		if err := errors.Join(err, admin.Close()); err != nil {
			t.Error(err)
		}
	})
	for _, text := range []string{"CREATE DATABASE " + name + " TEMPLATE template0", "ALTER DATABASE " + name + " SET quarry.version = '3.2'"} {
		if _, err := admin.Exec(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	in := *u
	in.Database = name
	inside, err := engine.Open(in.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range likeQuarry {
		if _, err := inside.Exec(t.Context(), text); err != nil {
			t.Fatal(errors.Join(err, inside.Close()))
		}
	}
	if err := inside.Close(); err != nil {
		t.Fatal(err)
	}
	in.Scheme = "quarry"
	return in.Reveal()
}

// open opens a database that is like Quarry, and keeps what is sent.
func open(t *testing.T) (*engine.Engine, *[]string) {
	t.Helper()
	sent := &[]string{}
	eng, err := engine.Open(database(t), engine.WithHooks(engine.Hooks{
		Statement: func(ctx context.Context, s engine.StatementInfo) (context.Context, func(engine.Outcome)) {
			*sent = append(*sent, s.Text)
			return ctx, nil
		},
	}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := eng.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := eng.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	return eng, sent
}
