package mysql

// functions are the templates of the portable functions. What has a fraction of a second
// here says so: CURRENT_TIMESTAMP alone has none.
func functions(id identity) map[string]string {
	f := map[string]string{
		"char_length":  "CHAR_LENGTH({0})",
		"length":       "CHAR_LENGTH({0})", // LENGTH counts bytes
		"octet_length": "OCTET_LENGTH({0})",
		"trim":         "TRIM({0})",
		"substring":    "SUBSTRING({0}, {1}, {2})",
		"left":         "LEFT({0}, {1})",
		"right":        "RIGHT({0}, {1})",
		"lpad":         "LPAD({0}, {1}, {2})",
		"rpad":         "RPAD({0}, {1}, {2})",
		"strpos":       "LOCATE({1}, {0})",
		"repeat":       "REPEAT({0}, {1})",
		"reverse":      "REVERSE({0})",
		"chr":          "CONVERT(CHAR({0} USING utf32) USING utf8mb4)", // USING utf8mb4 takes bytes

		"ceil":     "CEIL({0})",
		"trunc":    "TRUNCATE({0}, 0)",
		"ln":       "LN({0})",
		"log10":    "LOG10({0})",
		"power":    "POWER({0}, {1})",
		"random":   "RAND()",
		"greatest": "GREATEST({*})",
		"least":    "LEAST({*})",

		"now":               "CURRENT_TIMESTAMP(6)",
		"current_timestamp": "CURRENT_TIMESTAMP(6)",
		"current_date":      "CURRENT_DATE",
		"current_time":      "CURRENT_TIME(6)",
		"localtimestamp":    "LOCALTIMESTAMP(6)",

		"extract_year":    "YEAR({0})",
		"extract_quarter": "QUARTER({0})",
		"extract_month":   "MONTH({0})",
		"extract_week":    "WEEK({0}, 3)",
		"extract_day":     "DAYOFMONTH({0})",
		"extract_hour":    "HOUR({0})",
		"extract_minute":  "MINUTE({0})",
		"extract_second":  "SECOND({0})",
		"extract_doy":     "DAYOFYEAR({0})",
		"extract_dow":     "(DAYOFWEEK({0}) - 1)",
		"extract_isodow":  "(WEEKDAY({0}) + 1)",
		"extract_isoyear": "(YEARWEEK({0}, 3) DIV 100)",
		// UNIX_TIMESTAMP is 0 before 1970.
		"extract_epoch": "FLOOR(TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', CONVERT_TZ({0}, @@SESSION.time_zone, '+00:00')) / 1000000)",

		"date_trunc_year":    "CAST(DATE_FORMAT({0}, '%Y-01-01') AS DATETIME)",
		"date_trunc_quarter": "CAST(MAKEDATE(YEAR({0}), 1) + INTERVAL (QUARTER({0}) - 1) QUARTER AS DATETIME)",
		"date_trunc_month":   "CAST(DATE_FORMAT({0}, '%Y-%m-01') AS DATETIME)",
		"date_trunc_week":    "CAST(DATE({0}) - INTERVAL WEEKDAY({0}) DAY AS DATETIME)",
		"date_trunc_day":     "CAST(DATE({0}) AS DATETIME)",
		"date_trunc_hour":    "CAST(DATE_FORMAT({0}, '%Y-%m-%d %H:00:00') AS DATETIME)",
		"date_trunc_minute":  "CAST(DATE_FORMAT({0}, '%Y-%m-%d %H:%i:00') AS DATETIME)",
		"date_trunc_second":  "CAST(DATE_FORMAT({0}, '%Y-%m-%d %H:%i:%s') AS DATETIME)",

		"string_agg":      "GROUP_CONCAT({0} SEPARATOR {1})",
		"array_agg":       "",
		"json_agg":        "JSON_ARRAYAGG({0})",
		"json_object_agg": "JSON_OBJECTAGG({0}, {1})",
		"any_value":       "ANY_VALUE({0})",
		"bool_and":        "MIN({0})",
		"bool_or":         "MAX({0})",
		"stddev":          "STDDEV_SAMP({0})", // STDDEV is that of a population
		"stddev_samp":     "STDDEV_SAMP({0})",
		"stddev_pop":      "STDDEV_POP({0})",
		"variance":        "VAR_SAMP({0})",
		"var_samp":        "VAR_SAMP({0})",
		"var_pop":         "VAR_POP({0})",

		"gen_random_uuid": "UUID()",
		"current_user":    "CURRENT_USER",
	}
	if id.product == productMariaDB {
		f["any_value"] = "MIN({0})"
		if !id.from(productMariaDB, 10, 5, 0) {
			f["json_agg"], f["json_object_agg"] = "", ""
		}
	}
	return f
}
