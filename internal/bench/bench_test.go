package main

import (
	"bytes"
	"context"
	"go/parser"
	"go/token"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// each runs f on a fresh database of every backend that is there.
func each(t *testing.T, f func(t *testing.T, be *Backend)) {
	for _, name := range []string{SQLite, Postgres, MariaDB} {
		t.Run(name, func(t *testing.T) {
			server := os.Getenv(serverVars[name])
			if name != SQLite && server == "" {
				t.Skipf("%s is not set; go run ./internal/testbed starts servers", serverVars[name])
			}
			be, err := openBackend(t.Context(), name, t.TempDir(), server)
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := be.Close(); err != nil {
					t.Error(err)
				}
			}()
			f(t, be)
		})
	}
}

func TestEveryContenderLoadsAndStoresTheSame(t *testing.T) {
	each(t, func(t *testing.T, be *Backend) {
		var o options
		o.check = true
		var got tally
		r := &runner{ctx: t.Context(), log: io.Discard, begin: nothing}
		if err := o.runBackend(t.Context(), r, be, &got); err != nil {
			t.Fatal(err)
		}
		if got.failed > 0 || got.passed < 40 {
			t.Errorf("%d results are right, %d wrong", got.passed, got.failed)
		}
	})
}

func TestVerifyingSeesWhatIsMissing(t *testing.T) {
	users := []User{wantUser(1), wantUser(2)}
	if err := verifyUsers(users, 1, 2); err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func(*User){
		"Name":      func(u *User) { u.Name = "" },
		"CreatedAt": func(u *User) { u.CreatedAt = u.CreatedAt.Truncate(time.Second) },
		"Note":      func(u *User) { u.Note = nil },
		"Age":       func(u *User) { u.Age++ },
	} {
		wrong := []User{wantUser(1), wantUser(2)}
		change(&wrong[1])
		if err := verifyUsers(wrong, 1, 2); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if verifyUsers(users[:1], 1, 2) == nil {
		t.Error("a row less is not seen")
	}
}

func TestEveryCompilerMakesTheQuery(t *testing.T) {
	for _, c := range compilers {
		if _, err := c.entrant(); err != nil {
			t.Error(err)
		}
	}
	if checkCompiled("SELECT u.id FROM users AS u", nil) == nil {
		t.Error("a query that lacks most of it passes")
	}
}

func TestRoundTrips(t *testing.T) {
	each(t, func(t *testing.T, be *Backend) {
		if be.Name == SQLite {
			t.Skip("SQLite has no server")
		}
		var out bytes.Buffer
		j := &judgement{w: &out}
		if err := j.roundTrips(t.Context(), be); err != nil {
			t.Fatal(err)
		}
		if err := j.sum(0); err != nil || len(j.figures) != 4 {
			t.Errorf("%v\n%s", err, &out)
		}
	})
}

func TestCountingRoundTripsRunsEveryContender(t *testing.T) {
	each(t, func(t *testing.T, be *Backend) {
		if err := countTrips(t.Context(), be, "sql,sqlayer,sqlayer-orm", "W1"); err != nil {
			t.Error(err)
		}
	})
}

func TestJudgement(t *testing.T) {
	for _, test := range []struct {
		figure
		verdict string
		fails   bool
	}{
		{figure{ours: 2, theirs: 4, ratio: 0.5, goal: 0.5, later: none}, "ok", false},
		{figure{ours: 3, theirs: 4, ratio: 0.75, goal: 0.5, later: none}, "MISS", false},
		{figure{ours: 3, theirs: 4, ratio: 0.75, goal: none, later: 0.5}, "-", false},
		{figure{ours: 0, goal: 0, later: none, hard: true}, "ok", false},
		{figure{ours: 1, goal: 0, later: none, hard: true}, "MISS", true},
		{figure{ours: 9, theirs: 10, goal: 10, later: none, hard: true}, "ok", false},
	} {
		var out bytes.Buffer
		j := &judgement{w: &out}
		j.add(test.figure)
		if got := test.figure.verdict(); got != test.verdict || !strings.Contains(out.String(), test.verdict) {
			t.Errorf("%+v: %s\n%s", test.figure, got, &out)
		}
		if err := j.sum(time.Second); (err != nil) != test.fails {
			t.Errorf("%+v: %v", test.figure, err)
		}
	}
}

func TestTooFewRoundsAreRefused(t *testing.T) {
	o := options{rounds: 10}
	if err := o.judge(t.Context()); err == nil || !strings.Contains(err.Error(), "11 rounds") {
		t.Error(err)
	}
}

// The ratio is taken round by round, so that a slow round counts for both.
func TestRatioIsOfTheSameRound(t *testing.T) {
	at := func(ns ...float64) (ss []Sample) {
		for _, v := range ns {
			ss = append(ss, Sample{NS: v})
		}
		return ss
	}
	r := &runner{results: []Result{
		{Contender: "sql", Rounds: at(10, 100, 10)},
		{Contender: "ours", Rounds: at(5, 50, 8)},
	}}
	if got := r.ratio(&r.results[1], "sql", nanoseconds); got != 0.5 {
		t.Errorf("ratio %v", got)
	}
}

func TestRacesTakeTurnsAndEndWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r := &runner{ctx: ctx, rounds: 3, slice: time.Microsecond, log: io.Discard, begin: nothing}
	var ran [2]int
	es := []*entrant{
		{name: "a", op: func(int) error { ran[0]++; return nil }},
		{name: "b", op: func(int) error { ran[1]++; return nil }},
	}
	if err := r.race("-", "W", 0, es, nothing); err != nil {
		t.Fatal(err)
	}
	for i, res := range r.results {
		if len(res.Rounds) != 3 || ran[i] == 0 {
			t.Errorf("%s: %d rounds, %d operations", res.Contender, len(res.Rounds), ran[i])
		}
	}
	cancel()
	if err := r.race("-", "W", 0, es, nothing); err != context.Canceled {
		t.Errorf("after the context has ended: %v", err)
	}
}

func TestServerURLs(t *testing.T) {
	for _, test := range []struct{ name, url, want string }{
		{Postgres, "postgres://me:pw@host/db?sslmode=disable", "postgres://me:pw@host/db?sslmode=disable"},
		{MariaDB, "mysql://me:p%40w@host:3307/db", "me:p@w@tcp(host:3307)/db?parseTime=true"},
		{MariaDB, "mysql://root@[::1]/db", "root@tcp([::1]:3306)/db?parseTime=true"},
	} {
		u, err := url.Parse(test.url)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := driverDSN(test.name, u); err != nil || got != test.want {
			t.Errorf("%s: %s, %v", test.url, got, err)
		}
	}
	for _, bad := range []string{"mysql:///db", "mysql://host/db?charset=utf8"} {
		u, err := url.Parse(bad)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := driverDSN(MariaDB, u); err == nil {
			t.Errorf("%s: %s", bad, got)
		}
	}
}

// ent's contender is compiled only once its client was generated.
func TestEntContenderIsGo(t *testing.T) {
	path := filepath.Join("ent", "contender.go.txt")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(b), "//go:build peers\n") {
		t.Error("it is not behind the tag peers")
	}
	if _, err := parser.ParseFile(token.NewFileSet(), path, b, 0); err != nil {
		t.Error(err)
	}
}
