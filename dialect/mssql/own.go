package mssql

import "github.com/sqlayer-go/sqlayer/dialect"

// own are the functions and clauses of SQL Server's own, from version 2016 on.
// (Transact-SQL reference, by their names.)
var own = dialect.Owned("ms", `for_system_time openjson string_split containstable freetexttable for_json for_xml
contains freetext json_modify isjson format convert datename eomonth at_time_zone switchoffset patindex stuff quotename newid
scope_identity checksum hashbytes`)
