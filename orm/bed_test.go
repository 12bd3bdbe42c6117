package orm_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	_ "github.com/sqlayer-go/sqlayer/dialect/all"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/testspace"
	"github.com/sqlayer-go/sqlayer/orm"
)

// User and Address are the types of the tour.
type User struct {
	ID        int64      `db:",pk"`
	Name      string     `db:",size:50"`
	Email     *string    `db:",unique,size:100"`
	BossID    *int64     `db:",fk:User.ID"`
	Boss      *User      `db:",belongs-to,fk:BossID"`
	Reports   []*User    `db:",has-many,fk:BossID"`
	Addresses []*Address `db:",has-many,fk:UserID,cascade:all+delete-orphan"`
}

func (User) TableName() string { return "orm_users" }

type Address struct {
	ID     int64 `db:",pk"`
	City   string
	UserID int64 `db:",fk:User.ID"`
	User   *User `db:",belongs-to,fk:UserID"`
}

func (Address) TableName() string { return "orm_addresses" }

// recorder is a slog.Handler that keeps the statements.
type recorder struct {
	mu  sync.Mutex
	sql []string
}

func (r *recorder) Enabled(context.Context, slog.Level) bool { return true }
func (r *recorder) WithAttrs([]slog.Attr) slog.Handler       { return r }
func (r *recorder) WithGroup(string) slog.Handler            { return r }

func (r *recorder) Handle(_ context.Context, rec slog.Record) error {
	rec.Attrs(func(a slog.Attr) bool {
		if a.Key == "sql" {
			r.mu.Lock()
			r.sql = append(r.sql, a.Value.String())
			r.mu.Unlock()
		}
		return true
	})
	return nil
}

// take returns the statements since the last take.
func (r *recorder) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.sql
	r.sql = nil
	return out
}

// bed is a database for a test.
type bed struct {
	*testing.T
	eng *engine.Engine
	rec *recorder
	ctx context.Context
}

// newBed opens url and creates the tables of types, which it drops at the end.
func newBed(t *testing.T, url string, types ...any) *bed {
	t.Helper()
	b := &bed{T: t, rec: &recorder{}, ctx: context.Background()}
	var err error
	b.eng, err = engine.Open(url, engine.WithLogger(slog.New(b.rec)), engine.WithStatementTimeout(testspace.Limit))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.eng.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	meta := b.metadata(types...)
	if err := meta.DropAll(b.ctx, b.eng); err != nil {
		t.Fatal(err)
	}
	if err := meta.CreateAll(b.ctx, b.eng); err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(url, "sqlite:") {
		b.rec.take()
		return b // a file that goes with the test
	}
	t.Cleanup(func() {
		if err := meta.DropAll(context.Background(), b.eng); err != nil {
			t.Errorf("DropAll: %v", err)
		}
	})
	b.rec.take()
	return b
}

// each runs f on every backend.
func each(t *testing.T, types []any, f func(*bed)) {
	t.Helper()
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		f(newBed(t, b.URL, types...))
	})
}

// metadata is the tables of types. SQL Server's UNIQUE lets one row alone be NULL, so
// there a column that may be NULL is not unique.
func (b *bed) metadata(types ...any) *schema.Metadata {
	made := orm.Metadata(types...)
	if b.eng.Dialect().Name() != "mssql" {
		return made
	}
	meta := schema.NewMetadata()
	for _, t := range made.Tables() {
		d := *t
		d.Unique = slices.DeleteFunc(slices.Clone(d.Unique), func(k schema.Key) bool {
			return slices.ContainsFunc(k.Columns, func(c string) bool { return d.Column(c).Null })
		})
		meta.Add(schema.Build(&d))
	}
	return meta
}

// exact says that the database takes the statements that the tests spell out,
// which are those of databases with RETURNING; the others send as many or more for the same tables in the same order.
func (b *bed) exact() bool {
	switch b.eng.Dialect().Name() {
	case "mysql", "tidb", "mssql", "oracle":
		return false
	}
	return true
}

func sqliteBed(t *testing.T, types ...any) *bed {
	t.Helper()
	return newBed(t, testenv.SQLite(t), types...)
}

func (b *bed) session() *orm.Session {
	s := orm.NewSession(b.eng)
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Errorf("Session.Close: %v", err)
		}
	})
	return s
}

func (b *bed) check(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// sent compares the statements since the last time with what is expected,
// placeholders written as ?, columns without their table.
func (b *bed) sent(want ...string) {
	b.Helper()
	got := b.rec.take()
	if !b.exact() {
		got, want = outline(got), outline(want)
	}
	for i, s := range got {
		got[i] = plainSQL(s)
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		b.Errorf("sent:\n%s\nwant:\n%s", g, w)
	}
}

func plainSQL(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '$' {
			out.WriteByte('?')
			for i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9' {
				i++
			}
			continue
		}
		out.WriteByte(s[i])
	}
	return qualifier.ReplaceAllString(strings.NewReplacer("=?", " = ?", "=NULL", " = NULL").Replace(out.String()), "")
}

// outline is what the statements do to which tables, without what is repeated
// and what is about no table.
func outline(list []string) (out []string) {
	for _, s := range list {
		switch m := target.FindStringSubmatch(s); {
		case m != nil:
			s = strings.Replace(strings.ToUpper(m[1]), "MERGE", "INSERT", 1) + " " + m[2]
		case s != "BEGIN" && s != "COMMIT":
			continue
		}
		if len(out) == 0 || out[len(out)-1] != s {
			out = append(out, s)
		}
	}
	return out
}

var target = regexp.MustCompile(`(?s)\b(INSERT|MERGE|UPDATE|DELETE|SELECT)\b.*?\b(orm_[a-z_0-9]+)`)

var qualifier = regexp.MustCompile(`\borm_[a-z_]+\.|"`)

// count returns how many statements of a kind were sent since the last time.
func (b *bed) count(prefix string) int {
	n := 0
	for _, s := range b.rec.take() {
		if strings.HasPrefix(s, prefix) {
			n++
		}
	}
	return n
}

// scalar reads one value.
func (b *bed) scalar(sql string) string {
	b.Helper()
	switch b.eng.Dialect().Name() {
	case "mssql":
		sql = strings.ReplaceAll(sql, "substr(", "substring(")
	case "oracle":
		if !strings.Contains(sql, " FROM ") {
			sql += " FROM dual"
		}
	}
	v, err := engine.Scalar[string](b.ctx, b.eng, engine.Text(sql))
	b.check(err)
	b.rec.take()
	return v
}

// wantErr checks an error.
func (b *bed) wantErr(err error, kind error, parts ...string) {
	b.Helper()
	if err == nil {
		b.Fatalf("no error; want one that says %q", parts)
	}
	if kind != nil && !errors.Is(err, kind) {
		b.Errorf("error %q is no %q", err, kind)
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			b.Errorf("error %q does not say %q", err, p)
		}
	}
}

func names(list []*User) string {
	var out []string
	for _, u := range list {
		out = append(out, u.Name)
	}
	return fmt.Sprint(out)
}

func ptr[T any](v T) *T { return &v }
