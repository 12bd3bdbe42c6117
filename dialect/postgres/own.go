package postgres

import "github.com/sqlayer-go/sqlayer/dialect"

// own are the functions of expr/pg that go by a name of their own. CockroachDB takes the locks of sessions and does
// nothing with them.
var (
	own = dialect.Owned("pg", `to_char to_date to_timestamp to_number width_bucket split_part
		pg_advisory_lock pg_try_advisory_lock pg_advisory_unlock pg_advisory_xact_lock pg_try_advisory_xact_lock
		similarity jsonb_set jsonb_insert jsonb_path_query jsonb_path_query_array jsonb_path_query_first jsonb_strip_nulls jsonb_typeof`)
	ownCockroach = dialect.Owned("pg", "split_part width_bucket similarity jsonb_set jsonb_insert jsonb_strip_nulls jsonb_typeof")
)
