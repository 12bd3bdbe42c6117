package schema

import (
	"slices"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// sequence is the sequence that the catalogue has.
func (m *reading) sequence(c *dialect.Catalog, schema string, in *dialect.SequenceInfo) *Sequence {
	at := slices.IndexFunc(m.sequences, func(s *Sequence) bool { return s.Schema == schema && s.Name == in.Name })
	if at >= 0 {
		return m.sequences[at]
	}
	return &Sequence{Schema: schema, Name: in.Name, Counting: m.usual(in.Counting, dialect.NoType), Comment: in.Comment}
}

// counted is the sequence whose next value a default is, and nothing else; nil
// where it is another thing. The sequence becomes one of the Metadata's.
func (m *reading) counted(c *dialect.Catalog, schema, sql string) *Sequence {
	names := nextOf(sql)
	if len(names) == 0 || len(names) > 2 {
		return nil
	}
	for i, name := range names {
		names[i] = m.f.FoldName(name)
	}
	if len(names) == 1 {
		names = []string{c.Default, names[0]}
	}
	if names[0] != c.Schema {
		return nil
	}
	for i := range c.Sequences {
		if c.Sequences[i].Name == names[1] {
			s := m.sequence(c, schema, &c.Sequences[i])
			m.AddSequences(s)
			return s
		}
	}
	return nil
}

// nextOf are the parts of the name of the sequence of which an expression is
// the next value, in the words of any database: nextval('s'::regclass),
// nextval(`s`), NEXT VALUE FOR [dbo].[s], "APP"."S"."NEXTVAL".
func nextOf(sql string) []string {
	lower := strings.ToLower(sql)
	switch {
	case strings.HasPrefix(lower, "nextval(") && strings.HasSuffix(lower, ")"):
		sql = sql[len("nextval(") : len(sql)-1]
		if text, ok := strings.CutPrefix(sql, "'"); ok {
			if text, ok = strings.CutSuffix(text, "'::regclass"); !ok {
				return nil
			}
			sql = strings.ReplaceAll(text, "''", "'")
		}
		return nameParts(sql)
	case strings.HasPrefix(lower, "next value for "):
		return nameParts(sql[len("next value for "):])
	}
	for _, end := range []string{`."nextval"`, ".nextval"} {
		if strings.HasSuffix(lower, end) {
			return nameParts(sql[:len(sql)-len(end)])
		}
	}
	return nil
}

// nameParts are the parts of a name, between dots and without their quotes;
// none where it is not one.
func nameParts(sql string) []string {
	var parts []string
	for {
		part, rest := "", ""
		end := byte(0)
		if sql != "" {
			end = map[byte]byte{'"': '"', '`': '`', '[': ']'}[sql[0]]
		}
		if end != 0 {
			var b strings.Builder
			i := 1
			for ; i < len(sql); i++ {
				if sql[i] == end {
					if i+1 >= len(sql) || sql[i+1] != end {
						break
					}
					i++
				}
				b.WriteByte(sql[i])
			}
			if i >= len(sql) {
				return nil
			}
			part, rest = b.String(), sql[i+1:]
		} else {
			i := 0
			for i < len(sql) && sql[i] != '.' {
				if c := sql[i]; c <= ' ' || strings.IndexByte("'()\"`+-*/,:", c) >= 0 {
					return nil
				}
				i++
			}
			part, rest = sql[:i], sql[i:]
		}
		if part == "" {
			return nil
		}
		parts = append(parts, part)
		if rest == "" {
			return parts
		}
		if rest[0] != '.' {
			return nil
		}
		sql = rest[1:]
	}
}

// usual leaves out what the database counts by without being told, so that a
// copy in another database counts in the way of that one.
func (m *reading) usual(n dialect.Counting, kind dialect.TypeKind) dialect.Counting {
	least, most := []string{"-9223372036854775808", "-9223372036854775807", "-999999999999999999999999999"},
		[]string{"9223372036854775807", "9223372036854775806", "9999999999999999999999999999"}
	switch kind {
	case dialect.SmallInt:
		least, most = []string{"-32768"}, []string{"32767"}
	case dialect.Integer:
		least, most = []string{"-2147483648"}, []string{"2147483647"}
	}
	first := n.Min // where a sequence starts by itself
	if n.Increment < 0 {
		first = n.Max
		if n.Max == "-1" {
			n.Max = ""
		}
		if slices.Contains(least, n.Min) {
			n.Min = ""
		}
	} else {
		if slices.Contains(most, n.Max) {
			n.Max = ""
		}
		if m.f.DDL.Counting == dialect.CountingPair { // all numbers of the type, and starts with the least
			if slices.Contains(least, n.Min) {
				n.Min = ""
			}
		} else if n.Min == "1" {
			n.Min = ""
		}
	}
	if first != "" && number(first) == n.Start || first == "" && n.Start == 1 && n.Increment == 1 {
		n.Start = 0
	}
	if n.Increment == 1 {
		n.Increment = 0
	}
	if n.Cache == m.f.DDL.SequenceCache {
		n.Cache = 0
	}
	return n
}
