package mysql_test

import (
	"database/sql"
	"errors"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// On connections of a *sql.DB, too, a FLOAT keeps its digits, and nothing runs
// in place of a transaction that the server has ended.
func TestAdoptedConnections(t *testing.T) {
	u, err := dialect.ParseURL(testenv.MySQL(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, interpolate := range []bool{false, true} {
		config := driver.NewConfig()
		config.Net, config.Addr, config.DBName, config.User = "tcp", u.Hosts[0].Address(3306), u.Database, u.Username
		config.Passwd, _ = u.Password()
		config.InterpolateParams = interpolate
		raw, err := driver.NewConnector(config)
		if err != nil {
			t.Fatal(err)
		}
		db := sql.OpenDB(raw)
		defer db.Close()
		eng, err := engine.FromDB(db, mysql.Dialect())
		if err != nil {
			t.Fatal(err)
		}
		defer eng.Close()
		exec := func(text string, args ...any) {
			t.Helper()
			if _, err := eng.Exec(t.Context(), text, args...); err != nil {
				t.Fatal(err)
			}
		}
		exec("DROP TABLE IF EXISTS sqlayer_my_adopted")
		exec("CREATE TABLE sqlayer_my_adopted (id INT PRIMARY KEY, f FLOAT)")
		exec("INSERT INTO sqlayer_my_adopted VALUES (1, 16777.219)")
		for range 2 {
			f, err := engine.Scalar[float32](t.Context(), eng, engine.Text("SELECT f FROM sqlayer_my_adopted"))
			if err != nil || f != seven {
				t.Errorf("without arguments: %v (%v)", f, err)
			}
		}
		for i := range 2 { // where arguments are written into the text, the first time says so
			f, err := engine.Scalar[float32](t.Context(), eng, dialect.Text("SELECT f FROM sqlayer_my_adopted WHERE id = ?", 1))
			if refused := interpolate && i == 0; refused != errors.Is(err, engine.ErrScan) || !refused && f != seven {
				t.Errorf("with arguments (in the text: %v): %v (%v)", interpolate, f, err)
			}
		}
		exec("DROP TABLE sqlayer_my_adopted")
	}
}
