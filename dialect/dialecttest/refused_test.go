package dialecttest

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// noProbe are the flags of Features of which no refusal tells whether they are
// right, with what does.
var noProbe = map[string]string{
	// They say how something is written or read, where the other way means something else, or how values behave.
	"form": `ReusePlaceholders IdentLimitRunes IdentTrimmed NoLeadingUnderscore NoQuoteInIdent FoldUpper UntypedParams PlainLimit FetchParens InnerWord
		NoSetParens PlainOperands CutOperands NoOperandWith RollupUnordered CollationBare NoDefaultUpsert FromTarget ReturningTarget
		IdentityPrimaryKey ComputedNull IdentityKey NoOnUpdate NoRestrict Locking.OfColumns Locking.NotWithPaging Locking.NotGrouped Locking.TableHint
		Merging.CondAfter Merging.DeleteAfter Merging.OnParens Merging.FixedOn JSON.Arrows JSON.LiteralPath JSON.SpelledKeys JSON.BoolNested DDL.NotNullFirst
		DDL.IdentityNotNull DDL.IndexWhereLast CopyOnRequest DDL.SelectInto`,
	"behaviour": `NativeBool BoolIsNumber TrimsDecimals EmptyIsNull CastCuts TryCastRounds GreatestSkipsNulls NullsSortLow SetInTurn AbortsOnError TransactionalDDL
		Limits.Loose Limits.WideIntegers Limits.UTF16 Limits.AnyText Limits.NoNUL Limits.NoNaN Limits.NoInfinity Limits.PadsBinary
		Limits.TimeWords Limits.WideTimes Limits.LocalTimes DDL.LooseBool DDL.LooseEnum DDL.ShortComments DDL.RestrictIsNoAction DDL.ForeignKeyIndex DDL.IndexDesc`,
	// Cases of the groups tx and intervals, which go by the flag.
	"elsewhere": `ReadOnlyTx DeferrableTx Intervals`,
	// Some databases read these clauses and ignore them, or need the name of what another database has not.
	"ignored": `DDL.RepeatedForeign DDL.DeferForeignKeys DDL.DeferKeys DDL.MatchFull DDL.SetDefault DDL.IndexCollation DDL.NoDropKey Merging.SourceRows`,
}

// flags lists the paths of all bool fields of a struct and those within it.
func flags(typ reflect.Type, prefix string) (list []string) {
	for f := range fields(typ) {
		switch {
		case f.Type.Kind() == reflect.Bool:
			list = append(list, prefix+f.Name)
		case f.Type.Kind() == reflect.Struct && f.Name != "Version" && f.Name != "Lexical": // Lexical is for the reader of texts
			list = append(list, flags(f.Type, prefix+f.Name+".")...)
		}
	}
	return list
}

func fields(typ reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range typ.NumField() {
			if !yield(typ.Field(i)) {
				return
			}
		}
	}
}

// TestFlags fails when a flag has neither a probe nor a place in noProbe.
func TestFlags(t *testing.T) {
	all := flags(reflect.TypeFor[dialect.Features](), "")
	places := map[string]int{}
	for _, p := range probes {
		places[p.flag]++
	}
	for _, list := range noProbe {
		for _, name := range strings.Fields(list) {
			places[name]++
		}
	}
	for _, name := range all {
		if places[name] != 1 {
			t.Errorf("Features.%s has %d probes and reasons for none, instead of one", name, places[name])
		}
	}
	for name := range places {
		if !slices.Contains(all, name) {
			t.Errorf("Features has no flag %s", name)
		}
	}
	t.Logf("%d flags, %d probes", len(all), len(probes))
}
