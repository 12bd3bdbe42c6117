package testserver

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// The password holds what must be encoded in a URL.
const secret = "s3cr:t/@pw"

// Postgres makes PostgreSQL servers.
var Postgres = &Maker{
	Packages: []string{"postgresql"},
	Programs: []string{"initdb", "postgres"},
	make:     makePostgres,
}

func makePostgres(ctx context.Context, dir string, o Options) (*Server, error) {
	initdb, err := Find("initdb")
	if err != nil {
		return nil, err
	}
	postgres := filepath.Join(filepath.Dir(initdb), filepath.Base(strings.Replace(initdb, "initdb", "postgres", 1)))
	if !executable(postgres) {
		return nil, fmt.Errorf("%s is there, but no postgres beside it", initdb)
	}
	version, err := exec.CommandContext(ctx, postgres, "--version").Output()
	if err != nil {
		return nil, fmt.Errorf("%s --version: %w", postgres, err)
	}
	as, err := unprivileged("postgres")
	if err != nil {
		return nil, err
	}
	if err := makeDir(dir, as); err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	locale := "C"
	if runtime.GOOS == "linux" {
		locale = "C.UTF-8"
	}
	if err := runOnce(ctx, as, "", dir, initdb, "-D", data, "-U", "postgres", "-A", "trust",
		"-E", "UTF8", "--locale="+locale, "--no-sync"); err != nil {
		return nil, err
	}
	access := `local all scram                scram-sha-256
host  all scram 127.0.0.1/32   scram-sha-256
local all all                  trust
host  all all   127.0.0.1/32   trust
local replication all              trust
host  replication all 127.0.0.1/32 trust
`
	if err := os.WriteFile(filepath.Join(data, "pg_hba.conf"), []byte(access), 0o600); err != nil {
		return nil, err
	}
	// The single-user mode takes one command a line.
	setup := "CREATE ROLE scram LOGIN PASSWORD '" + secret + "'\nCREATE DATABASE test OWNER scram\n"
	if err := runOnce(ctx, as, setup, dir, postgres, "--single", "-D", data, "-F",
		"-c", "password_encryption=scram-sha-256", "postgres"); err != nil {
		return nil, err
	}
	command := func(port int) *exec.Cmd {
		args := []string{"-D", data, "-p", fmt.Sprint(port)}
		settings := []string{
			"listen_addresses=127.0.0.1", "unix_socket_directories=" + dir,
			"max_connections=300", "max_prepared_transactions=10", "shared_buffers=64MB",
		}
		if !o.Durable {
			settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
		}
		for _, setting := range settings {
			args = append(args, "-c", setting)
		}
		cmd := exec.Command(postgres, args...)
		cmd.Dir = dir
		return cmd
	}
	// The server writes its state into the eighth line of this file.
	ready := func(int) bool {
		text, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
		lines := strings.Split(string(text), "\n")
		return err == nil && len(lines) > 7 && strings.TrimSpace(lines[7]) == "ready"
	}
	l := launch{filepath.Join(dir, "log"), as, command, ready}
	p, port, err := l.serve(ctx)
	if err != nil {
		return nil, err
	}
	p.gentle = gentleStop
	u := url.URL{Scheme: "postgres", Host: fmt.Sprintf("127.0.0.1:%d", port), Path: "/test"}
	env := map[string]string{"SQLAYER_TEST_POSTGRES_SOCKET": fmt.Sprintf("%s/.s.PGSQL.%d", dir, port)}
	u.User = url.User("postgres")
	env["SQLAYER_TEST_POSTGRES"] = u.String()
	u.User = url.UserPassword("scram", secret)
	env["SQLAYER_TEST_POSTGRES_SCRAM"] = u.String()
	return &Server{Label: "postgres " + postgresVersion(string(version)), URL: env["SQLAYER_TEST_POSTGRES"], Env: env,
		process: p, port: port, orderly: orderlyStops.postgres, launch: l,
		stale: []string{filepath.Join(data, "postmaster.pid")}}, nil
}

// postgresVersion reads "postgres (PostgreSQL) 15.19 (Debian ...)".
func postgresVersion(s string) string {
	if f := strings.Fields(s); len(f) > 2 {
		return f[2]
	}
	return strings.TrimSpace(s)
}
