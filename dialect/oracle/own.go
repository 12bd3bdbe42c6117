package oracle

import "github.com/sqlayer-go/sqlayer/dialect"

// own are the functions and clauses of Oracle's own. (Oracle 19c SQL Language
// Reference, by their names; JSON_TABLE from 12.1.)
var own = dialect.Owned("ora", `connect_by delete_where rownum rowid ora_rowscn flashback database_link partition json_table
nvl2 decode to_char to_date to_number add_months months_between last_day next_day median ratio_to_report
regexp_substr regexp_count regexp_instr sys_guid sys_context contains keep`)
