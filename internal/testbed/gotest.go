package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/internal/testserver"
)

// The SQLite engine is C made into Go: thirty times slower under the race
// detector, which finds nothing in it.
const withoutSQLite = "-gcflags=modernc.org/...=-race=false"

// tests runs the tests of the root module, then those that count allocations.
func (b *bed) tests(ctx context.Context) error {
	race := b.race(ctx)
	args := append([]string{"test", "-count=1", "-timeout=" + b.options.timeout.String()}, race...)
	if len(b.options.goArgs) == 0 {
		args = append(args, "./...")
	}
	err := b.step(ctx, "go "+strings.Join(append(args, b.options.goArgs...), " "), func() error {
		return b.command(ctx, b.root, append(append([]string{"go"}, args...), b.options.goArgs...)...)
	})
	if len(race) == 0 || ctx.Err() != nil || slices.ContainsFunc(b.options.goArgs, isFlag) {
		return err // they ran with the others, or only some tests were asked for
	}
	packages, lerr := b.packagesWith(ctx, `Test\w*Alloc`)
	if lerr != nil || len(packages) == 0 {
		return errors.Join(err, lerr)
	}
	return errors.Join(err, b.step(ctx, "go test -run Alloc, without the race detector", func() error {
		args := []string{"go", "test", "-count=1", "-run=Alloc", "-vet=off", "-timeout=" + b.options.timeout.String()}
		return b.command(ctx, b.root, append(args, packages...)...)
	}))
}

// benchmarks runs every benchmark once, to see that it runs.
func (b *bed) benchmarks(ctx context.Context) error {
	packages, err := b.packagesWith(ctx, `Benchmark\w+`)
	if err != nil {
		return err
	}
	if len(packages) == 0 {
		fmt.Println("testbed: no benchmarks")
		return nil
	}
	return b.step(ctx, "every benchmark once", func() error {
		args := []string{"go", "test", "-run=^$", "-bench=.", "-benchtime=1x", "-vet=off", "-timeout=" + b.options.timeout.String()}
		return b.command(ctx, b.root, append(args, packages...)...)
	})
}

func isFlag(arg string) bool { return strings.HasPrefix(arg, "-") }

// race returns the flags for the race detector, none where it cannot be used.
func (b *bed) race(ctx context.Context) []string {
	if !b.options.race {
		return nil
	}
	if why := b.noRace(ctx); why != "" {
		fmt.Printf("testbed: %s: the tests run without the race detector\n", why)
		return nil
	}
	return []string{"-race", withoutSQLite}
}

// noRace says why the race detector cannot be used, if so.
func (b *bed) noRace(ctx context.Context) string {
	out, err := b.output(ctx, "go", "env", "CGO_ENABLED", "CC")
	if err != nil {
		return err.Error()
	}
	enabled, cc, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if enabled != "1" {
		// The go command turns cgo off by itself when it finds no compiler.
		return "CGO_ENABLED is 0, or there is no C compiler"
	}
	name, _, _ := strings.Cut(strings.TrimSpace(cc), " ")
	if _, err := exec.LookPath(name); err != nil {
		return "no C compiler (" + name + ") found"
	}
	return ""
}

// packagesWith lists the packages asked for that have a test function whose
// name matches the pattern.
func (b *bed) packagesWith(ctx context.Context, pattern string) ([]string, error) {
	args := []string{"go", "list", "-json=ImportPath,Dir,TestGoFiles,XTestGoFiles"}
	if len(b.options.goArgs) == 0 {
		args = append(args, "./...")
	}
	for _, a := range b.options.goArgs {
		if !isFlag(a) {
			args = append(args, a)
		}
	}
	out, err := b.output(ctx, args...)
	if err != nil {
		return nil, err
	}
	re := regexp.MustCompile(`(?m)^func ` + pattern)
	var found []string
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath, Dir           string
			TestGoFiles, XTestGoFiles []string
		}
		if err := d.Decode(&p); err == io.EOF {
			return found, nil
		} else if err != nil {
			return nil, err
		}
		for _, name := range slices.Concat(p.TestGoFiles, p.XTestGoFiles) {
			text, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				return nil, err
			}
			if re.Match(text) {
				found = append(found, p.ImportPath)
				break
			}
		}
	}
}

