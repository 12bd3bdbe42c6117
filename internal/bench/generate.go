package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// generateEnt generates ent's client, which is not kept, and puts its contender
// in place, which lies beside the client's schema as text because it does not
// compile without the client.
func generateEnt(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join("ent", "schema")); err != nil {
		return fmt.Errorf("run this in its own folder, as with go run -C internal/bench: %w", err)
	}
	if err := goCommand(ctx, "tool", "ent", "generate", "./ent/schema"); err != nil {
		return err
	}
	return placeEnt()
}

func placeEnt() error {
	b, err := os.ReadFile(filepath.Join("ent", "contender.go.txt"))
	if err != nil {
		return err
	}
	return os.WriteFile("c13_ent.go", b, 0o644)
}

// runWithPeers builds this program again, with everybody in it, and runs that.
func runWithPeers(ctx context.Context, args []string) error {
	_, err := os.Stat(filepath.Join("ent", "client.go"))
	switch {
	case err == nil:
		err = placeEnt()
	case errors.Is(err, fs.ErrNotExist):
		err = generateEnt(ctx)
	}
	if err != nil {
		return err
	}
	return goCommand(ctx, append([]string{"run", "-tags=peers", "."}, args...)...)
}

// goCommand runs the go command without cgo, which nothing here needs and the
// compilation of which takes a minute.
func goCommand(ctx context.Context, args ...string) error {
	c := exec.CommandContext(ctx, "go", args...)
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) } // it passes it on
	if err := c.Run(); err != nil {
		return fmt.Errorf("go %s: %w", args[0], err)
	}
	return nil
}
