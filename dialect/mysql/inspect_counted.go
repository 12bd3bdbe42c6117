package mysql

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/catalog"
)

// partitions reads how tables are divided, a row for each partition, and puts
// it into the words of PARTITION BY.
func (r *inspector) partitions() bool {
	type division struct {
		how, key, subHow, subKey string
		names, texts             []string
		subs                     int // of the first partition
	}
	var order []string
	found := map[string]*division{}
	var table, name, sub, how, key, subHow, subKey, text, comment catalog.Text
	ok := r.q.Ask(`SELECT x.table_name, x.partition_name, x.subpartition_name, x.partition_method, x.partition_expression,
 x.subpartition_method, x.subpartition_expression, x.partition_description, x.partition_comment FROM information_schema.partitions x
 WHERE x.table_schema = :schema AND x.partition_method IS NOT NULL`+r.only+
		` ORDER BY x.table_name, x.partition_ordinal_position, x.subpartition_ordinal_position`, func() error {
		d := found[string(table)]
		if d == nil {
			d = &division{how: string(how), key: string(key), subHow: string(subHow), subKey: string(subKey)}
			found[string(table)] = d
			order = append(order, string(table))
		}
		if last := catalog.Last(d.names); last == nil || *last != string(name) {
			d.names = append(d.names, string(name))
			d.texts = append(d.texts, r.partition(string(name), string(how), string(text), string(comment)))
		}
		if sub != "" && len(d.names) == 1 {
			d.subs++
		}
		return nil
	}, &table, &name, &sub, &how, &key, &subHow, &subKey, &text, &comment)
	for _, name := range order {
		t, d := r.c.Table(name), found[name]
		if t == nil {
			continue
		}
		t.PartitionBy = d.how + " (" + d.key + ")"
		if d.subs > 0 {
			t.PartitionBy += " SUBPARTITION BY " + d.subHow + " (" + d.subKey + ") SUBPARTITIONS " + strconv.Itoa(d.subs)
		}
		if strings.Contains(d.how, "RANGE") || strings.Contains(d.how, "LIST") {
			t.PartitionBy += " (" + strings.Join(d.texts, ", ") + ")"
		} else {
			t.PartitionBy += " PARTITIONS " + strconv.Itoa(len(d.names))
		}
	}
	return ok
}

// partition is what PARTITION BY says of a range or a list.
func (r *inspector) partition(name, how, text, comment string) string {
	w := dialect.NewWriter(r.server)
	w.WriteString("PARTITION ")
	w.Ident(name)
	switch {
	case strings.Contains(how, "RANGE"):
		w.WriteString(" VALUES LESS THAN (" + text + ")")
	case text == "DEFAULT" || text == "MAXVALUE":
		w.WriteString(" DEFAULT")
	default:
		w.WriteString(" VALUES IN (" + text + ")")
	}
	if comment != "" {
		w.WriteString(" COMMENT = ")
		w.StringLiteral(comment)
	}
	return w.Text()
}

// ownSequence is a default of MariaDB without the name of the session's
// database before that of a sequence, so that a copy elsewhere counts by the
// sequence there.
func (r *inspector) ownSequence(text string) string {
	if r.c.Schema != r.c.Default {
		return text
	}
	w := dialect.NewWriter(r.server)
	w.Ident(r.c.Default)
	for _, name := range []string{w.Text(), "`" + strings.ReplaceAll(r.c.Default, "`", "``") + "`"} {
		before := "nextval(" + name + "."
		parts := strings.Split(text, "'") // those at even places are no literals
		for i := 0; i < len(parts); i += 2 {
			parts[i] = strings.ReplaceAll(parts[i], before, "nextval(")
		}
		text = strings.Join(parts, "'")
	}
	return text
}

// sequences reads MariaDB's and TiDB's sequences.
func (r *inspector) sequences() bool {
	var name, least, most catalog.Text
	var start, increment, cache catalog.Int
	var cycle catalog.Flag
	each := func() error {
		if cache == 0 && r.product == productMariaDB { // NOCACHE
			cache = 1
		}
		r.c.Sequences = append(r.c.Sequences, dialect.SequenceInfo{Schema: r.c.Schema, Name: string(name), Counting: dialect.Counting{
			Start: int64(start), Increment: int64(increment), Min: string(least), Max: string(most), Cache: int64(cache), Cycle: bool(cycle)}})
		return nil
	}
	if r.product == productTiDB {
		return r.q.Ask(`SELECT sequence_name, start, increment, min_value, max_value, cache_value, cycle FROM information_schema.sequences
 WHERE sequence_schema = :schema ORDER BY 1`, each, &name, &start, &increment, &least, &most, &cache, &cycle)
	}
	// A sequence says how it counts when it is read like a table, and only to
	// who may do that.
	var names []string
	if !r.q.Ask(`SELECT table_name FROM information_schema.tables WHERE table_schema = :schema AND table_type = 'SEQUENCE' ORDER BY 1`,
		func() error { names = append(names, string(name)); return nil }, &name) {
		return false
	}
	for part := range slices.Chunk(names, catalog.MaxNames) {
		w := dialect.NewWriter(r.server)
		for i, n := range part {
			if i > 0 {
				w.WriteString(" UNION ALL ")
			}
			w.WriteString("SELECT ")
			w.StringLiteral(n)
			w.WriteString(", start_value, increment, minimum_value, maximum_value, cache_size, cycle_option FROM ")
			w.Qualified(r.c.Schema, n)
		}
		if !r.q.Ask(w.Text(), each, &name, &start, &increment, &least, &most, &cache, &cycle) {
			return false
		}
	}
	return true
}
