package dialect

// Wrapper is a dialect that stands on another one: a server that speaks another
// database's protocol, or a company's own rules for a database. It embeds the
// other one and says what is different:
//
//	type variant struct {
//		dialect.Dialect                  // postgres.Dialect(), as far as nothing else is said
//		features        dialect.Features // a copy of its Features, with changes
//	}
//
//	func (v *variant) Unwrap() dialect.Dialect     { return v.Dialect }
//	func (v *variant) Features() *dialect.Features { return &v.features }
//
// With Unwrap the optional interfaces of the other dialect are found as well
// ([As]); a method of the variant's own takes their place. Its OpenConnector
// gives itself to the other's in [ConnectConfig].Dialect, so that the
// connections are the variant's. The module in examples/dialect is a whole one.
type Wrapper interface {
	Dialect
	// Unwrap returns the dialect that this one stands on; nil if there is none.
	Unwrap() Dialect
}

// As finds one of the interfaces beside [Dialect] ([Inspector], [UpsertWriter]
// and so on) in d, or in the dialects that d stands on ([Wrapper]); the first that has
// it counts. ok is false where none does, and for a nil d.
func As[T any](d Dialect) (found T, ok bool) {
	for d != nil {
		if found, ok := d.(T); ok {
			return found, true
		}
		w, ok := d.(Wrapper)
		if !ok {
			break
		}
		d = w.Unwrap()
	}
	return found, false
}

// DialectOr returns the dialect that connections are to be of: that of c, or d
// where c names none.
func (c *ConnectConfig) DialectOr(d Dialect) Dialect {
	if c.Dialect != nil {
		return c.Dialect
	}
	return d
}
