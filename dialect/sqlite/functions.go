package sqlite

import "github.com/sqlayer-go/sqlayer/dialect"

// functions are the templates of the portable functions. Truth values are 0 and
// 1. Times are text in UTC, on which SQLite's own functions work; what is
// current is in UTC too.
func functions(v dialect.Version) map[string]string {
	f := map[string]string{
		"char_length":  "length({0})",
		"length":       "length({0})",
		"octet_length": "OCTET_LENGTH({0})",
		"trim":         "TRIM({0})",
		"substring":    "SUBSTR({0}, {1}, {2})",
		"left":         "SUBSTR({0}, 1, {1})",
		"right":        "SUBSTR({0}, -({1}), {1})",
		"lpad": "CASE WHEN LENGTH({0}) >= {1} THEN SUBSTR({0}, 1, {1})" +
			" ELSE SUBSTR(REPLACE(HEX(ZEROBLOB({1})), '00', {2}), 1, {1} - LENGTH({0})) || {0} END",
		"rpad": "CASE WHEN LENGTH({0}) >= {1} THEN SUBSTR({0}, 1, {1})" +
			" ELSE {0} || SUBSTR(REPLACE(HEX(ZEROBLOB({1})), '00', {2}), 1, {1} - LENGTH({0})) END",
		"strpos": "INSTR({0}, {1})",
		"repeat": "REPLACE(HEX(ZEROBLOB({1})), '00', {0})",
		"reverse": "(WITH RECURSIVE letters (rest, done) AS (SELECT {0}, '' UNION ALL" +
			" SELECT SUBSTR(rest, 2), SUBSTR(rest, 1, 1) || done FROM letters WHERE rest <> '') SELECT done FROM letters WHERE rest = '')",
		"concat_ws": "",
		"chr":       "CHAR({0})",

		"ceil":        "CEIL({0})",
		"trunc":       "TRUNC({0})",
		"ln":          "LN({0})",
		"log10":       "LOG10({0})",
		"log":         "LOG({0}, {1})",
		"power":       "POWER({0}, {1})",
		"round":       "ROUND({0}, {1})",
		"round_float": "ROUND({0}, {1})",
		"pi":          "PI()",
		"atan2":       "ATAN2({0}, {1})",
		"degrees":     "DEGREES({0})",
		"radians":     "RADIANS({0})",
		"random":      "(ABS(RANDOM() % 9007199254740992) / 9007199254740992.0)",
		"greatest":    "MAX({*})",
		"least":       "MIN({*})",

		"now":               "CURRENT_TIMESTAMP",
		"current_timestamp": "CURRENT_TIMESTAMP",
		"current_date":      "CURRENT_DATE",
		"current_time":      "CURRENT_TIME",
		"localtimestamp":    "CURRENT_TIMESTAMP",

		"extract_year":    part("%Y"),
		"extract_quarter": "((" + part("%m") + " + 2) / 3)",
		"extract_month":   part("%m"),
		"extract_week":    part("%V"),
		"extract_day":     part("%d"),
		"extract_hour":    part("%H"),
		"extract_minute":  part("%M"),
		"extract_second":  part("%S"),
		"extract_doy":     part("%j"),
		"extract_dow":     part("%w"),
		"extract_isodow":  "((" + part("%w") + " + 6) % 7 + 1)",
		"extract_isoyear": part("%G"),
		"extract_epoch":   part("%s"),

		"date_trunc_year":    "STRFTIME('%Y-01-01 00:00:00', {0})",
		"date_trunc_quarter": "(STRFTIME('%Y', {0}) || PRINTF('-%02d-01 00:00:00', (" + part("%m") + " - 1) / 3 * 3 + 1))",
		"date_trunc_month":   "STRFTIME('%Y-%m-01 00:00:00', {0})",
		"date_trunc_week":    "(DATE({0}, 'weekday 0', '-6 days') || ' 00:00:00')",
		"date_trunc_day":     "STRFTIME('%Y-%m-%d 00:00:00', {0})",
		"date_trunc_hour":    "STRFTIME('%Y-%m-%d %H:00:00', {0})",
		"date_trunc_minute":  "STRFTIME('%Y-%m-%d %H:%M:00', {0})",
		"date_trunc_second":  "STRFTIME('%Y-%m-%d %H:%M:%S', {0})",

		// NULL for NULL, and for a day that the month lacks, which DATE takes for one of the next.
		"make_date": "CASE CAST({2} AS INTEGER) WHEN CAST(STRFTIME('%d', PRINTF('%04d-%02d-%02d', {0}, {1}, {2})) AS INTEGER) + 0 * {0} " +
			"THEN PRINTF('%04d-%02d-%02d', {0}, {1}, {2}) END",
		// What is behind the seconds stays as it is.
		"date_add_year":    "(DATE({0}, {1} || ' years', 'floor') || SUBSTR({0}, 11))",
		"date_add_quarter": "(DATE({0}, ({1} * 3) || ' months', 'floor') || SUBSTR({0}, 11))",
		"date_add_month":   "(DATE({0}, {1} || ' months', 'floor') || SUBSTR({0}, 11))",
		"date_add_week":    "(DATE({0}, ({1} * 7) || ' days') || SUBSTR({0}, 11))",
		"date_add_day":     "(DATE({0}, {1} || ' days') || SUBSTR({0}, 11))",
		"date_add_hour":    "(DATETIME({0}, {1} || ' hours') || SUBSTR({0}, 20))",
		"date_add_minute":  "(DATETIME({0}, {1} || ' minutes') || SUBSTR({0}, 20))",
		"date_add_second":  "(DATETIME({0}, {1} || ' seconds') || SUBSTR({0}, 20))",

		"date_diff_year":    "(" + partOf("%Y", "{1}") + " - " + partOf("%Y", "{0}") + ")",
		"date_diff_quarter": "((" + partOf("%Y", "{1}") + " - " + partOf("%Y", "{0}") + ") * 4 + (" + partOf("%m", "{1}") + " + 2) / 3 - (" + partOf("%m", "{0}") + " + 2) / 3)",
		"date_diff_month":   "((" + partOf("%Y", "{1}") + " - " + partOf("%Y", "{0}") + ") * 12 + " + partOf("%m", "{1}") + " - " + partOf("%m", "{0}") + ")",
		"date_diff_week":    "CAST((JULIANDAY({1}, 'weekday 0', 'start of day') - JULIANDAY({0}, 'weekday 0', 'start of day')) / 7 AS INTEGER)",
		"date_diff_day":     "CAST(JULIANDAY({1}, 'start of day') - JULIANDAY({0}, 'start of day') AS INTEGER)",
		"date_diff_hour":    "((" + partOf("%s", "{1}") + " - " + partOf("%M", "{1}") + " * 60 - " + partOf("%S", "{1}") + " - " + partOf("%s", "{0}") + " + " + partOf("%M", "{0}") + " * 60 + " + partOf("%S", "{0}") + ") / 3600)",
		"date_diff_minute":  "((" + partOf("%s", "{1}") + " - " + partOf("%S", "{1}") + " - " + partOf("%s", "{0}") + " + " + partOf("%S", "{0}") + ") / 60)",
		"date_diff_second":  "(" + partOf("%s", "{1}") + " - " + partOf("%s", "{0}") + ")",

		"string_agg":      "group_concat({0}, {1})",
		"array_agg":       "",
		"json_agg":        "JSON_GROUP_ARRAY({0})",
		"json_object_agg": "JSON_GROUP_OBJECT({0}, {1})",
		"any_value":       "MIN({0})",
		"bool_and":        "MIN({0})",
		"bool_or":         "MAX({0})",
		"stddev":          "",
		"stddev_samp":     "",
		"stddev_pop":      "",
		"variance":        "",
		"var_samp":        "",
		"var_pop":         "",

		"gen_random_uuid": uuid,
		"current_user":    "",
	}
	if !v.AtLeast(3, 43) {
		f["octet_length"] = "LENGTH(CAST({0} AS BLOB))"
	}
	if v.AtLeast(3, 44) {
		f["concat_ws"] = "CONCAT_WS({*})"
	}
	if !v.AtLeast(3, 46) {
		f["extract_week"], f["extract_isoyear"] = "", ""
		f["date_add_year"], f["date_add_quarter"], f["date_add_month"] = "", "", ""
	}
	return f
}

// uuid makes a random one of version 4.
const uuid = "(LOWER(HEX(RANDOMBLOB(4)) || '-' || HEX(RANDOMBLOB(2)) || '-4' || SUBSTR(HEX(RANDOMBLOB(2)), 2) || '-' ||" +
	" SUBSTR('89AB', ABS(RANDOM() % 4) + 1, 1) || SUBSTR(HEX(RANDOMBLOB(2)), 2) || '-' || HEX(RANDOMBLOB(6))))"

// part is a part of a time as a number.
func part(format string) string { return partOf(format, "{0}") }

func partOf(format, t string) string { return "CAST(STRFTIME('" + format + "', " + t + ") AS INTEGER)" }
