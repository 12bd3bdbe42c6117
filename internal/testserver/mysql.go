package testserver

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// MySQL makes MariaDB servers, or MySQL servers where that is installed.
var MySQL = &Maker{
	Packages: []string{"mariadb-server"},
	Programs: []string{"mariadbd mysqld"},
	make:     makeMySQL,
}

func makeMySQL(ctx context.Context, dir string, o Options) (*Server, error) {
	mysqld, err := Find("mariadbd", "mysqld")
	if err != nil {
		return nil, err
	}
	out, err := exec.CommandContext(ctx, mysqld, "--no-defaults", "--version").Output()
	if err != nil {
		return nil, fmt.Errorf("%s --version: %w", mysqld, err)
	}
	isMariaDB := strings.Contains(string(out), "MariaDB")
	as, err := unprivileged("mysql")
	if err != nil {
		return nil, err
	}
	if err := makeDir(dir, as); err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	// A server that starts deletes the temporary tables that it finds in its
	// folder for them: those of any other server that shares it.
	tmp := filepath.Join(dir, "tmp")
	if err := makeDir(tmp, as); err != nil {
		return nil, err
	}
	if isMariaDB {
		install, err := Find("mariadb-install-db", "mysql_install_db")
		if err != nil {
			return nil, err
		}
		err = runOnce(ctx, as, "", dir, install, "--no-defaults", "--datadir="+data, "--tmpdir="+tmp,
			"--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve")
		if err != nil {
			return nil, err
		}
	} else if err := runOnce(ctx, as, "", dir, mysqld, "--no-defaults", "--initialize-insecure", "--datadir="+data, "--tmpdir="+tmp); err != nil {
		return nil, err
	}
	// One statement a line.
	setup := `CREATE DATABASE IF NOT EXISTS test CHARACTER SET utf8mb4;
CREATE USER IF NOT EXISTS root@'127.0.0.1' IDENTIFIED BY '';
GRANT ALL PRIVILEGES ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;
CREATE USER IF NOT EXISTS secret@'127.0.0.1' IDENTIFIED BY '` + secret + `';
GRANT ALL PRIVILEGES ON test.* TO secret@'127.0.0.1';
`
	initFile := filepath.Join(dir, "init.sql")
	if err := os.WriteFile(initFile, []byte(setup), 0o644); err != nil {
		return nil, err
	}
	socket, pidFile := filepath.Join(dir, "sock"), filepath.Join(dir, "pid")
	flush := "0"
	if o.Durable {
		flush = "1"
	}
	command := func(port int) *exec.Cmd {
		args := []string{
			"--no-defaults", "--datadir=" + data, "--tmpdir=" + tmp, "--socket=" + socket, "--pid-file=" + pidFile,
			"--init-file=" + initFile, "--bind-address=127.0.0.1", fmt.Sprintf("--port=%d", port),
			"--skip-name-resolve", "--max-allowed-packet=64M", "--max-connections=200",
			"--character-set-server=utf8mb4", "--skip-log-bin",
			"--innodb-flush-log-at-trx-commit=" + flush, "--innodb-doublewrite=0", "--innodb-buffer-pool-size=64M",
		}
		if !isMariaDB {
			args = append(args, "--mysqlx=0")
		}
		cmd := exec.Command(mysqld, args...)
		cmd.Dir = dir
		return cmd
	}
	var version string
	ready := func(port int) bool {
		// The greeting could be that of another server, the file cannot.
		if _, err := os.Stat(pidFile); err != nil {
			return false
		}
		version, err = greeting(port)
		return err == nil
	}
	l := launch{filepath.Join(dir, "log"), as, command, ready}
	p, port, err := l.serve(ctx)
	if err != nil {
		return nil, err
	}
	u := url.URL{Scheme: "mysql", Host: fmt.Sprintf("127.0.0.1:%d", port), Path: "/test"}
	env := map[string]string{"SQLAYER_TEST_MYSQL_SOCKET": socket}
	u.User = url.User("root")
	env["SQLAYER_TEST_MYSQL"] = u.String()
	u.User = url.UserPassword("secret", secret)
	env["SQLAYER_TEST_MYSQL_PASSWORD"] = u.String()
	return &Server{Label: mysqlLabel(version), URL: env["SQLAYER_TEST_MYSQL"], Env: env, process: p, port: port,
		orderly: orderlyStops.mysql, launch: l, stale: []string{pidFile}}, nil
}

// greeting returns the version with which a server greets a client.
func greeting(port int) (string, error) {
	conn, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", port), time.Second)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		return "", err
	}
	var head [5]byte // length, sequence number, protocol version
	if _, err := io.ReadFull(conn, head[:]); err != nil {
		return "", err
	}
	size := int(head[0]) | int(head[1])<<8 | int(head[2])<<16
	if head[4] != 10 || size < 2 {
		return "", fmt.Errorf("no greeting")
	}
	body := make([]byte, size-1)
	if _, err := io.ReadFull(conn, body); err != nil {
		return "", err
	}
	version, _, ok := bytes.Cut(body, []byte{0})
	if !ok {
		return "", fmt.Errorf("no greeting")
	}
	return string(version), nil
}

// mysqlLabel makes "mariadb 10.11.19" of "5.5.5-10.11.19-MariaDB-0+deb12u1".
func mysqlLabel(version string) string {
	name := "mysql"
	if strings.Contains(version, "MariaDB") {
		name = "mariadb"
		version = strings.TrimPrefix(version, "5.5.5-")
	}
	version, _, _ = strings.Cut(version, "-")
	return name + " " + version
}
