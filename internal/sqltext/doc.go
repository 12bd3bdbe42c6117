// Package sqltext reads SQL text: it splits it into tokens after a database's
// own rules, finds named parameters, and says what kind of statement it is.
package sqltext
