package dialect

import "github.com/sqlayer-go/sqlayer/internal/sqltext"

// Lexical says how a database reads text: what is a literal, a comment, a
// quoted name. The scanner of SQL text follows it. The zero value is standard SQL.
type Lexical = sqltext.Rules
