package sqlite

import (
	"context"
	"strings"

	lib "modernc.org/sqlite/lib"
)

// sessionPragmas are the settings of a connection that a statement can change
// and that Reset puts back.
var sessionPragmas = []string{"foreign_keys", "query_only", "synchronous", "cache_size", "recursive_triggers", "ignore_check_constraints",
	"reverse_unordered_selects", "automatic_index", "temp_store", "trusted_schema", "legacy_alter_table", "writable_schema",
	"secure_delete", "cell_size_check", "wal_autocheckpoint", "journal_size_limit", "analysis_limit"}

// pragma runs PRAGMA name=value, or reads it where value is empty, and
// returns the text of the first row. PRAGMAs are never kept.
func (c *conn) pragma(name, value string) (string, error) {
	text := "PRAGMA " + name
	if value != "" {
		text += "=" + value
	}
	return c.scalar(text)
}

// scalar returns the first column of a statement's first row as text.
func (c *conn) scalar(text string) (got string, err error) {
	p, _, err := c.h.prepare(text, false)
	if err != nil {
		return "", c.explain(err)
	}
	st := &stmt{p: p, text: text}
	defer c.finalize(st)
	for first := true; ; first = false {
		row, err := c.step(st)
		if err != nil || !row {
			return got, err
		}
		if first && lib.Xsqlite3_column_count(c.h.TLS, p) > 0 {
			v := lib.Xsqlite3_column_value(c.h.TLS, p, 0)
			at := lib.Xsqlite3_value_text(c.h.TLS, v)
			got = strings.Clone(textAt(at, int(lib.Xsqlite3_value_bytes(c.h.TLS, v))))
		}
	}
}

// like is whether LIKE heeds case, which no PRAGMA tells.
const like = "SELECT 'a' LIKE 'A'"

// remember reads the settings of a new connection.
func (c *conn) remember() error {
	for _, name := range sessionPragmas {
		value, err := c.pragma(name, "")
		if err != nil {
			return err
		}
		if value != "" {
			c.settings = append(c.settings, pragma{name, value})
		}
	}
	var err error
	c.likes, err = c.scalar(like)
	return err
}

// Reset implements [dialect.Conn]: it rolls back an open transaction, drops
// temporary tables, views and triggers, and puts settings back that the
// connection began with. Databases that were attached stay.
func (c *conn) Reset(ctx context.Context) error {
	if err := c.Rollback(ctx); err != nil {
		return err
	}
	if err := c.ready(ctx); err != nil {
		return err
	}
	c.enter(ctx)
	defer c.leave()
	lib.Xsqlite3_busy_handler(c.h.TLS, c.h.DB, callback(onBusy), c.h.DB) // PRAGMA busy_timeout replaces it
	if err := c.dropTemporary(); err != nil {
		return err
	}
	for _, s := range c.settings {
		now, err := c.pragma(s.name, "")
		if err == nil && now != s.value {
			_, err = c.pragma(s.name, s.value)
		}
		if err != nil {
			return err
		}
	}
	likes, err := c.scalar(like)
	if err == nil && likes != c.likes {
		_, err = c.pragma("case_sensitive_like", likes) // 0 where case counts now and should not
	}
	return err
}

// dropTemporary drops what is in the temporary database.
func (c *conn) dropTemporary() error {
	list, err := c.scalar("SELECT group_concat(type || ' temp.' || '\"' || replace(name, '\"', '\"\"') || '\"', char(1)) FROM temp.sqlite_schema" +
		" WHERE type IN ('table', 'view', 'trigger') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
	if err != nil || list == "" {
		return err
	}
	// Foreign keys between the tables would ask for an order.
	if _, err := c.pragma("query_only", "0"); err != nil {
		return err
	}
	if _, err := c.pragma("foreign_keys", "0"); err != nil {
		return err
	}
	for object := range strings.SplitSeq(list, "\x01") {
		kind, name, _ := strings.Cut(object, " ")
		if _, err := c.scalar("DROP " + strings.ToUpper(kind) + " IF EXISTS " + name); err != nil {
			return err
		}
	}
	return nil
}
