package grammar

import (
	"slices"
	"strings"

	"github.com/antlr4-go/antlr/v4"
	"github.com/bytebase/parser/plsql"
)

// What Oracle refuses although the grammar accepts it, with the number of the
// error. 19c has no booleans; 23ai has.

func oracleTraps(p *parsed, version int) *Error {
	if version < 23 {
		for i, t := range p.tokens {
			switch w := t.GetText(); w {
			case "TRUE", "FALSE", "BOOLEAN":
				return at(t, "%s, before 23ai (ORA-00904)", w)
			case "EXISTS":
				if i > 1 && (p.tokens[i-1].GetText() == "IF" || p.tokens[i-2].GetText() == "IF") {
					return at(t, "IF EXISTS, before 23ai (ORA-00922)")
				}
			}
		}
	}
	return firstOf(
		func() *Error { return each(p.tree, oracleScript) },
		func() *Error { return each(p.tree, oracleSelect) },
		func() *Error {
			return each(p.tree, func(n *plsql.Join_clauseContext) *Error {
				if n.CROSS() == nil && n.NATURAL() == nil && len(n.AllJoin_on_part()) == 0 && len(n.AllJoin_using_part()) == 0 {
					return at(n.GetStop(), "a join without ON or USING (ORA-00905)")
				}
				return nil
			})
		},
		func() *Error { return each(p.tree, oracleOver) },
		func() *Error {
			return each(p.tree, func(n *plsql.In_elementsContext) *Error {
				if len(n.AllConcatenation()) > 1000 && version < 23 {
					return at(n.GetStart(), "%d values in a list; 1000 are the most (ORA-01795)", len(n.AllConcatenation()))
				}
				return nil
			})
		},
		func() *Error { return each(p.tree, oracleMerge) },
		func() *Error { return each(p.tree, oracleRow) },
		func() *Error {
			if version >= 23 {
				return nil
			}
			return each(p.tree, oracleGroup)
		},
		func() *Error {
			for i, t := range p.tokens[:max(len(p.tokens)-2, 0)] {
				w, next := word(t), p.tokens[i+1]
				switch {
				case w == "EXTRACT" && next.GetText() == "(" && !slices.Contains(oracleFields, word(p.tokens[i+2])):
					return at(next, "EXTRACT has no field %s (ORA-00907)", p.tokens[i+2].GetText())
				case next.GetText() == "(" && slices.Contains(oracleForeign, w) && (i == 0 || p.tokens[i-1].GetText() != "." && !strings.EqualFold(p.tokens[i-1].GetText(), "INTO")):
					return at(t, "there is no function %s (ORA-00904)", w)
				}
			}
			return nil
		},
		func() *Error {
			return each(p.tree, func(n *plsql.Column_definitionContext) *Error {
				if r := n.Regular_id(); r != nil && slices.Contains(oracleNoType, word(r.GetStart())) {
					return at(r.GetStart(), "there is no type %s (ORA-00902)", r.GetText())
				}
				return nil
			})
		},
		func() *Error { return each(p.tree, oracleRecursion) },
		func() *Error {
			if version >= 23 {
				return nil
			}
			return oracleBooleans(p.tree)
		},
	)
}

func oracleScript(n *plsql.Sql_scriptContext) *Error {
	if c := n.Sql_plus_command(0); c != nil {
		return at(c.GetStart(), "%q is a command of SQL*Plus (ORA-00900)", c.GetStart().GetText())
	}
	if all := n.AllUnit_statement(); len(all) > 1 {
		return at(all[1].GetStart(), "a second statement begins at %q (ORA-00933)", all[1].GetStart().GetText())
	}
	return nil
}

// oracleQuery is what a SELECT says beside its columns. The grammar gives the
// ORDER BY and FETCH at its end to the last query of a set operation.
type oracleQuery struct {
	order  plsql.IOrder_by_clauseContext
	paged  bool
	lock   plsql.IFor_update_clauseContext
	blocks []*plsql.Query_blockContext
}

