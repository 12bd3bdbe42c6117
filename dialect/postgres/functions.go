package postgres

// functions are the templates of the portable functions.
func functions(v variant) map[string]string {
	f := map[string]string{
		"char_length":  "CHAR_LENGTH({0})",
		"length":       "LENGTH({0})",
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
		"chr":          "CHR({0})",

		"ceil":     "CEIL({0})",
		"trunc":    "TRUNC({0})",
		"ln":       "LN({0})",
		"log10":    "LOG({0})",
		"power":    "POWER({0}, {1})",
		"random":   "RANDOM()",
		"greatest": "GREATEST({*})",
		"least":    "LEAST({*})",

		"now":               "CURRENT_TIMESTAMP",
		"current_timestamp": "CURRENT_TIMESTAMP",
		"current_date":      "CURRENT_DATE",
		"current_time":      "CURRENT_TIME",
		"localtimestamp":    "LOCALTIMESTAMP",

		"string_agg":      "STRING_AGG({0}, {1})",
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
		f["date_trunc_"+unit] = "DATE_TRUNC('" + unit + "', {0})"
	}
	for _, unit := range [...]string{"doy", "dow", "isodow", "isoyear"} {
		f["extract_"+unit] = "CAST(EXTRACT(" + unit + " FROM {0}) AS INTEGER)"
	}
	// Those that have a fraction; a CAST would round it.
	f["extract_second"] = "CAST(FLOOR(EXTRACT(second FROM {0})) AS INTEGER)"
	f["extract_epoch"] = "CAST(FLOOR(EXTRACT(epoch FROM {0})) AS BIGINT)"
	switch {
	case v.product == productCockroach:
		f["any_value"] = "MIN({0})"
	case !v.compat.AtLeast(16, 0):
		f["any_value"] = "(ARRAY_AGG({0}))[1]"
	}
	return f
}
