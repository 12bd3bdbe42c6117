package pg

import "github.com/sqlayer-go/sqlayer/expr"

const noTrigrams = "use expr.Match, or compare in the program"

var (
	similarity = own.Function("similarity({0}, {1})", noTrigrams)
	similar    = trigram("%")
	distance   = trigram("<->")
)

func trigram(op string) *expr.Template {
	return &expr.Template{Name: "the operator " + op + " of texts", Text: "{0} " + op + " {1}", Own: own.Key("similarity"), Instead: noTrigrams,
		Precedence: expr.BindsAsOperator, Alike: true}
}

// Similarity is how much two texts have in common, by their groups of three
// characters: from 0 to 1. It needs the extension pg_trgm. (PostgreSQL 15 manual,
// F.35 pg_trgm.)
func Similarity(a, b expr.Of[string]) expr.Expr[float64] { return expr.Fill[float64](similarity, a, b) }

// Similar holds where [Similarity] is over the session's
// pg_trgm.similarity_threshold, 0.3; an index helps it.
func Similar(a, b expr.Of[string]) expr.Cond { return expr.FillCond(similar, a, b) }

// Distance is 1 less [Similarity]; in ORDER BY an index of type GiST helps it.
func Distance(a, b expr.Of[string]) expr.Expr[float64] { return expr.Fill[float64](distance, a, b) }