func oracleParts(n *plsql.Select_statementContext) oracleQuery {
	var q oracleQuery
	q.order, q.lock = n.Order_by_clause(0), n.For_update_clause(0)
	q.paged = n.Offset_clause(0) != nil || n.Fetch_clause(0) != nil
	var walk func(tree antlr.Tree)
	walk = func(tree antlr.Tree) {
		if b, ok := tree.(*plsql.Query_blockContext); ok {
			q.blocks = append(q.blocks, b)
			return
		}
		for _, c := range tree.GetChildren() {
			walk(c)
		}
	}
	walk(n.Select_only_statement())
	if len(q.blocks) > 0 && !oracleEnclosed(q.blocks[len(q.blocks)-1], n) {
		last := q.blocks[len(q.blocks)-1]
		if o := last.Order_by_clause(); o != nil && q.order == nil {
			q.order = o
		}
		q.paged = q.paged || last.Fetch_clause() != nil
	}
	return q
}

// oracleEnclosed reports whether a query stands in parentheses of its own.
func oracleEnclosed(b *plsql.Query_blockContext, in antlr.Tree) bool {
	for p := b.GetParent(); p != nil && p != in; p = p.GetParent() {
		if s, ok := p.(*plsql.Subquery_basic_elementsContext); ok && s.LEFT_PAREN() != nil {
			return true
		}
	}
	return false
}

func oracleSelect(n *plsql.Select_statementContext) *Error {
	q := oracleParts(n)
	if len(q.blocks) == 0 {
		return nil
	}
	first := q.blocks[0]
	if q.lock != nil {
		switch {
		case q.paged:
			return at(q.lock.GetStart(), "FOR UPDATE with OFFSET or FETCH (ORA-02014)")
		case len(q.blocks) > 1, first.DISTINCT() != nil, first.Group_by_clause() != nil:
			return at(q.lock.GetStart(), "FOR UPDATE of a set operation, of DISTINCT or of GROUP BY (ORA-02014)")
		}
	}
	if q.order == nil {
		return nil
	}
	if !q.paged {
		switch n.GetParent().(type) {
		case *plsql.Quantified_expressionContext, *plsql.SubqueryContext, *plsql.In_elementsContext, *plsql.AtomContext:
			return at(q.order.GetStart(), "ORDER BY in a subquery of a condition or a value (ORA-00907)")
		}
	}
	names := oracleOutput(first)
	if names == nil {
		return nil
	}
	for _, o := range q.order.AllOrder_by_elements() {
		text := strings.ToLower(o.Expression().GetText())
		if isNumber(text) || slices.Contains(names, text) {
			continue
		}
		if len(q.blocks) > 1 {
			return at(o.GetStart(), "ORDER BY of a set operation names what is no column of its result: %s (ORA-00904)", text)
		}
		if first.DISTINCT() != nil {
			return at(o.GetStart(), "ORDER BY of what SELECT DISTINCT does not give: %s (ORA-01791)", text)
		}
	}
	return nil
}

// oracleOutput are the names and texts of a query's columns in lower case; nil
// where there is a star.
func oracleOutput(b *plsql.Query_blockContext) []string {
	var names []string
	for _, e := range b.Selected_list().AllSelect_list_elements() {
		if e.Expression() == nil {
			return nil
		}
		if a := e.Column_alias(); a != nil {
			names = append(names, strings.ToLower(a.GetStop().GetText()))
		}
		text := strings.ToLower(e.Expression().GetText())
		names = append(names, text)
		if isName(text) {
			names = append(names, lastPart(text))
		}
	}
	return names
}

// ordered are the window functions that need an ORDER BY.
var ordered = []string{"row_number", "rank", "dense_rank", "ntile", "lag", "lead", "percent_rank", "cume_dist"}

func oracleOver(n *plsql.Over_clauseContext) *Error {
	parent, ok := n.GetParent().(antlr.ParserRuleContext)
	if !ok {
		return nil
	}
	name := strings.ToLower(parent.GetStart().GetText())
	if n.Order_by_clause() == nil && slices.Contains(ordered, name) {
		return at(parent.GetStart(), "%s needs an ORDER BY (ORA-30485)", name)
	}
	if n.Order_by_clause() != nil && strings.Contains(strings.ToUpper(parent.GetText()), "(DISTINCT") {
		return at(parent.GetStart(), "DISTINCT in an ordered window (ORA-30487)")
	}
	return nil
}

