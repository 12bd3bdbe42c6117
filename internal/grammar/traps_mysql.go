package grammar

import (
	"regexp"
	"strings"

	"github.com/antlr4-go/antlr/v4"
	"github.com/bytebase/parser/mysql"
)

// What MySQL 8 refuses although the grammar accepts it, with the number of the
// error.

func mysqlTraps(p *parsed) *Error {
	for i, t := range p.tokens {
		next := func(n int) string {
			if i+n < len(p.tokens) {
				return word(p.tokens[i+n])
			}
			return ""
		}
		switch w := word(t); {
		case w == "FULL" && (next(1) == "JOIN" || next(1) == "OUTER"):
			return at(t, "there is no FULL JOIN: the word is read as an alias (1064)")
		case w == "NEXTVAL" && next(1) == "(":
			return at(t, "there are no sequences (1305)")
		case (w == "ROLLUP" || w == "CUBE") && next(1) == "(":
			return at(t, "there is no %s(…); GROUP BY … WITH ROLLUP is (1064)", w)
		}
	}
	return firstOf(
		func() *Error {
			return each(p.tree, func(n *mysql.ScriptContext) *Error {
				if all := n.AllQuery(); len(all) > 1 {
					return at(all[1].GetStart(), "a second statement (1064)")
				}
				return nil
			})
		},
		func() *Error {
			return each(p.tree, func(n *mysql.PredicateExprInContext) *Error { return mysqlLimitIn(n.Subquery()) })
		},
		func() *Error {
			return each(p.tree, func(n *mysql.PrimaryExprAllAnyContext) *Error { return mysqlLimitIn(n.Subquery()) })
		},
		func() *Error { return each(p.tree, mysqlDerived) },
		func() *Error {
			return each(p.tree, func(n *mysql.NullTreatmentContext) *Error {
				if n.IGNORE_SYMBOL() != nil {
					return at(n.GetStart(), "IGNORE NULLS (1235)")
				}
				return nil
			})
		},
		func() *Error {
			return each(p.tree, func(n *mysql.WindowFrameUnitsContext) *Error {
				if n.GROUPS_SYMBOL() != nil {
					return at(n.GetStart(), "a frame of GROUPS (1235)")
				}
				return nil
			})
		},
		func() *Error {
			return each(p.tree, func(n *mysql.WindowFrameExclusionContext) *Error { return at(n.GetStart(), "EXCLUDE (1235)") })
		},
		func() *Error {
			return each(p.tree, func(n *mysql.WindowFunctionCallContext) *Error {
				if n.FROM_SYMBOL() != nil && n.LAST_SYMBOL() != nil {
					return at(n.GetStart(), "FROM LAST (1235)")
				}
				return nil
			})
		},
		func() *Error {
			return each(p.tree, func(n *mysql.SumExprContext) *Error {
				if n.DISTINCT_SYMBOL() != nil && n.WindowingClause() != nil {
					return at(n.GetStart(), "DISTINCT in a window's aggregate (1235)")
				}
				return nil
			})
		},
		func() *Error { return each(p.tree, mysqlField) },
		func() *Error { return each(p.tree, mysqlOrder) },
		func() *Error {
			return each(p.tree, func(n *mysql.UpdateStatementContext) *Error {
				refs := n.TableReferenceList()
				if (len(refs.AllTableReference()) > 1 || holds[*mysql.JoinedTableContext](refs)) && (n.OrderClause() != nil || n.SimpleLimitClause() != nil) {
					return at(n.GetStart(), "ORDER BY or LIMIT in an UPDATE of several tables (1221)")
				}
				if holds[*mysql.JoinedTableContext](refs) {
					return nil // what it reads, it may join
				}
				return mysqlTarget(n, refs.GetText())
			})
		},
		func() *Error {
			return each(p.tree, func(n *mysql.DeleteStatementContext) *Error {
				if n.TableRef() == nil {
					return nil
				}
				return mysqlTarget(n, n.TableRef().GetText())
			})
		},
	)
}

// mysqlLimitIn refuses a LIMIT in a subquery of IN, ALL, ANY and SOME.
func mysqlLimitIn(s mysql.ISubqueryContext) *Error {
	if s == nil {
		return nil
	}
	for p := s.QueryExpressionParens(); p != nil; p = p.QueryExpressionParens() {
		if e := p.QueryExpression(); e != nil && e.LimitClause() != nil {
			return at(e.LimitClause().GetStart(), "LIMIT in a subquery of IN, ALL, ANY or SOME (1235)")
		}
	}
	return nil
}

