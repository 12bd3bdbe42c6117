package postgres

// functions are the templates of the portable functions.
func functions(v variant) map[string]string {
	f := map[string]string{
		"char_length":  "char_length({0})",
		"length":       "length({0})",
		"octet_length": "OCTET_LENGTH({0})",
		"trim":         "TRIM({0})",
		"substring":    "SUBSTR({0}, {1}, {2})",
		"left":         "LEFT({0}, {1})",
		"right":        "RIGHT({0}, {1})",
		"lpad":         "LPAD({0}, {1}, {2})",
		"rpad":         "RPAD({0}, {1}, {2})",
		"strpos":       "STRPOS({0}, {1})",
		"repeat":       "REPEAT({0}, {1})",
		"reverse":      "REVERSE({0})",
		"chr":          "CHR(CAST({0} AS INTEGER))",
		"concat_ws":    "CONCAT_WS({*})",

		"ceil":  "CEIL({0})",
		"trunc": "TRUNC({0})",
		"ln":    "LN({0})",
		"log10": "LOG({0})",
		"log":   "(LN({1}) / LN({0}))", // LOG of two arguments is for numeric only
		"power": "POWER({0}, {1})",
		"round": "ROUND({0}, {1})",
		// There is none of a float and digits.
		"round_float": "CAST(ROUND(CAST({0} AS NUMERIC), {1}) AS DOUBLE PRECISION)",
		"pi":          "PI()",
		"atan2":       "ATAN2({0}, {1})",
		"degrees":     "DEGREES({0})",
		"radians":     "RADIANS({0})",
		"random":      "random()",
		"greatest":    "GREATEST({*})",
		"least":       "LEAST({*})",

		"now":               "now()",
		"current_timestamp": "CURRENT_TIMESTAMP",
		"current_date":      "CURRENT_DATE",
		"current_time":      "CURRENT_TIME",
		"localtimestamp":    "LOCALTIMESTAMP",
		"make_date":         "MAKE_DATE(CAST({0} AS INTEGER), CAST({1} AS INTEGER), CAST({2} AS INTEGER))",
		"date_add_quarter":  "{0} + MAKE_INTERVAL(months => 3 * {1})",
		"date_diff_year":    "CAST(EXTRACT(year FROM {1}) - EXTRACT(year FROM {0}) AS BIGINT)",
		"date_diff_quarter": "CAST((EXTRACT(year FROM {1}) - EXTRACT(year FROM {0})) * 4 + EXTRACT(quarter FROM {1}) - EXTRACT(quarter FROM {0}) AS BIGINT)",
		"date_diff_month":   "CAST((EXTRACT(year FROM {1}) - EXTRACT(year FROM {0})) * 12 + EXTRACT(month FROM {1}) - EXTRACT(month FROM {0}) AS BIGINT)",
		"date_diff_week":    "CAST((CAST(DATE_TRUNC('week', {1}) AS DATE) - CAST(DATE_TRUNC('week', {0}) AS DATE)) / 7 AS BIGINT)",
		"date_diff_day":     "CAST(CAST({1} AS DATE) - CAST({0} AS DATE) AS BIGINT)",

		"string_agg":      "string_agg({0}, {1})",
		"array_agg":       "ARRAY_AGG({0})",
		"json_agg":        "JSON_AGG({0})",
		"json_object_agg": "JSON_OBJECT_AGG({0}, {1})",
		"any_value":       "ANY_VALUE({0})",
		"bool_and":        "BOOL_AND({0})",
		"bool_or":         "BOOL_OR({0})",
		"stddev":          "STDDEV_SAMP({0})",
		"stddev_samp":     "STDDEV_SAMP({0})",
		"stddev_pop":      "STDDEV_POP({0})",
		"variance":        "VAR_SAMP({0})",
		"var_samp":        "VAR_SAMP({0})",
		"var_pop":         "VAR_POP({0})",

		"gen_random_uuid": "GEN_RANDOM_UUID()",
		"current_user":    "CURRENT_USER",
	}
	for _, unit := range [...]string{"year", "quarter", "month", "week", "day", "hour", "minute", "second"} {
		f["extract_"+unit] = "CAST(EXTRACT(" + unit + " FROM {0}) AS INTEGER)"
		if unit != "quarter" {
			f["date_add_"+unit] = "{0} + MAKE_INTERVAL(" + argument[unit] + " => {1})"
		}
		if n := seconds[unit]; n != "" {
			f["date_diff_"+unit] = "CAST(FLOOR(EXTRACT(epoch FROM {1}) / " + n + ") - FLOOR(EXTRACT(epoch FROM {0}) / " + n + ") AS BIGINT)"
		}
		f["date_trunc_"+unit] = "DATE_TRUNC('" + unit + "', {0})"
	}
	for _, unit := range [...]string{"doy", "dow", "isodow", "isoyear"} {
		f["extract_"+unit] = "CAST(EXTRACT(" + unit + " FROM {0}) AS INTEGER)"
	}
	// Those that have a fraction; a CAST would round it.
	f["extract_second"] = "CAST(FLOOR(EXTRACT(second FROM {0})) AS INTEGER)"
	f["extract_epoch"] = "CAST(FLOOR(EXTRACT(epoch FROM {0})) AS BIGINT)"
	if !v.compat.AtLeast(13, 0) {
		f["gen_random_uuid"] = "" // pgcrypto's, before
	}
	switch {
	case v.product == productCockroach:
		f["any_value"] = "MIN({0})"
		// It has neither MAKE_INTERVAL nor arguments by name.
		for unit := range argument {
			f["date_add_"+unit] = "{0} + CAST({1} AS BIGINT) * INTERVAL '1 " + unit + "'"
		}
		f["date_add_quarter"] = "{0} + CAST({1} AS BIGINT) * INTERVAL '3 months'"
	case !v.compat.AtLeast(16, 0):
		f["any_value"] = "(ARRAY_AGG({0}))[1]"
	}
	return f
}

// argument are the names of MAKE_INTERVAL's arguments.
var argument = map[string]string{"year": "years", "month": "months", "week": "weeks", "day": "days", "hour": "hours", "minute": "mins", "second": "secs"}

// seconds are the units that are seconds.
var seconds = map[string]string{"hour": "3600", "minute": "60", "second": "1"}
