package main

import (
	"strconv"
	"strings"
)

// hand: what a person writes for W8 with a strings.Builder and the same
// optional terms. The base of its ratios.
func init() {
	RegisterCompiler(Compiler{"hand", func() (func() (string, []any, error), error) {
		status, like := []string{"paid", "sent"}, "A%"
		return func() (string, []any, error) {
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
			b.WriteString(" GROUP BY u.id, u.name ORDER BY n DESC LIMIT 10")
			return b.String(), args, nil
		}, nil
	}})
}
