package dialecttest

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed methods.tsv
var methodTable string

// method is a method of the suite for dialects of SQLAlchemy 2.1.0b4
// (lib/sqlalchemy/testing/suite) that has a meaning for a Go program, and the
// case that pins the same. Methods that a class inherits count for the class.
type method struct {
	file, class, name string
	path              string // group/case, or "pending"
}

// pending is the path of a method that waits for a part of the expression
// language.
const pending = "pending"

// methods reads the table: one method a line, its parts separated by tabs.
func methods() ([]method, error) {
	var list []method
	for line := range strings.Lines(methodTable) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.Split(line, "\t")
		if len(parts) != 4 {
			return nil, fmt.Errorf("methods.tsv: %q has %d parts instead of 4", line, len(parts))
		}
		list = append(list, method{parts[0], parts[1], parts[2], parts[3]})
	}
	return list, nil
}

// outcome is what became of a case.
type outcome uint8

const (
	notRun outcome = iota
	passed
	skipped
	failed
)

// tally counts outcomes.
type tally struct{ passed, skipped, pending, failed, notRun int }

func (n *tally) add(o outcome) {
	switch o {
	case passed:
		n.passed++
	case skipped:
		n.skipped++
	case failed:
		n.failed++
	default:
		n.notRun++
	}
}

// ofMethods counts methods by the outcomes of their cases.
func ofMethods(list []method, cases map[string]outcome) (n tally) {
	for _, m := range list {
		if m.path == pending {
			n.pending++
			continue
		}
		n.add(cases[m.path])
	}
	return n
}

// String is the line of the report.
func (n tally) String() string {
	s := fmt.Sprintf("%d passed, %d skipped by feature, %d pending, %d failed", n.passed, n.skipped, n.pending, n.failed)
	if n.notRun > 0 {
		s += fmt.Sprintf(", %d not run (-run left their cases out)", n.notRun)
	}
	return s
}
