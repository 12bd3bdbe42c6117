package engine_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/fakedb"
)

var bg = context.Background()

// lines is an io.Writer that keeps what is logged.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func logger(level slog.Level) (*slog.Logger, *lines) {
	var out lines
	return slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: level,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			switch a.Key {
			case slog.TimeKey:
				return slog.Attr{}
			case "duration":
				if a.Value.Duration() < 0 {
					return slog.String("duration", "negative")
				}
				return slog.String("duration", "d")
			}
			return a
		}})), &out
}

func TestLog(t *testing.T) {
	log, out := logger(slog.LevelDebug)
	e, db := open(t, engine.WithLogger(log))
	db.On("SELECT n", numbers(3))
	db.On("UPDATE t", fakedb.Affected(2))
	db.On("INSERT", fakedb.Fail(dialect.ErrUniqueViolation, "twice"))
	_, err := engine.All[int](t.Context(), e, engine.Text("SELECT n", "s3cret"))
	check(t, err)
	check(t, e.Transact(t.Context(), func(tx *engine.Tx) error {
		return tx.Transact(t.Context(), func(tx *engine.Tx) error {
			_, err := tx.Exec(t.Context(), "UPDATE t")
			return err
		})
	}))
	_, err = e.Exec(t.Context(), "INSERT INTO t")
	wantError(t, err, engine.ErrUniqueViolation)
	_, err = engine.One[int](t.Context(), e, engine.Text("SELECT n WHERE false"))
	wantError(t, err, engine.ErrMultipleRows)
	want := `level=DEBUG msg=statement sql="SELECT n" duration=d rows=3
level=DEBUG msg=statement sql=BEGIN duration=d
level=DEBUG msg=statement sql="SAVEPOINT sp_1" duration=d
level=DEBUG msg=statement sql="UPDATE t" duration=d rows=2
level=DEBUG msg=statement sql="RELEASE SAVEPOINT sp_1" duration=d
level=DEBUG msg=statement sql=COMMIT duration=d
level=DEBUG msg=statement sql="INSERT INTO t" duration=d error="unique constraint violation: twice (Fu) [INSERT INTO t]"
`
	if got := out.String(); !strings.HasPrefix(got, want) {
		t.Errorf("logged:\n%s\nwant:\n%s", got, want)
	}
	if strings.Contains(out.String(), "s3cret") {
		t.Error("a value was logged")
	}
}

func TestLogArgs(t *testing.T) {
	log, out := logger(slog.LevelDebug)
	e, _ := open(t, engine.WithLogger(log), engine.WithLogArgs())
	_, err := e.Exec(t.Context(), "UPDATE t SET a = :a", engine.Named{"a": "value"})
	check(t, err)
	if !strings.Contains(out.String(), "args=[value]") {
		t.Errorf("logged: %s", out)
	}
}

func TestLogOfSlowStatements(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, out := logger(slog.LevelInfo)
		e, db := open(t, engine.WithLogger(log), engine.WithSlowThreshold(5*time.Millisecond))
		for text, takes := range map[string]time.Duration{"UPDATE slow": 5 * time.Millisecond, "UPDATE fast": 5*time.Millisecond - 1} {
			release := make(chan struct{})
			db.On(text, fakedb.Reply{Wait: release})
			time.AfterFunc(takes, func() { close(release) })
			_, err := e.Exec(t.Context(), text)
			check(t, err)
		}
		got := out.String()
		if !strings.Contains(got, `level=WARN msg="slow statement" sql="UPDATE slow"`) || strings.Contains(got, "fast") || strings.Contains(got, "DEBUG") {
			t.Errorf("logged: %s", got)
		}
	})
}

func TestFailedReturnIsLogged(t *testing.T) {
	log, out := logger(slog.LevelWarn)
	e, db := open(t, engine.WithLogger(log))
	db.FailResets(errBoom)
	_, err := e.Exec(t.Context(), "SET x = 1")
	check(t, err)
	if !strings.Contains(out.String(), "boom") {
		t.Errorf("logged: %s", out)
	}
}