// The fields of EXTRACT; functions and types of other databases, for which
// Oracle has other words.
var (
	oracleFields  = strings.Fields("YEAR MONTH DAY HOUR MINUTE SECOND TIMEZONE_HOUR TIMEZONE_MINUTE TIMEZONE_REGION TIMEZONE_ABBR")
	oracleForeign = strings.Fields(`RANDOM RAND NOW LEN CHAR_LENGTH ISNULL IFNULL GETDATE STRING_AGG GROUP_CONCAT DATE_TRUNC DATEADD DATEDIFF
		LEFT RIGHT SUBSTRING POSITION REPEAT NEXTVAL GEN_RANDOM_UUID NEWID UUID CONVERT_TZ CURDATE BOOL_AND BOOL_OR`)
	oracleNoType = strings.Fields("TIME TEXT BOOL DATETIME BIGINT TINYINT MEDIUMINT UUID BYTEA SERIAL BIGSERIAL BIT NVARCHAR VARBINARY DOUBLE UNSIGNED")
)

// oracleRow refuses comparisons of rows but by = and <>, whose right side has
// parentheses twice.
func oracleRow(n *plsql.Relational_expressionContext) *Error {
	op, sides := n.Relational_operator(), n.AllRelational_expression()
	if op == nil || len(sides) != 2 {
		return nil
	}
	if left := rowOf(sides[0]); left == nil || len(left.Expressions().AllExpression()) < 2 {
		return nil
	}
	switch op.GetText() {
	case "=", "<>", "!=":
	default:
		return at(op.GetStart(), "rows are compared by = and <> only (ORA-01796)")
	}
	if right := rowOf(sides[1]); right != nil && len(right.Expressions().AllExpression()) > 1 {
		return at(right.GetStart(), "the row on the right needs parentheses twice (ORA-00920)")
	}
	return nil
}

// rowOf is the list in parentheses that an expression is alone, or nil.
func rowOf(tree antlr.Tree) *plsql.AtomContext {
	for {
		if a, ok := tree.(*plsql.AtomContext); ok && a.Expressions() != nil {
			return a
		}
		if tree.GetChildCount() != 1 {
			return nil
		}
		tree = tree.GetChild(0)
	}
}

// oracleGroup refuses GROUP BY of an alias.
func oracleGroup(b *plsql.Query_blockContext) *Error {
	g := b.Group_by_clause()
	if g == nil {
		return nil
	}
	for _, item := range g.AllGroup_by_elements() {
		for _, e := range b.Selected_list().AllSelect_list_elements() {
			a := e.Column_alias()
			if a != nil && strings.EqualFold(a.GetStop().GetText(), item.GetText()) && !strings.EqualFold(lastPart(e.Expression().GetText()), item.GetText()) {
				return at(item.GetStart(), "GROUP BY of the alias %s, before 23ai (ORA-00904)", item.GetText())
			}
		}
	}
	return nil
}

// oracleMerge refuses an update of a column by which MERGE joins.
func oracleMerge(n *plsql.Merge_statementContext) *Error {
	u := n.Merge_update_clause()
	if u == nil {
		return nil
	}
	on := strings.ToLower(n.Condition().GetText())
	for _, e := range u.AllMerge_element() {
		column := strings.ToLower(lastPart(e.Column_name().GetText()))
		for _, side := range strings.FieldsFunc(on, func(r rune) bool { return strings.ContainsRune("=()<>! ", r) }) {
			if lastPart(side) == column && !strings.HasPrefix(side, "excluded.") && strings.Contains(side, ".") {
				return at(e.GetStart(), "MERGE updates %s, by which it joins (ORA-38104)", column)
			}
		}
	}
	return nil
}

// oracleRecursion wants the columns' names of a recursive WITH.
func oracleRecursion(n *plsql.Factoring_elementContext) *Error {
	if n.Paren_column_list() != nil {
		return nil
	}
	name := n.Query_name().GetText()
	return each(n.Subquery(), func(t *plsql.Tableview_nameContext) *Error {
		if t.GetText() == name {
			return at(t.GetStart(), "a recursive WITH without the names of its columns (ORA-32039)")
		}
		return nil
	})
}

// is tells a condition from a value.
type is int

const (
	value is = iota
	condition
	either
)