// testModules vets and tests every nested module.
func (b *bed) testModules(ctx context.Context) error {
	dirs, err := nestedModules(b.root)
	if err != nil {
		return err
	}
	if len(dirs) == 0 {
		fmt.Println("testbed: no nested modules")
		return nil
	}
	race := b.race(ctx)
	var errs []error
	for _, dir := range dirs {
		if ctx.Err() != nil {
			break
		}
		rel, err := filepath.Rel(b.root, dir)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		test := []string{"go", "test", "-vet=off", "-count=1", "-timeout=" + b.options.timeout.String()}
		if raced(rel) {
			test = append(test, race...)
		}
		begin := time.Now()
		verdict := "ok"
		if err := b.command(ctx, dir, "go", "vet", "./..."); err != nil {
			verdict = "go vet failed"
			errs = append(errs, fmt.Errorf("module %s: go vet: %w", rel, err))
		} else if err := b.command(ctx, dir, append(test, "./...")...); err != nil {
			verdict = "go test failed"
			errs = append(errs, fmt.Errorf("module %s: go test: %w", rel, err))
		}
		fmt.Printf("module %s: %s (%s)\n", rel, verdict, seconds(begin))
	}
	return errors.Join(errs...)
}

// raced reports whether a nested module is tested under the race detector. The
// grammars are generated parsers of hundreds of thousands of lines, and the
// benchmarks compare times and allocations.
func raced(module string) bool {
	for part := range strings.SplitSeq(module, "/") {
		if strings.Contains(part, "grammar") || strings.Contains(part, "bench") {
			return false
		}
	}
	return true
}

// nestedModules lists the folders below root that hold a go.mod.
func nestedModules(root string) ([]string, error) {
	var dirs []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && skipDir(d.Name()):
			return filepath.SkipDir
		case d.Name() == "go.mod" && d.Type().IsRegular() && filepath.Dir(path) != root:
			dirs = append(dirs, filepath.Dir(path))
		}
		return nil
	})
	return dirs, err
}

func skipDir(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") ||
		name == "testdata" || name == "vendor" || name == "node_modules"
}

// step runs one part and prints its name and time.
func (b *bed) step(ctx context.Context, name string, fn func() error) error {
	fmt.Printf("testbed: %s\n", name)
	begin := time.Now()
	err := fn()
	verdict := "ok"
	if err != nil {
		verdict = "FAILED"
	}
	if ctx.Err() != nil {
		verdict = "interrupted"
	}
	fmt.Printf("testbed: %s (%s)\n", verdict, seconds(begin))
	return err
}

func seconds(begin time.Time) string { return fmt.Sprintf("%.1fs", time.Since(begin).Seconds()) }

// command runs a program with the servers' URLs in its environment. When ctx
// ends, its whole group is interrupted, and killed if that does not help.
func (b *bed) command(ctx context.Context, dir string, args ...string) error {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Env = dir, b.environ()
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := testserver.Detach(cmd); err != nil {
		return err
	}
	cmd.Cancel = func() error { return testserver.InterruptGroup(cmd) }
	cmd.WaitDelay = 10 * time.Second
	err := cmd.Run()
	if cmd.Process != nil {
		testserver.KillGroup(cmd) // whatever it left behind
	}
	return err
}

// output runs a program in the root module and returns what it prints.
func (b *bed) output(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Env = b.root, b.environ()
	out, err := cmd.Output()
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		return nil, fmt.Errorf("%s: %w: %s", strings.Join(args[:2], " "), err, testserver.LastLines(string(e.Stderr)))
	}
	return out, err
}
