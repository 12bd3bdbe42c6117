// Package serverinfo asks a server what it is, for the dialects' ForServer.
package serverinfo

import (
	"context"
	"strconv"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Row runs a query and reads its row into dst. An answer without a row is an
// ErrConnect.
func Row(ctx context.Context, d dialect.Dialect, c dialect.Conn, query dialect.Statement, dst ...any) error {
	q, err := dialect.Compile(d, query)
	if err != nil {
		return err
	}
	defer q.Release()
	rows, err := c.Query(ctx, q)
	if err != nil {
		return err
	}
	found := rows.Next()
	if found {
		err = rows.ScanRow(dst)
	}
	if err == nil {
		err = rows.Err()
	}
	if e := rows.Close(); err == nil {
		err = e
	}
	if err == nil && !found {
		return dialect.Errorf(dialect.ErrConnect, "%s: the server does not say what it is", d.Name())
	}
	return err
}

// Version reads the numbers that text begins with: "16.0.1000.6", "17beta1",
// "2.21.0.0-b545". Without any it is the zero Version.
func Version(text string) dialect.Version {
	var n [3]int
	for i := range n {
		end := 0
		for end < len(text) && '0' <= text[end] && text[end] <= '9' {
			end++
		}
		v, err := strconv.Atoi(text[:end])
		if err != nil {
			break
		}
		n[i] = v
		if end == len(text) || text[end] != '.' {
			break
		}
		text = text[end+1:]
	}
	return dialect.Version{Major: n[0], Minor: n[1], Patch: n[2]}
}
