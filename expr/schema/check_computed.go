package schema

import "github.com/sqlayer-go/sqlayer/expr"

// checkComputed reports columns that are computed from themselves, be it by way of others. What a
// text in SQL names is not known.
func (d *Definition) checkComputed(fail func(string, ...any)) {
	from := map[*ColumnDef][]*ColumnDef{}
	for _, c := range d.Columns {
		if c.Computed == nil || c.Computed.Expr == nil {
			continue
		}
		for n := range expr.Nodes(expr.Select(c.Computed.Expr)) {
			e := n.Expr()
			if e == nil || columnName(e) == "" {
				continue
			}
			if of := d.Column(columnName(e)); of != nil && of.Computed != nil {
				from[c] = append(from[c], of)
			}
		}
	}
	for _, c := range d.Columns {
		seen := map[*ColumnDef]bool{}
		var reaches func(at *ColumnDef) bool
		reaches = func(at *ColumnDef) bool {
			for _, of := range from[at] {
				if of == c {
					return true
				}
				if !seen[of] {
					if seen[of] = true; reaches(of) {
						return true
					}
				}
			}
			return false
		}
		if reaches(c) {
			fail("column %q is computed from itself", c.Name)
			return // one names the cycle
		}
	}
}
