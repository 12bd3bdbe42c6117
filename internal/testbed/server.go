package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A maker makes servers of one kind.
type maker struct {
	packages []string // of Debian
	programs []string // all of them are needed
	make     func(ctx context.Context, dir string) (*made, error)
}

// made is a server that is ready.
type made struct {
	process *process
	label   string
	env     map[string]string
}

const (
	startLimit = time.Minute // for one start of a server
	tries      = 5           // starts, each on another port
)

var errNotFound = errors.New("program not found")

// find looks for a program where systems put servers: PATH, the folders of
// Debian's PostgreSQL (the newest first), sbin.
func find(names ...string) (string, error) {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return resolve(path), nil
		}
		dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // the pattern is well formed
		slices.SortFunc(dirs, func(a, b string) int { return major(b) - major(a) })
		dirs = append(dirs, "/usr/bin", "/usr/local/bin", "/usr/sbin", "/usr/local/sbin", "/usr/libexec", "/opt/homebrew/bin")
		for _, dir := range dirs {
			if path := filepath.Join(dir, name); executable(path) {
				return resolve(path), nil
			}
		}
	}
	return "", fmt.Errorf("%w: %s", errNotFound, strings.Join(names, " or "))
}

// resolve follows links: PostgreSQL's programs look for each other beside
// themselves.
func resolve(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

func major(dir string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
	return n
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && (runtime.GOOS == "windows" || info.Mode()&0o111 != 0)
}

// freePort returns a TCP port of the loopback interface that was free a moment
// ago.
func freePort() (int, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := ln.Addr().(*net.TCPAddr).Port
	return port, ln.Close()
}

// serve starts a server until it is ready. Another process may take the port
// between the choice and the start: then the server ends, and the next try
// takes another port.
func serve(ctx context.Context, logFile string, as *account, command func(port int) *exec.Cmd, ready func(port int) bool) (*process, int, error) {
	var failed error
	for range tries {
		port, err := freePort()
		if err != nil {
			return nil, 0, err
		}
		log, err := os.OpenFile(logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
		if err != nil {
			return nil, 0, err
		}
		cmd := command(port)
		cmd.Stdout, cmd.Stderr = log, log
		p, err := start(cmd, as)
		log.Close() // the server has it
		if err != nil {
			return nil, 0, err
		}
		if err = p.wait(ctx, func() bool { return ready(port) }); err == nil {
			return p, port, nil
		}
		failed = fmt.Errorf("%s: %w: %s", filepath.Base(cmd.Path), err, tail(logFile))
		if stopErr := p.stop(); stopErr != nil || ctx.Err() != nil {
			return nil, 0, errors.Join(failed, stopErr)
		}
	}
	return nil, 0, failed
}

// runOnce runs a program that prepares a server, and shows what it said when
// it fails.
func runOnce(ctx context.Context, as *account, stdin string, dir string, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	var out bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &out
	cmd.Stdin = strings.NewReader(stdin)
	p, err := start(cmd, as)
	if err != nil {
		return err
	}
	select {
	case <-p.over:
	case <-ctx.Done():
		return errors.Join(ctx.Err(), p.stop())
	}
	if p.err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(name), p.err, lastLines(out.String()))
	}
	return nil
}

func tail(file string) string {
	data, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	return lastLines(string(data))
}

func lastLines(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], " | ")
}

// A process is a program that runs in a process group of its own.
type process struct {
	cmd    *exec.Cmd
	gentle os.Signal // asks the program to end; nil where it is simply killed
	over   chan struct{}
	err    error // set when over is closed
}

func start(cmd *exec.Cmd, as *account) (*process, error) {
	if err := detach(cmd, as); err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, over: make(chan struct{})}
	go func() {
		p.err = cmd.Wait()
		close(p.over)
	}()
	return p, nil
}

// wait polls until the server is ready, and fails when it ends first.
func (p *process) wait(ctx context.Context, ready func() bool) error {
	limit := time.NewTimer(startLimit)
	defer limit.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if ready() {
			select {
			case <-p.over:
			default:
				return nil
			}
		}
		select {
		case <-p.over:
			return fmt.Errorf("it ended (%v)", p.err)
		case <-limit.C:
			return fmt.Errorf("not ready after %v", startLimit)
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// stop ends the process and its group, and returns when it is over.
func (p *process) stop() error {
	if p.gentle != nil {
		if p.cmd.Process.Signal(p.gentle) == nil {
			limit := time.NewTimer(15 * time.Second)
			defer limit.Stop()
			select {
			case <-p.over:
			case <-limit.C:
			}
		}
	}
	killGroup(p.cmd)
	limit := time.NewTimer(15 * time.Second)
	defer limit.Stop()
	select {
	case <-p.over:
		return nil
	case <-limit.C:
		return fmt.Errorf("process %d (%s) does not end", p.cmd.Process.Pid, filepath.Base(p.cmd.Path))
	}
}
