package postgres

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/catalog"
)

// foundDomain is a domain, and what it is based on as the catalogue says it.
type foundDomain struct {
	dialect.DomainInfo
	text, base, elem, collation string
	resolved                    bool
}

// readDomains reads the domains: those of the schema into the catalogue if
// they are asked for, and all of them for the columns.
func (r *inspector) readDomains() bool {
	if r.domains != nil {
		return true
	}
	r.domains = map[string]*foundDomain{}
	if r.product == productCockroach { // which has none
		return true
	}
	var list []string
	var id, space, name, text, base, elem, def, collation, comment, check, condition, said catalog.Text
	var notNull, valid catalog.Flag
	if !r.q.Ask(`SELECT t.oid::text, n.nspname, t.typname, pg_catalog.format_type(t.typbasetype, t.typtypmod), b.oid::text, b.typelem::text, t.typnotnull, t.typdefault,
 CASE WHEN t.typcollation <> b.typcollation THEN l.collname END, pg_catalog.obj_description(t.oid, 'pg_type'),
 k.conname, pg_catalog.pg_get_expr(k.conbin, 0), k.convalidated, pg_catalog.obj_description(k.oid, 'pg_constraint')
 FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
 LEFT JOIN pg_catalog.pg_collation l ON l.oid = t.typcollation LEFT JOIN pg_catalog.pg_constraint k ON k.contypid = t.oid AND k.contype = 'c'
 WHERE t.typtype = 'd' AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY t.typname COLLATE "C", t.oid, k.conname COLLATE "C"`, func() error {
		d := r.domains[string(id)]
		if d == nil {
			d = &foundDomain{DomainInfo: dialect.DomainInfo{Name: string(name), NotNull: bool(notNull), Default: string(def), Comment: string(comment)},
				text: string(text), base: string(base), elem: string(elem), collation: string(collation)}
			if string(space) != r.c.Default {
				d.Schema = string(space)
			}
			r.domains[string(id)] = d
			if string(space) == r.c.Schema {
				list = append(list, string(id))
			}
		}
		if check != "" {
			d.Checks = append(d.Checks, dialect.CheckInfo{Name: string(check), SQL: catalog.Unwrap(string(condition)),
				Validity: dialect.Validity{NotValid: !bool(valid)}, Comment: string(said)})
		}
		return nil
	}, &id, &space, &name, &text, &base, &elem, &notNull, &def, &collation, &comment, &check, &condition, &valid, &said) {
		return false
	}
	if r.in.Parts&dialect.InspectDomains != 0 {
		for _, id := range list {
			r.c.Domains = append(r.c.Domains, r.domain(id))
		}
	}
	return true
}

// domain is the domain of that number, or nil.
func (r *inspector) domain(id string) *dialect.DomainInfo {
	d := r.domains[id]
	if d == nil {
		return nil
	}
	if !d.resolved {
		d.resolved = true
		d.Type = r.columnType(d.text, d.base, d.elem)
		d.Type.Collation = d.collation
	}
	return &d.DomainInfo
}
