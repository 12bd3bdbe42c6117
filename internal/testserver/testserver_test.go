package testserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// TestChild stands in for the programs that other tests start.
func TestChild(t *testing.T) {
	switch os.Getenv("SQLAYER_TEST_CHILD") {
	case "exit":
		os.Exit(7)
	case "hang":
		select {}
	case "server": // a server that ends when its port is taken
		ln, err := net.Listen("tcp", os.Getenv("SQLAYER_TEST_ADDR"))
		if err != nil {
			os.Exit(1)
		}
		for {
			if c, err := ln.Accept(); err == nil {
				c.Close()
			}
		}
	default:
		t.Skip("not started as a child")
	}
}

func child(mode string, port int) *exec.Cmd {
	cmd := exec.Command(os.Args[0], "-test.run=TestChild")
	cmd.Env = append(os.Environ(), "SQLAYER_TEST_CHILD="+mode, fmt.Sprintf("SQLAYER_TEST_ADDR=127.0.0.1:%d", port))
	return cmd
}

func TestServerThatLosesItsPortTakesAnother(t *testing.T) {
	testenv.CheckLeaks(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	var ports []int
	command := func(port int) *exec.Cmd {
		if len(ports) == 0 {
			port = taken.Addr().(*net.TCPAddr).Port
		}
		ports = append(ports, port)
		return child("server", port)
	}
	ready := func(port int) bool {
		c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			return false
		}
		c.Close()
		return true
	}
	p, port, err := launch{filepath.Join(t.TempDir(), "log"), nil, command, ready}.serve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(ports) != 2 || port != ports[1] {
		t.Errorf("ports %v, ready on %d", ports, port)
	}
	if err := p.stop(); err != nil {
		t.Error(err)
	}
	if ready(port) {
		t.Error("the server answers after it was stopped")
	}
}

func TestServerThatNeverStarts(t *testing.T) {
	testenv.CheckLeaks(t)
	var starts int
	command := func(int) *exec.Cmd { starts++; return child("exit", 0) }
	_, _, err := launch{filepath.Join(t.TempDir(), "log"), nil, command, func(int) bool { return false }}.serve(t.Context())
	if err == nil || starts != tries {
		t.Errorf("%d starts, %v; want %d and an error", starts, err, tries)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	hang := func(port int) *exec.Cmd { return child("hang", port) }
	if _, _, err := (launch{filepath.Join(t.TempDir(), "log"), nil, hang, func(int) bool { return false }}).serve(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}

func TestLabels(t *testing.T) {
	for in, want := range map[string]string{
		"5.5.5-10.11.19-MariaDB-0+deb12u1": "mariadb 10.11.19",
		"11.4.2-MariaDB":                   "mariadb 11.4.2",
		"8.0.36-0ubuntu0.22.04.1":          "mysql 8.0.36",
	} {
		if got := mysqlLabel(in); got != want {
			t.Errorf("mysqlLabel(%q) = %q, want %q", in, got, want)
		}
	}
	if got := postgresVersion("postgres (PostgreSQL) 15.19 (Debian 15.19-0+deb12u1)\n"); got != "15.19" {
		t.Errorf("postgresVersion = %q", got)
	}
}

// TestThrowawayServers starts the real ones, looks at what they say, and
// starts them again.
func TestThrowawayServers(t *testing.T) {
	if testing.Short() {
		t.Skip("starts servers")
	}
	testenv.CheckLeaks(t)
	temp, err := os.MkdirTemp(TempBase(), "sqlayer-testserver-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(temp)
	if err := os.Chmod(temp, 0o755); err != nil {
		t.Fatal(err)
	}
	started := 0
	for _, m := range []*Maker{Postgres, MySQL} {
		if program := m.Missing(); program != "" {
			t.Logf("no %s here", program)
			continue
		}
		started++
		s, err := m.Make(t.Context(), filepath.Join(temp, m.Packages[0]), Options{Durable: true})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Stop()
		if name, version, _ := strings.Cut(s.Label, " "); !slices.Contains([]string{"postgres", "mariadb", "mysql"}, name) ||
			!strings.Contains(version, ".") || strings.ContainsAny(version, " -") {
			t.Errorf("label %q", s.Label)
		}
		if len(s.Env) != 3 || s.URL == "" {
			t.Errorf("variables %v, URL %q", s.Env, s.URL)
		}
		for name, end := range map[string]func() error{"crash": s.Crash, "shutdown": s.Shutdown} {
			begin := time.Now()
			if err := end(); err != nil {
				t.Error(err)
			}
			if d := time.Since(begin); d > time.Minute {
				t.Errorf("the %s took %v", name, d)
			}
			if c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", s.port)); err == nil {
				c.Close()
				t.Errorf("the server answers after its %s", name)
			}
			if err := s.Start(t.Context()); err != nil {
				t.Fatalf("after the %s: %v", name, err)
			}
		}
	}
	if started == 0 {
		t.Skip("neither PostgreSQL nor MariaDB is installed")
	}
}
