package mssql

// functions are the templates of the portable functions. at says whether the
// server has what came with a version.
func functions(at func(major int) bool) map[string]string {
	f := map[string]string{
		"char_length":  "LEN({0})",
		"length":       "LEN({0})",
		"octet_length": "DATALENGTH({0})",
		"trim":         "LTRIM(RTRIM({0}))",
		"substring":    "SUBSTRING({0}, {1}, {2})",
		"left":         "LEFT({0}, {1})",
		"right":        "RIGHT({0}, {1})",
		"lpad": "CASE WHEN LEN({0} + 'x') > {1} THEN LEFT({0}, {1})" +
			" ELSE LEFT(REPLICATE({2}, {1}), {1} + 1 - LEN({0} + 'x')) + {0} END",
		"rpad": "CASE WHEN LEN({0} + 'x') > {1} THEN LEFT({0}, {1})" +
			" ELSE {0} + LEFT(REPLICATE({2}, {1}), {1} + 1 - LEN({0} + 'x')) END",
		"concat_ws": "",
		"strpos":    "CHARINDEX({1}, {0})",
		"repeat":    "REPLICATE({0}, {1})",
		"reverse":   "REVERSE({0})",
		"chr":       "NCHAR({0})",

		"ceil":        "CEILING({0})",
		"trunc":       "ROUND({0}, 0, 1)",
		"ln":          "LOG({0})",
		"log10":       "LOG10({0})",
		"power":       "POWER(CAST({0} AS FLOAT(53)), {1})", // the power of a whole number would be whole
		"log":         "LOG({1}, {0})",
		"round":       "ROUND({0}, {1})",
		"round_float": "ROUND({0}, {1})",
		"pi":          "PI()",
		"atan2":       "ATN2({0}, {1})",
		"degrees":     "DEGREES(CAST({0} AS FLOAT(53)))", // of a whole number it would be whole
		"radians":     "RADIANS(CAST({0} AS FLOAT(53)))",
		"random":      "RAND(CHECKSUM(NEWID()))", // RAND alone is one number for all rows
		"greatest":    "",
		"least":       "",

		"now":               "SYSUTCDATETIME()",
		"current_timestamp": "SYSUTCDATETIME()",
		"current_date":      "CAST(SYSUTCDATETIME() AS DATE)",
		"current_time":      "CAST(SYSUTCDATETIME() AS TIME)",
		"localtimestamp":    "SYSUTCDATETIME()",

		// The number of a day of the week depends on DATEFIRST.
		"extract_dow":     "((DATEPART(WEEKDAY, {0}) + @@DATEFIRST - 1) % 7)",
		"extract_isodow":  "((DATEPART(WEEKDAY, {0}) + @@DATEFIRST - 2) % 7 + 1)",
		"extract_week":    "DATEPART(ISO_WEEK, {0})",
		"extract_isoyear": "YEAR(DATEADD(DAY, 26 - DATEPART(ISO_WEEK, {0}), {0}))",
		"extract_doy":     "DATEPART(DAYOFYEAR, {0})",
		"extract_epoch":   "DATEDIFF(SECOND, '1970-01-01', {0})",

		"date_trunc_week": "DATEADD(DAY, -((DATEPART(WEEKDAY, {0}) + @@DATEFIRST - 2) % 7), CAST(CAST({0} AS DATE) AS DATETIME2))",
		// There are too many seconds to count them from the beginning.
		"date_trunc_second": "DATEADD(NANOSECOND, -DATEPART(NANOSECOND, {0}), CAST({0} AS DATETIME2))",

		"make_date": "DATEFROMPARTS({0}, {1}, {2})",
		// WEEK begins on Sunday whatever DATEFIRST says; the day before is of
		// the same week as Monday's is.
		"date_diff_week": "DATEDIFF(WEEK, DATEADD(DAY, -1, {0}), DATEADD(DAY, -1, {1}))",

		"string_agg":      "",
		"array_agg":       "",
		"json_agg":        "",
		"json_object_agg": "",
		"any_value":       "MIN({0})",
		"bool_and":        "CAST(MIN(CAST({0} AS TINYINT)) AS BIT)",
		"bool_or":         "CAST(MAX(CAST({0} AS TINYINT)) AS BIT)",
		"stddev":          "STDEV({0})",
		"stddev_samp":     "STDEV({0})",
		"stddev_pop":      "STDEVP({0})",
		"variance":        "VAR({0})",
		"var_samp":        "VAR({0})",
		"var_pop":         "VARP({0})",

		"gen_random_uuid": "NEWID()",
		"current_user":    "CURRENT_USER",
	}
	for _, unit := range [...]string{"year", "quarter", "month", "day", "hour", "minute", "second"} {
		f["extract_"+unit] = "DATEPART(" + unit + ", {0})"
		f["date_add_"+unit] = "DATEADD(" + unit + ", {1}, {0})"
		f["date_diff_"+unit] = "DATEDIFF(" + unit + ", {0}, {1})"
		if unit != "second" {
			f["date_trunc_"+unit] = "DATEADD(" + unit + ", DATEDIFF(" + unit + ", 0, CAST({0} AS DATETIME2)), CAST('1900-01-01' AS DATETIME2))"
		}
		if at(16) {
			f["date_trunc_"+unit] = "DATETRUNC(" + unit + ", {0})"
		}
	}
	f["date_add_week"] = "DATEADD(week, {1}, {0})"
	if at(13) {
		f["extract_epoch"] = "DATEDIFF_BIG(SECOND, '1970-01-01', {0})"
	}
	if at(14) {
		f["concat_ws"] = "CONCAT_WS({*})"
		f["string_agg"], f["trim"] = "string_agg({0}, {1})", "TRIM({0})"
	}
	if at(16) {
		f["greatest"], f["least"] = "GREATEST({*})", "LEAST({*})"
		f["date_trunc_week"] = "DATETRUNC(ISO_WEEK, {0})"
	}
	if at(17) {
		f["json_agg"], f["json_object_agg"] = "JSON_ARRAYAGG({0} NULL ON NULL)", "JSON_OBJECTAGG({0}:{1} NULL ON NULL)"
	}
	return f
}
