package mysql

import (
	"context"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

// ends says what an error has done to the transaction. InnoDB rolls all of it
// back for a deadlock and where it has no room for locks, and the statement
// alone otherwise. For a lock timeout that is a setting, and so it is for a row
// that was changed since the transaction's snapshot (MySQL 8.4 Reference
// Manual, 17.20.5, InnoDB Error Handling; MariaDB, innodb_snapshot_isolation).
func ends(err error) sqldriver.Ending {
	switch number(err) {
	case 1213, 1206:
		return sqldriver.Ended
	case 1205, 1020:
		return sqldriver.MayEnd
	}
	return sqldriver.Stays
}

// open asks whether the transaction is open: MariaDB says so, and others
// whether they roll back after a lock timeout.
func open(ctx context.Context, c *sqldriver.Conn, _ error) (bool, error) {
	var yes bool
	read := func(rows dialect.Rows) error {
		if rows.Next() {
			return rows.ScanRow([]any{&yes})
		}
		return nil
	}
	err := c.Ask(ctx, "SELECT @@in_transaction", read)
	if number(err) != 1193 {
		return yes, err
	}
	err = c.Ask(ctx, "SELECT @@innodb_rollback_on_timeout", read)
	if number(err) == 1193 { // TiDB
		return true, nil
	}
	return !yes, err
}
