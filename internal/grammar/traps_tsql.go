package grammar

import (
	"slices"
	"strings"

	"github.com/antlr4-go/antlr/v4"
	"github.com/bytebase/parser/tsql"
)

// What SQL Server refuses although the grammar accepts it, with the number of
// the error.

func tsqlTraps(p *parsed) *Error {
	for i, t := range p.tokens {
		switch w := t.GetText(); {
		case w == "||", w == "|" && i > 0 && p.tokens[i-1].GetText() == "|":
			return at(t, "|| is no operator; + joins texts (102)")
		case w == "TRUE", w == "FALSE":
			return at(t, "%s is the name of a column; there are no boolean literals (207)", w)
		}
	}
	return firstOf(
		func() *Error { return each(p.tree, tsqlBatch) },
		func() *Error {
			return each(p.tree, func(n *tsql.Execute_body_batchContext) *Error {
				return at(n.GetStart(), "no statement begins with %s; a procedure is called with EXECUTE (2812)", n.GetStart().GetText())
			})
		},
		func() *Error { return each(p.tree, tsqlType) },
		func() *Error { return each(p.tree, tsqlSelect) },
		func() *Error { return each(p.tree, tsqlUnion) },
		func() *Error { return each(p.tree, tsqlTableSource) },
		func() *Error { return each(p.tree, tsqlGroup) },
		func() *Error {
			for i, t := range p.tokens[:max(len(p.tokens)-1, 0)] {
				w := word(t)
				if p.tokens[i+1].GetText() == "(" && slices.Contains(tsqlForeign, w) && (i == 0 || p.tokens[i-1].GetText() != "." && word(p.tokens[i-1]) != "INTO") {
					return at(t, "there is no function %s (195)", w)
				}
			}
			return nil
		},
		func() *Error {
			return each(p.tree, func(n *tsql.Common_table_expressionContext) *Error {
				if n.GetColumns() != nil {
					return nil
				}
				return tsqlNames(n.GetCte_query(), "the common table expression "+n.GetExpression_name().GetText())
			})
		},
		func() *Error { return each(p.tree, tsqlOver) },
		func() *Error { return each(p.tree, tsqlOrderItem) },
		func() *Error {
			return each(p.tree, func(n *tsql.Group_by_itemContext) *Error {
				if !holds[*tsql.Full_column_nameContext](n) {
					return at(n.GetStart(), "GROUP BY of %s, which has no column (164)", n.GetText())
				}
				return nil
			})
		},
		func() *Error {
			return each(p.tree, func(n *tsql.Aggregate_windowed_functionContext) *Error {
				if slices.ContainsFunc(n.GetChildren(), func(c antlr.Tree) bool { _, over := c.(*tsql.Over_clauseContext); return over }) {
					return nil // which is of the groups, sum(sum(n)) OVER (…)
				}
				for _, child := range n.GetChildren() {
					if holds[*tsql.SubqueryContext](child) || holds[*tsql.Aggregate_windowed_functionContext](child) {
						return at(n.GetStart(), "an aggregate of a subquery or of an aggregate (130)")
					}
				}
				return nil
			})
		},
		func() *Error {
			return each(p.tree, func(n *tsql.Table_value_constructorContext) *Error {
				if rows := len(n.GetExps()); rows > 1000 {
					return at(n.GetStart(), "%d rows in VALUES; 1000 are the most (10738)", rows)
				}
				return nil
			})
		},
	)
}

// tsqlBatch wants a semicolon between statements: else a word that the grammar
// could not place has begun another one.
func tsqlBatch(n *tsql.Batch_without_goContext) *Error {
	clauses := n.AllSql_clauses()
	for i, c := range clauses[:max(len(clauses)-1, 0)] {
		if !strings.HasSuffix(c.GetText(), ";") {
			return at(clauses[i+1].GetStart(), "a second statement begins at %q", clauses[i+1].GetStart().GetText())
		}
	}
	return nil
}

// tsqlTypes are the system's types.
var tsqlTypes = strings.Fields(`bigint int integer smallint tinyint bit decimal dec numeric money smallmoney float real date datetime datetime2
	smalldatetime datetimeoffset time char character varchar text nchar nvarchar ntext binary varbinary image uniqueidentifier xml sql_variant
	rowversion timestamp hierarchyid geometry geography sysname table`)

func tsqlType(n *tsql.Data_typeContext) *Error {
	name := n.GetUnscaled_type()
	if name == nil {
		name = n.GetExt_type()
	}
	if name == nil || strings.HasPrefix(name.GetText(), "[") || slices.Contains(tsqlTypes, strings.ToLower(name.GetText())) {
		return nil
	}
	return at(n.GetStart(), "there is no type %s (2715)", name.GetText())
}

