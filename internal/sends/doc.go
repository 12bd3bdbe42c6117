// Package sends is a connector to a server of any dialect that is not there: it
// counts what it is sent, and answers nothing. Tests see by it that a mistake
// is reported before anything is sent.
package sends