// mysqlDerived wants a name for a derived table, and unlike names in it.
func mysqlDerived(n *mysql.DerivedTableContext) *Error {
	if n.TableAlias() == nil {
		return at(n.GetStop(), "a derived table without a name (1248)")
	}
	if n.ColumnInternalRefList() != nil {
		return nil
	}
	var spec *mysql.QuerySpecificationContext
	each(n, func(s *mysql.QuerySpecificationContext) *Error {
		if spec == nil {
			spec = s
		}
		return nil
	})
	if spec == nil {
		return nil
	}
	seen := map[string]bool{}
	for _, item := range spec.SelectItemList().AllSelectItem() {
		name := ""
		if a := item.SelectAlias(); a != nil {
			name = a.GetStop().GetText()
		} else if name = item.GetText(); !isName(name) {
			continue
		}
		name = strings.ToLower(strings.Trim(lastPart(name), "`"))
		if seen[name] {
			return at(item.GetStart(), "two columns of a derived table are called %s (1060)", name)
		}
		seen[name] = true
	}
	return nil
}

var (
	mysqlNoDefault = regexp.MustCompile(`(?i)^(TINY|MEDIUM|LONG)?(TEXT|BLOB)\b|^(JSON|GEOMETRY|POINT)\b`)
	mysqlMoment    = regexp.MustCompile(`(?i)^(DATETIME|TIMESTAMP)(\(\d\))?`)
	mysqlNow       = regexp.MustCompile(`(?i)^(CURRENT_TIMESTAMP|NOW|LOCALTIME|LOCALTIMESTAMP)(\(\d?\))?$`)
)

// mysqlField looks at the default of a column.
func mysqlField(n *mysql.FieldDefinitionContext) *Error {
	typ := n.DataType().GetText()
	for _, a := range n.AllColumnAttribute() {
		v := a.GetValue()
		if v == nil || a.ExprWithParentheses() != nil {
			continue
		}
		text := a.GetText()
		i := max(strings.Index(strings.ToUpper(text), "DEFAULT")+len("DEFAULT"), strings.Index(strings.ToUpper(text), "UPDATE")+len("UPDATE"))
		if w := word(v); w == "DEFAULT" && mysqlNoDefault.MatchString(typ) && !strings.EqualFold(text[i:], "NULL") {
			return at(a.GetStart(), "a default of a %s column must stand in parentheses (1101)", typ)
		} else if w != "DEFAULT" && w != "ON" {
			continue
		}
		if now := mysqlNow.FindStringSubmatch(text[min(i, len(text)):]); now != nil {
			moment := mysqlMoment.FindStringSubmatch(typ)
			if moment == nil || strings.Trim(moment[2], "()") != strings.Trim(now[2], "()") {
				return at(a.GetStart(), "%s as the default of a %s (1067)", now[0], typ)
			}
		}
	}
	return nil
}

// mysqlOrder looks at the ORDER BY of set operations and of SELECT DISTINCT.
func mysqlOrder(n *mysql.QueryExpressionContext) *Error {
	body, order := n.QueryExpressionBody(), n.OrderClause()
	if body == nil || order == nil {
		return nil
	}
	union := len(body.AllSetOprSymbol()) > 0
	if !union {
		return nil
	}
	for _, o := range order.OrderList().AllOrderExpression() {
		if text := o.Expr().GetText(); isName(text) && strings.Contains(text, ".") {
			return at(o.GetStart(), "ORDER BY of a set operation names a table: %s (1250)", text)
		}
	}
	return nil
}

// mysqlTarget refuses a subquery that reads the table that is written, but in a
// derived table.
func mysqlTarget(n antlr.ParserRuleContext, target string) *Error {
	target = strings.ToLower(strings.Trim(target, "`"))
	return each(n, func(s *mysql.SingleTableContext) *Error {
		if strings.ToLower(strings.Trim(s.TableRef().GetText(), "`")) != target {
			return nil
		}
		inside := false
		for p := s.GetParent(); p != nil && p != n; p = p.GetParent() {
			switch p.(type) {
			case *mysql.DerivedTableContext, *mysql.CommonTableExpressionContext:
				return nil
			case *mysql.SubqueryContext:
				inside = true
			}
		}
		if inside {
			return at(s.GetStart(), "a subquery reads %s, which is written (1093)", target)
		}
		return nil
	})
}
