package oracle

import "github.com/sqlayer-go/sqlayer/dialect"

// functions are the templates of the portable functions. Sessions are in UTC,
// so CURRENT_TIMESTAMP is.
func functions(v dialect.Version) map[string]string {
	f := map[string]string{
		"char_length":  "LENGTH({0})",
		"length":       "length({0})",
		"octet_length": "LENGTHB({0})",
		"trim":         "TRIM({0})",
		"substring":    "SUBSTR({0}, {1}, {2})",
		"left":         "SUBSTR({0}, 1, {1})",
		"right":        "SUBSTR({0}, GREATEST(LENGTH({0}) - {1}, 0) + 1)", // a start of 0, or before the text, is none
		"lpad":         "LPAD({0}, {1}, {2})",
		"rpad":         "RPAD({0}, {1}, {2})",
		"strpos":       "INSTR({0}, {1})",
		"repeat":       "RPAD({0}, LENGTH({0}) * {1}, {0})",
		"reverse": "(SELECT LISTAGG(SUBSTR({0}, LEVEL, 1)) WITHIN GROUP (ORDER BY LEVEL DESC)" +
			" FROM DUAL CONNECT BY LEVEL <= LENGTH({0}))",
		"concat_ws": "",
		"chr":       "NCHR({0})", // CHR takes bytes

		"ceil":        "CEIL({0})",
		"trunc":       "TRUNC({0})",
		"ln":          "LN({0})",
		"log10":       "LOG(10, {0})",
		"log":         "LOG({0}, {1})",
		"power":       "POWER({0}, {1})",
		"round":       "ROUND({0}, {1})",
		"round_float": "ROUND(TO_NUMBER({0}), {1})", // of a BINARY_DOUBLE it takes no digits
		"pi":          "ACOS(-1)",
		"atan2":       "ATAN2({0}, {1})",
		"degrees":     "({0} * 180 / ACOS(-1))",
		"radians":     "({0} * ACOS(-1) / 180)",
		"random":      "DBMS_RANDOM.VALUE",
		"greatest":    "GREATEST({*})",
		"least":       "LEAST({*})",

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

		"make_date": "TO_DATE({0} || '-' || {1} || '-' || {2}, 'YYYY-MM-DD')",

		"date_add_year":    addMonths("{1} * 12"),
		"date_add_quarter": addMonths("{1} * 3"),
		"date_add_month":   addMonths("{1}"),
		"date_add_week":    "({0} + NUMTODSINTERVAL({1} * 7, 'DAY'))",
		"date_add_day":     "({0} + NUMTODSINTERVAL({1}, 'DAY'))",
		"date_add_hour":    "({0} + NUMTODSINTERVAL({1}, 'HOUR'))",
		"date_add_minute":  "({0} + NUMTODSINTERVAL({1}, 'MINUTE'))",
		"date_add_second":  "({0} + NUMTODSINTERVAL({1}, 'SECOND'))",

		"date_diff_year":    "(EXTRACT(YEAR FROM {1}) - EXTRACT(YEAR FROM {0}))",
		"date_diff_quarter": "ROUND(MONTHS_BETWEEN(TRUNC({1}, 'Q'), TRUNC({0}, 'Q')) / 3)",
		"date_diff_month":   "MONTHS_BETWEEN(TRUNC({1}, 'MM'), TRUNC({0}, 'MM'))",
		"date_diff_week":    "((TRUNC({1}, 'IW') - TRUNC({0}, 'IW')) / 7)",
		"date_diff_day":     "(TRUNC({1}) - TRUNC({0}))",
		"date_diff_hour":    "ROUND((TRUNC({1}, 'HH24') - TRUNC({0}, 'HH24')) * 24)",
		"date_diff_minute":  "ROUND((TRUNC({1}, 'MI') - TRUNC({0}, 'MI')) * 1440)",
		"date_diff_second":  "ROUND((TRUNC({1}, 'MI') - TRUNC({0}, 'MI')) * 86400 + TO_NUMBER(TO_CHAR({1}, 'SS')) - TO_NUMBER(TO_CHAR({0}, 'SS')))",

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
	for _, unit := range []string{"year", "month", "day"} {
		f["extract_"+unit] = "EXTRACT(" + unit + " FROM {0})"
	}
	if v.AtLeast(19, 0) {
		f["string_agg"] = "LISTAGG({0}, {1})"
	}
	if v.AtLeast(12, 2) {
		f["json_agg"], f["json_object_agg"] = "JSON_ARRAYAGG({0} NULL ON NULL)", "JSON_OBJECTAGG(KEY {0} VALUE {1})"
	}
	if v.AtLeast(23, 0) {
		f["bool_and"], f["bool_or"] = "BOOLEAN_AND_AGG({0})", "BOOLEAN_OR_AGG({0})"
	}
	return f
}

// addMonths is a time some months later, at most on the last day of the month:
// ADD_MONTHS alone loses the fraction, and makes the last day of a month the last
// of the other. It adds the days that lie between.
func addMonths(n string) string {
	first := "ADD_MONTHS(TRUNC({0}, 'MM'), " + n + ")"
	return "({0} + NUMTODSINTERVAL(" + first + " + LEAST(EXTRACT(DAY FROM {0}), EXTRACT(DAY FROM LAST_DAY(" + first + "))) - 1 - TRUNC({0}), 'DAY'))"
}
