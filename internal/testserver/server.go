package testserver

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

// A Maker makes servers of one kind.
type Maker struct {
	Packages []string // of Debian
	Programs []string // all of them are needed; one of the names in each
	make     func(ctx context.Context, dir string, o Options) (*Server, error)
}

// Options say how a server is set up.
type Options struct {
	// Durable has the server keep what it has acknowledged when it crashes.
	Durable bool
}

// Make makes the data of a server in a folder of its own, starts it on a free
// port of the loopback interface, and returns when it is ready.
func (m *Maker) Make(ctx context.Context, dir string, o Options) (*Server, error) {
	return m.make(ctx, dir, o)
}

// Missing returns the first of the programs that is not there, or "".
func (m *Maker) Missing() string {
	for _, program := range m.Programs {
		if _, err := Find(strings.Fields(program)...); err != nil {
			return program
		}
	}
	return ""
}

// A Server is a server that was started. Its methods are for one goroutine at a
// time.
type Server struct {
	Label string            // "postgres 15.19"
	URL   string            // an engine URL
	Env   map[string]string // the variables that name it to tests

	process *process
	port    int
	orderly os.Signal
	launch  launch
	stale   []string // files of a server that runs
}

// Stop ends the server and all that belongs to it.
func (s *Server) Stop() error { return s.process.stop() }

// Crash ends the server as a crash does: it has no time to finish anything.
func (s *Server) Crash() error { return s.process.stop() }

// Shutdown ends the server as its administrator does: it closes its connections
// and writes its data first.
func (s *Server) Shutdown() error {
	p := s.process
	if s.orderly == nil {
		return p.stop()
	}
	gentle := p.gentle
	p.gentle = s.orderly
	defer func() { p.gentle = gentle }()
	return p.stop()
}

// Start starts a server that has ended, on the same port and data.
func (s *Server) Start(ctx context.Context) error {
	for _, name := range s.stale {
		if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	p, err := s.launch.once(ctx, s.port)
	if err != nil {
		return err
	}
	p.gentle = s.process.gentle
	s.process = p
	return nil
}

const (
	startLimit = time.Minute // for one start of a server
	tries      = 5           // starts, each on another port
)

// ErrNotFound is what a missing program is.
var ErrNotFound = errors.New("program not found")

// Find looks for a program where systems put servers: PATH, the folders of
// Debian's PostgreSQL (the newest first), sbin.
func Find(names ...string) (string, error) {
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
	return "", fmt.Errorf("%w: %s", ErrNotFound, strings.Join(names, " or "))
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

// A launch says how a server is started.
type launch struct {
	logFile string
	as      *account
	command func(port int) *exec.Cmd
	ready   func(port int) bool
}

// serve starts a server until it is ready. Another process may take the port
// between the choice and the start: then the server ends, and the next try
// takes another port.
func (l launch) serve(ctx context.Context) (*process, int, error) {
	var failed error
	for range tries {
		port, err := freePort()
		if err != nil {
			return nil, 0, err
		}
		p, err := l.once(ctx, port)
		if err == nil {
			return p, port, nil
		}
		if failed = err; ctx.Err() != nil {
			break
		}
	}
	return nil, 0, failed
}

// once starts a server on a port and waits until it is ready.
func (l launch) once(ctx context.Context, port int) (*process, error) {
	log, err := os.OpenFile(l.logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	cmd := l.command(port)
	cmd.Stdout, cmd.Stderr = log, log
	p, err := start(cmd, l.as)
	log.Close() // the server has it
	if err != nil {
		return nil, err
	}
	if err = p.wait(ctx, func() bool { return l.ready(port) }); err == nil {
		return p, nil
	}
	err = fmt.Errorf("%s: %w: %s", filepath.Base(cmd.Path), err, tail(l.logFile))
	return nil, errors.Join(err, p.stop())
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
		return fmt.Errorf("%s: %w: %s", filepath.Base(name), p.err, LastLines(out.String()))
	}
	return nil
}

func tail(file string) string {
	data, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	return LastLines(string(data))
}

// LastLines returns the end of what a program said, in one line.
func LastLines(s string) string {
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
	KillGroup(p.cmd)
	limit := time.NewTimer(15 * time.Second)
	defer limit.Stop()
	select {
	case <-p.over:
		return nil
	case <-limit.C:
		return fmt.Errorf("process %d (%s) does not end", p.cmd.Process.Pid, filepath.Base(p.cmd.Path))
	}
}
