package sqldriver

import (
	"context"
	"database/sql/driver"
)

// The interfaces that drivers from before contexts have. database/sql/driver
// marks them as deprecated for those who write drivers; they are served here.

type queryer interface {
	Query(text string, args []driver.Value) (driver.Rows, error)
}

type execer interface {
	Exec(text string, args []driver.Value) (driver.Result, error)
}

type columnConverter interface {
	ColumnConverter(i int) driver.ValueConverter
}

// oldQueryer is a queryer as one with a context, which it cannot heed.
type oldQueryer struct{ q queryer }

func (o oldQueryer) QueryContext(_ context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	vals, err := plain(args)
	if err != nil {
		return nil, err
	}
	return o.q.Query(text, vals)
}

// oldExecer is an execer as one with a context, which it cannot heed.
type oldExecer struct{ e execer }

func (o oldExecer) ExecContext(_ context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	vals, err := plain(args)
	if err != nil {
		return nil, err
	}
	return o.e.Exec(text, vals)
}
