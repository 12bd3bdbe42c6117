package lite

import "github.com/sqlayer-go/sqlayer/expr/internal/ownsql"

// own makes the templates of the package.
const own = ownsql.Package("lite")
