package pg

import "github.com/sqlayer-go/sqlayer/expr/internal/ownsql"

// own makes the templates that go by a name in Features.Own.
const own = ownsql.Package("pg")

const inProgram = "work it out in the program"
