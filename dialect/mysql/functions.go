package mysql

import "strings"

// functions are the templates of the portable functions. What has a fraction of a second
// here says so: CURRENT_TIMESTAMP alone has none.
func functions(id identity) map[string]string {
	f := map[string]string{
		"char_length":  "char_length({0})",
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
		"concat_ws":    "CONCAT_WS({*})",
		"chr":          "CONVERT(CHAR({0} USING utf32) USING utf8mb4)", // USING utf8mb4 takes bytes

		"ceil":  "CEIL({0})",
		"trunc": "TRUNCATE({0}, 0)",
		"ln":    "LN({0})",
		"log10": "LOG10({0})",
		"log":   "LOG({0}, {1})",
		"power": "POWER({0}, {1})",
		"round": "ROUND({0}, {1})",
		// ROUND of a float takes halves to the even number.
		"round_float": "(ROUND(CAST({0} AS DECIMAL(65, 30)), {1}) + 0E0)",
		"pi":          "(PI() + 0E0)", // PI() alone comes with six digits
		"atan2":       "ATAN2({0}, {1})",
		"degrees":     "DEGREES({0})",
		"radians":     "RADIANS({0})",
		"random":      "rand()",
		"greatest":    "GREATEST({*})",
		"least":       "LEAST({*})",

		"now":               "CURRENT_TIMESTAMP(6)",
		"current_timestamp": "CURRENT_TIMESTAMP(6)",
		"current_date":      "CURRENT_DATE",
		"current_time":      "CURRENT_TIME(6)",
		"localtimestamp":    "LOCALTIMESTAMP(6)",

		"extract_year":    "EXTRACT(year FROM {0})",
		"extract_quarter": "EXTRACT(quarter FROM {0})",
		"extract_month":   "EXTRACT(month FROM {0})",
		"extract_week":    "WEEK({0}, 3)",
		"extract_day":     "EXTRACT(day FROM {0})",
		"extract_hour":    "EXTRACT(hour FROM {0})",
		"extract_minute":  "EXTRACT(minute FROM {0})",
		"extract_second":  "EXTRACT(second FROM {0})",
		"extract_doy":     "DAYOFYEAR({0})",
		"extract_dow":     "(DAYOFWEEK({0}) - 1)",
		"extract_isodow":  "(WEEKDAY({0}) + 1)",
		"extract_isoyear": "(YEARWEEK({0}, 3) DIV 100)",
		// UNIX_TIMESTAMP is 0 before 1970.
		"extract_epoch": "FLOOR(TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', CONVERT_TZ({0}, @@SESSION.time_zone, '+00:00')) / 1000000)",

		"date_trunc_year":    "CAST(DATE_FORMAT({0}, '%Y-01-01') AS DATETIME)",
		"date_trunc_quarter": "CAST(CAST(DATE_FORMAT({0}, '%Y-01-01') AS DATE) + INTERVAL (QUARTER({0}) - 1) QUARTER AS DATETIME)",
		"date_trunc_month":   "CAST(DATE_FORMAT({0}, '%Y-%m-01') AS DATETIME)",
		"date_trunc_week":    "CAST(DATE({0}) - INTERVAL WEEKDAY({0}) DAY AS DATETIME)",
		"date_trunc_day":     "CAST(DATE({0}) AS DATETIME)",
		"date_trunc_hour":    "CAST(DATE_FORMAT({0}, '%Y-%m-%d %H:00:00') AS DATETIME)",
		"date_trunc_minute":  "CAST(DATE_FORMAT({0}, '%Y-%m-%d %H:%i:00') AS DATETIME)",
		"date_trunc_second":  "CAST(DATE_FORMAT({0}, '%Y-%m-%d %H:%i:%s') AS DATETIME)",

		// The interval makes NULL of a day or month of 0.
		"make_date":         "(CAST(CONCAT(LPAD({0}, 4, '0'), '-', {1}, '-', {2}) AS DATE) + INTERVAL 0 DAY)",
		"date_diff_year":    "(YEAR({1}) - YEAR({0}))",
		"date_diff_quarter": "((YEAR({1}) - YEAR({0})) * 4 + QUARTER({1}) - QUARTER({0}))",
		"date_diff_month":   "((YEAR({1}) - YEAR({0})) * 12 + MONTH({1}) - MONTH({0}))",
		"date_diff_week":    "(DATEDIFF(DATE({1}) - INTERVAL WEEKDAY({1}) DAY, DATE({0}) - INTERVAL WEEKDAY({0}) DAY) DIV 7)",
		"date_diff_day":     "DATEDIFF({1}, {0})",
		"date_diff_hour":    "TIMESTAMPDIFF(HOUR, DATE_FORMAT({0}, '%Y-%m-%d %H:00:00'), DATE_FORMAT({1}, '%Y-%m-%d %H:00:00'))",
		"date_diff_minute":  "TIMESTAMPDIFF(MINUTE, DATE_FORMAT({0}, '%Y-%m-%d %H:%i:00'), DATE_FORMAT({1}, '%Y-%m-%d %H:%i:00'))",
		"date_diff_second":  "TIMESTAMPDIFF(SECOND, DATE_FORMAT({0}, '%Y-%m-%d %H:%i:%s'), DATE_FORMAT({1}, '%Y-%m-%d %H:%i:%s'))",

		"string_agg":      "group_concat({0} SEPARATOR {1})",
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
	for _, unit := range [...]string{"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND"} {
		f["date_add_"+strings.ToLower(unit)] = "DATE_ADD({0}, INTERVAL {1} " + unit + ")"
	}
	if id.product == productMariaDB {
		f["any_value"] = "MIN({0})"
		if !id.from(productMariaDB, 10, 5, 0) {
			f["json_agg"], f["json_object_agg"] = "", ""
		}
	}
	return f
}
