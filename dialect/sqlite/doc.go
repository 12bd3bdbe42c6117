// Package sqlite is SQLite's dialect, on the engine of modernc.org/sqlite.
package sqlite
