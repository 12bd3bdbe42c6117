// Package catalog has what the dialects share that read a database's
// catalogue. It knows no database: what is asked and what the answers mean is
// the dialects' own.
//
// [Queries] is a script of queries, one after the other, of which each may
// use what those before it have read. [Text], [Int] and [Flag] are destinations that take
// what any driver gives for a text, a number or a truth value, with NULL as
// the zero value: a catalogue is read seldom and in bulk, so that one way for all
// drivers is worth more than the fastest.
//
//	return catalog.Queries(func(q *catalog.Asker) {
//		var name catalog.Text
//		q.Args["schema"] = in.Schema
//		q.Ask("SELECT name FROM tables WHERE schema = :schema ORDER BY name", func() error {
//			c.Add(in, &dialect.TableInfo{Name: string(name)})
//			return nil
//		}, &name)
//	})
package catalog