// tsqlQuery is what a SELECT says beside its columns.
type tsqlQuery struct {
	first  *tsql.Query_specificationContext // of a set operation the first
	order  *tsql.Select_order_by_clauseContext
	unions []tsql.ISql_unionContext
	inner  bool // the ORDER BY stands before the set operators
}

func tsqlParts(n tsql.ISelect_statementContext) tsqlQuery {
	var q tsqlQuery
	if o, ok := n.Select_order_by_clause().(*tsql.Select_order_by_clauseContext); ok {
		q.order = o
	}
	for e := n.Query_expression(); e != nil; {
		if o, ok := e.Select_order_by_clause().(*tsql.Select_order_by_clauseContext); ok && q.order == nil {
			q.order, q.inner = o, true
		}
		q.unions = append(q.unions, e.AllSql_union()...)
		if s, ok := e.Query_specification().(*tsql.Query_specificationContext); ok {
			q.first = s
			break
		}
		all := e.AllQuery_expression()
		if len(all) == 0 {
			break
		}
		e = all[0]
	}
	return q
}

func tsqlSelect(n *tsql.Select_statementContext) *Error {
	q := tsqlParts(n)
	if q.order == nil || q.first == nil {
		return nil
	}
	offset := q.order.GetOffset_exp() != nil
	if offset && q.first.GetTop() != nil && len(q.unions) == 0 {
		return at(q.order.GetStart(), "TOP and OFFSET in one query (10741)")
	}
	nested := false
	switch parent := n.GetParent().(type) {
	case *tsql.Common_table_expressionContext:
		nested = true
	case *tsql.SubqueryContext:
		nested = true
		if d, ok := parent.GetParent().(*tsql.Derived_tableContext); ok {
			if _, insert := d.GetParent().(*tsql.Insert_statement_valueContext); insert {
				nested = false
			}
		}
	}
	if nested && !offset && n.For_clause() == nil && (q.first.GetTop() == nil || len(q.unions) > 0) {
		return at(q.order.GetStart(), "ORDER BY in a subquery without TOP, OFFSET or FOR XML (1033)")
	}
	names := tsqlOutput(q.first)
	for _, o := range q.order.Order_by_clause().GetOrder_bys() {
		item := o.GetOrder_by()
		text := item.GetText()
		if isNumber(text) || names == nil {
			continue
		}
		known := slices.Contains(names, strings.ToLower(text))
		if len(q.unions) > 0 && !known {
			return at(item.GetStart(), "ORDER BY of a set operation names what is no column of its result: %s (104)", text)
		}
		if d := q.first.GetAllOrDistinct(); d != nil && word(d) == "DISTINCT" && !known {
			return at(item.GetStart(), "ORDER BY of what SELECT DISTINCT does not give: %s (145)", text)
		}
	}
	return nil
}

// tsqlOutput are the names and texts of a query's columns in lower case; nil
// where there is a star.
func tsqlOutput(s *tsql.Query_specificationContext) []string {
	var names []string
	for _, e := range s.GetColumns().AllSelect_list_elem() {
		elem := e.Expression_elem()
		if elem == nil {
			return nil
		}
		if a := elem.As_column_alias(); a != nil {
			names = append(names, strings.ToLower(a.Column_alias().GetText()))
		}
		if x := elem.GetExpressionAs(); x != nil {
			text := strings.ToLower(x.GetText())
			names = append(names, text)
			if i := strings.LastIndexByte(text, '.'); i >= 0 {
				names = append(names, text[i+1:])
			}
		}
	}
	return names
}

func tsqlUnion(n *tsql.Query_expressionContext) *Error {
	o := n.Select_order_by_clause()
	if o != nil && len(n.AllSql_union()) > 0 {
		return at(o.GetStart(), "ORDER BY before a set operator (156)")
	}
	switch n.GetParent().(type) {
	case *tsql.Query_expressionContext, *tsql.Sql_unionContext:
		if o != nil {
			return at(o.GetStart(), "ORDER BY in a branch of a set operation (156)")
		}
	}
	return nil
}

// tsqlForeign are functions of other databases, for which T-SQL has other words.
var tsqlForeign = strings.Fields(`RANDOM NOW LENGTH CHAR_LENGTH SUBSTR POSITION INSTR LPAD RPAD IFNULL NVL DATE_TRUNC GROUP_CONCAT LISTAGG
	TO_CHAR TO_DATE TO_NUMBER NEXTVAL GEN_RANDOM_UUID UUID MOD DECODE CEIL TRUNC LN REGEXP_REPLACE CURDATE BOOL_AND BOOL_OR`)

