package schema

// Triggers says that the table has triggers, which SQL Server must know when a
// statement gives rows back: OUTPUT is refused there without INTO. It creates
// none. In a struct the tag of Table says triggers.
func Triggers() Part { return partFunc(func(d *Definition) { d.Triggers = true }) }
