package oracle

import "github.com/sqlayer-go/sqlayer/dialect"

// functions are the templates of the portable functions. Sessions are in UTC,
// so CURRENT_TIMESTAMP is.
func functions(v dialect.Version) map[string]string {
	f := map[string]string{
		"char_length":  "LENGTH({0})",
		"length":       "LENGTH({0})",
		"octet_length": "LENGTHB({0})",
		"trim":         "TRIM({0})",
		"substring":    "SUBSTR({0}, {1}, {2})",
		"left":         "SUBSTR({0}, 1, {1})",
		"right":        "SUBSTR({0}, GREATEST(LENGTH({0}) - {1}, 0) + 1)", // a start of 0, or before the text, is none
		"lpad":         "LPAD({0}, {1}, {2})",
		"rpad":         "RPAD({0}, {1}, {2})",
		"strpos":       "INSTR({0}, {1})",
		"repeat":       "RPAD({0}, LENGTH({0}) * {1}, {0})",
		"reverse":      "",
		"chr":          "NCHR({0})", // CHR takes bytes

		"ceil":     "CEIL({0})",
		"trunc":    "TRUNC({0})",
		"ln":       "LN({0})",
		"log10":    "LOG(10, {0})",
		"power":    "POWER({0}, {1})",
		"random":   "DBMS_RANDOM.VALUE",
		"greatest": "GREATEST({*})",
		"least":    "LEAST({*})",

		"now":               "CURRENT_TIMESTAMP",
		"current_timestamp": "CURRENT_TIMESTAMP",
		"current_date":      "TRUNC(CURRENT_DATE)",
		"current_time":      "",
		"localtimestamp":    "LOCALTIMESTAMP",

		// The number of a day of the week depends on the territory.
		"extract_dow":    "MOD(TRUNC({0}) - TRUNC({0}, 'IW') + 1, 7)",
		"extract_isodow": "(TRUNC({0}) - TRUNC({0}, 'IW') + 1)",
		"extract_epoch": "ROUND((CAST(CAST({0} AS TIMESTAMP WITH TIME ZONE) AT TIME ZONE 'UTC' AS DATE)" +
			" - DATE '1970-01-01') * 86400)",
		"date_trunc_second": "(TRUNC({0}, 'MI') + TO_NUMBER(TO_CHAR({0}, 'SS')) / 86400)",

		"string_agg":      "LISTAGG({0}, {1}) WITHIN GROUP (ORDER BY NULL)",
		"array_agg":       "",
		"json_agg":        "",
		"json_object_agg": "",
		"any_value":       "MIN({0})",
		"bool_and":        "MIN({0})",
		"bool_or":         "MAX({0})",
		"stddev":          "STDDEV_SAMP({0})", // STDDEV of one row is 0
		"stddev_samp":     "STDDEV_SAMP({0})",
		"stddev_pop":      "STDDEV_POP({0})",
		"variance":        "VAR_SAMP({0})",
		"var_samp":        "VAR_SAMP({0})",
		"var_pop":         "VAR_POP({0})",

		"gen_random_uuid": "SYS_GUID()",
		"current_user":    "USER",
	}
	for unit, format := range map[string]string{
		"year": "YYYY", "quarter": "Q", "month": "MM", "week": "IW", "day": "DD", "hour": "HH24", "minute": "MI",
		"second": "SS", "doy": "DDD", "isoyear": "IYYY",
	} {
		// EXTRACT has no hours of a DATE, and those of UTC of a time with a zone.
		f["extract_"+unit] = "TO_NUMBER(TO_CHAR({0}, '" + format + "'))"
		switch unit {
		case "second", "doy", "isoyear":
		default:
			f["date_trunc_"+unit] = "TRUNC({0}, '" + format + "')"
		}
	}
	if v.AtLeast(12, 2) {
		f["json_agg"], f["json_object_agg"] = "JSON_ARRAYAGG({0})", "JSON_OBJECTAGG(KEY {0} VALUE {1})"
	}
	if v.AtLeast(23, 0) {
		f["bool_and"], f["bool_or"] = "BOOLEAN_AND_AGG({0})", "BOOLEAN_OR_AGG({0})"
	}
	return f
}
