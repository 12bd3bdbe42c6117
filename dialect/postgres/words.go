package postgres

import "github.com/sqlayer-go/sqlayer/dialect"

// reserved are the words that PostgreSQL 18 and before call reserved
// (pg_get_keywords, categories R and T): they need quotes as the name of a
// table or a column.
var reserved = dialect.Words(`
all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate
collation column concurrently constraint create cross current_catalog current_date current_role
current_schema current_time current_timestamp current_user default deferrable desc distinct do else
end except false fetch for foreign freeze from full grant group having ilike in initially inner
intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not
notnull null offset on only or order outer overlaps placing primary references returning right
select session_user similar some symmetric system_user table tablesample then to trailing true union
unique user using variadic verbose when where window with`)

// reservedCockroach are the words that CockroachDB reserves beside those of PostgreSQL.
var reservedCockroach = dialect.Words(`index nothing virtual family`)