// tsqlGroup refuses GROUP BY of an alias.
func tsqlGroup(n *tsql.Query_specificationContext) *Error {
	g := n.Group_by_clause()
	if g == nil {
		return nil
	}
	for _, item := range g.AllGroup_by_item() {
		for _, e := range n.GetColumns().AllSelect_list_elem() {
			elem := e.Expression_elem()
			if elem == nil || elem.As_column_alias() == nil || elem.GetExpressionAs() == nil {
				continue
			}
			if a := elem.As_column_alias().Column_alias().GetText(); strings.EqualFold(a, item.GetText()) && !strings.EqualFold(lastPart(elem.GetExpressionAs().GetText()), a) {
				return at(item.GetStart(), "GROUP BY of the alias %s (207)", a)
			}
		}
	}
	return nil
}

// tsqlTableSource wants a name for each derived table, and for each of its
// columns.
func tsqlTableSource(n *tsql.Table_source_itemContext) *Error {
	d := n.Derived_table()
	if d == nil {
		return nil
	}
	alias := n.As_table_alias()
	if alias == nil {
		return at(n.GetStop(), "a derived table without a name (102)")
	}
	if n.Column_alias_list() != nil {
		return nil
	}
	if d.Table_value_constructor() != nil {
		return at(alias.GetStop(), "columns of VALUES without names (8155)")
	}
	for _, s := range d.AllSubquery() {
		return tsqlNames(s.Select_statement(), "the derived table "+alias.GetText())
	}
	return nil
}

func tsqlNames(s tsql.ISelect_statementContext, of string) *Error {
	q := tsqlParts(s)
	if q.first == nil {
		return nil
	}
	seen := map[string]bool{}
	for i, e := range q.first.GetColumns().AllSelect_list_elem() {
		elem := e.Expression_elem()
		if elem == nil {
			return nil
		}
		name := ""
		if a := elem.As_column_alias(); a != nil {
			name = a.Column_alias().GetText()
		} else if x := elem.GetExpressionAs(); x != nil {
			text := x.GetText()
			if !isName(text) {
				return at(x.GetStart(), "column %d of %s has no name (8155)", i+1, of)
			}
			name = lastPart(text)
		}
		key := strings.ToLower(strings.Trim(name, "[]"))
		if seen[key] {
			return at(elem.GetStart(), "two columns of %s are called %s (8156)", of, name)
		}
		seen[key] = true
	}
	return nil
}

func tsqlOver(n *tsql.Over_clauseContext) *Error {
	order := n.Order_by_clause()
	if order == nil {
		switch parent := n.GetParent().(type) {
		case *tsql.Ranking_windowed_functionContext, *tsql.Analytic_windowed_functionContext:
			return at(parent.(antlr.ParserRuleContext).GetStart(), "this window needs an ORDER BY (4112)")
		}
		if frame := n.Row_or_range_clause(); frame != nil {
			return at(frame.GetStart(), "a window's frame without ORDER BY (10756)")
		}
		return nil
	}
	if a, ok := n.GetParent().(*tsql.Aggregate_windowed_functionContext); ok {
		if strings.Contains(strings.ToUpper(a.GetText()), "(DISTINCT") && holds[*tsql.All_distinct_expressionContext](a) {
			return at(a.GetStart(), "DISTINCT in a window's aggregate (10759)")
		}
	}
	for _, o := range order.GetOrder_bys() {
		if text := o.GetOrder_by().GetText(); isNumber(text) || isString(text) || strings.EqualFold(text, "NULL") {
			return at(o.GetStart(), "a window ordered by a constant (5308, 5309)")
		}
	}
	return nil
}

func tsqlOrderItem(n *tsql.Order_by_expressionContext) *Error {
	text := n.GetOrder_by().GetText()
	clause, _ := n.GetParent().(antlr.Tree)
	if clause != nil {
		if _, window := clause.GetParent().(*tsql.Over_clauseContext); window {
			return nil // see tsqlOver; a variable is no constant there
		}
	}
	switch {
	case strings.HasPrefix(text, "@") && isName(text[1:]):
		return at(n.GetStart(), "ORDER BY of a parameter (1008)")
	case isString(text), strings.EqualFold(text, "NULL"):
		return at(n.GetStart(), "ORDER BY of a constant (408)")
	}
	return nil
}