// oracleIs tells what an expression is. Wherever one rule leads to another
// alone, it is what that one is.
func oracleIs(tree antlr.Tree) is {
	for {
		switch n := tree.(type) {
		case *plsql.Logical_expressionContext, *plsql.Unary_logical_expressionContext, *plsql.Multiset_expressionContext,
			*plsql.Relational_expressionContext, *plsql.Compound_expressionContext:
			if n.GetChildCount() > 1 {
				return condition
			}
		case *plsql.Quantified_expressionContext:
			if strings.EqualFold(n.GetStart().GetText(), "EXISTS") {
				return condition
			}
			return value // ANY, SOME and ALL are one side of a comparison
		case *plsql.AtomContext:
			if list := n.Expressions(); list != nil {
				if all := list.AllExpression(); len(all) == 1 {
					tree = all[0]
					continue
				}
			}
		case *plsql.Json_conditionContext:
			return condition
		}
		if tree.GetChildCount() != 1 {
			break
		}
		tree = tree.GetChild(0)
		if _, ok := tree.(antlr.TerminalNode); ok {
			return value
		}
	}
	if n, ok := tree.(antlr.ParserRuleContext); ok {
		switch strings.ToUpper(n.GetStart().GetText()) {
		case "REGEXP_LIKE", "JSON_EXISTS", "XMLEXISTS", "LNNVL", "JSON_EQUAL":
			return either
		}
	}
	return value
}

// oracleBooleans refuses values where conditions are due, and conditions where
// values are.
func oracleBooleans(tree antlr.Tree) *Error {
	want := func(w is, e antlr.ParserRuleContext) *Error {
		if e == nil {
			return nil
		}
		switch got := oracleIs(e); {
		case got == either || got == w:
			return nil
		case w == condition:
			return at(e.GetStart(), "a value where a condition is due: %s (ORA-00920)", e.GetText())
		default:
			return at(e.GetStart(), "a condition where a value is due: %s (ORA-00923)", e.GetText())
		}
	}
	return firstOf(
		func() *Error {
			return each(tree, func(n *plsql.Where_clauseContext) *Error {
				if n.Expression() == nil {
					return nil
				}
				return want(condition, n.Expression())
			})
		},
		func() *Error {
			return each(tree, func(n *plsql.ConditionContext) *Error { return want(condition, n) })
		},
		func() *Error {
			return each(tree, func(n *plsql.Logical_expressionContext) *Error {
				if n.AND() == nil && n.OR() == nil {
					return nil
				}
				for _, side := range n.AllLogical_expression() {
					if err := want(condition, side); err != nil {
						return err
					}
				}
				return nil
			})
		},
		func() *Error {
			return each(tree, func(n *plsql.Unary_logical_expressionContext) *Error {
				if n.GetChildCount() > 1 && strings.EqualFold(n.GetStart().GetText(), "NOT") && len(n.AllIS()) == 0 {
					return want(condition, n.Multiset_expression())
				}
				return nil
			})
		},
		func() *Error {
			return each(tree, func(n *plsql.Relational_expressionContext) *Error {
				if n.Relational_operator() == nil {
					return nil
				}
				for _, side := range n.AllRelational_expression() {
					if err := want(value, side); err != nil {
						return err
					}
				}
				return nil
			})
		},
		func() *Error {
			return each(tree, func(n *plsql.Searched_case_when_partContext) *Error {
				all := n.AllExpression()
				if len(all) == 0 {
					return nil
				}
				if err := want(condition, all[0]); err != nil || len(all) < 2 {
					return err
				}
				return want(value, all[1])
			})
		},
		func() *Error {
			return each(tree, func(n *plsql.Select_list_elementsContext) *Error {
				if n.Expression() == nil {
					return nil
				}
				return want(value, n.Expression())
			})
		},
		func() *Error {
			return each(tree, func(n *plsql.Order_by_elementsContext) *Error { return want(value, n.Expression()) })
		},
		func() *Error {
			return each(tree, func(n *plsql.Column_based_update_set_clauseContext) *Error {
				if n.Expression() == nil {
					return nil
				}
				return want(value, n.Expression())
			})
		},
		func() *Error {
			return each(tree, func(n *plsql.Values_clauseContext) *Error {
				if n.Expressions() == nil {
					return nil
				}
				for _, e := range n.Expressions().AllExpression() {
					if err := want(value, e); err != nil {
						return err
					}
				}
				return nil
			})
		},
	)
}
