package engine

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// logs reports whether statements are logged.
func (e *Engine) logs(ctx context.Context) bool {
	return e.logger != nil && (e.slow > 0 || e.logger.Enabled(ctx, slog.LevelDebug))
}

// log logs one statement that ran. args may be nil; rows below zero are not
// known.
func (e *Engine) log(ctx context.Context, start time.Time, text string, args []dialect.Arg, rows int64, err error) {
	took := time.Since(start)
	level, message := slog.LevelDebug, "statement"
	if e.slow > 0 && took >= e.slow {
		level, message = slog.LevelWarn, "slow statement"
	}
	if !e.logger.Enabled(ctx, level) {
		return
	}
	attrs := make([]slog.Attr, 0, 5)
	attrs = append(attrs, slog.String("sql", text), slog.Duration("duration", took))
	if rows >= 0 {
		attrs = append(attrs, slog.Int64("rows", rows))
	}
	if e.logArgs && len(args) > 0 {
		attrs = append(attrs, slog.String("args", fmt.Sprint(values(args))))
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	e.logger.LogAttrs(ctx, level, message, attrs...)
}

// warn logs what goes wrong where nobody can be told.
func (e *Engine) warn(what string, err error) {
	if e.logger != nil {
		e.logger.LogAttrs(context.Background(), slog.LevelWarn, what, slog.String("error", err.Error()))
	}
}
