package postgres

import "github.com/sqlayer-go/sqlayer/dialect"

// own are the functions of expr/pg that go by a name of their own, own14 those
// with what came with PostgreSQL 14. CockroachDB takes the locks of sessions and does
// nothing with them.
var (
	own          = dialect.Owned("pg", ownNames)
	own14        = dialect.Owned("pg", ownNames+" trim_array range_agg range_intersect_agg")
	ownCockroach = dialect.Owned("pg", "split_part width_bucket similarity jsonb_set jsonb_insert jsonb_strip_nulls jsonb_typeof")
)

const ownNames = `to_char to_date to_timestamp to_number width_bucket split_part array_fill
	pg_advisory_lock pg_try_advisory_lock pg_advisory_unlock pg_advisory_xact_lock pg_try_advisory_xact_lock
	pg_advisory_lock_shared pg_try_advisory_lock_shared pg_advisory_unlock_shared pg_advisory_unlock_all
	pg_advisory_xact_lock_shared pg_try_advisory_xact_lock_shared similarity
	jsonb_set jsonb_insert jsonb_path_query jsonb_path_query_array jsonb_path_query_first jsonb_path_exists jsonb_path_match
	jsonb_strip_nulls jsonb_typeof`
