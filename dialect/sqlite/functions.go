package sqlite

import "github.com/sqlayer-go/sqlayer/dialect"

// functions are the templates of the portable functions. Truth values are 0
// and 1. Times are text in UTC, on which SQLite's own functions work; what is current is in UTC too.
func functions(v dialect.Version) map[string]string {
	f := map[string]string{
		"char_length":  "LENGTH({0})",
		"length":       "LENGTH({0})",
		"octet_length": "OCTET_LENGTH({0})",
		"trim":         "TRIM({0})",
		"substring":    "SUBSTR({0}, {1}, {2})",
		"left":         "SUBSTR({0}, 1, {1})",
		"right":        "SUBSTR({0}, -({1}), {1})",
		"lpad":         "",
		"rpad":         "",
		"strpos":       "INSTR({0}, {1})",
		"repeat":       "REPLACE(HEX(ZEROBLOB({1})), '00', {0})",
		"reverse":      "",
		"chr":          "CHAR({0})",

		"ceil":     "CEIL({0})",
		"trunc":    "TRUNC({0})",
		"ln":       "LN({0})",
		"log10":    "LOG10({0})",
		"power":    "POWER({0}, {1})",
		"random":   "(ABS(RANDOM() % 9007199254740992) / 9007199254740992.0)",
		"greatest": "MAX({*})",
		"least":    "MIN({*})",

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

		"string_agg":      "GROUP_CONCAT({0}, {1})",
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
	if !v.AtLeast(3, 46) {
		f["extract_week"], f["extract_isoyear"] = "", ""
	}
	return f
}

// uuid makes a random one of version 4.
const uuid = "(LOWER(HEX(RANDOMBLOB(4)) || '-' || HEX(RANDOMBLOB(2)) || '-4' || SUBSTR(HEX(RANDOMBLOB(2)), 2) || '-' ||" +
	" SUBSTR('89AB', ABS(RANDOM() % 4) + 1, 1) || SUBSTR(HEX(RANDOMBLOB(2)), 2) || '-' || HEX(RANDOMBLOB(6))))"

// part is a part of a time as a number.
func part(format string) string { return "CAST(STRFTIME('" + format + "', {0}) AS INTEGER)" }
