package expr_test

import (
	"strconv"
	"strings"
)

// byHand is what a person writes with a strings.Builder for the same text: the
// measure of the benchmark.
func byHand(status []string, like string) (string, []any) {
	var b strings.Builder
	var args []any
	arg := func(x any) {
		args = append(args, x)
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(len(args)))
	}
	b.WriteString("SELECT u.id, u.name, count(i.id) AS n FROM users AS u JOIN orders AS o ON o.user_id = u.id LEFT OUTER JOIN items AS i ON i.order_id = o.id WHERE u.active = ")
	arg(true)
	b.WriteString(" AND u.age >= ")
	arg(21)
	b.WriteString(" AND o.status IN (")
	for i, s := range status {
		if i > 0 {
			b.WriteString(", ")
		}
		arg(s)
	}
	b.WriteString(") AND u.name LIKE ")
	arg(like)
	b.WriteString(" GROUP BY u.id, u.name ORDER BY n DESC LIMIT ")
	arg(int64(10))
	return b.String(), args
}
