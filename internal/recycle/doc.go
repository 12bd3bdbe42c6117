// Package recycle keeps memory that is needed again and again, and is too large
// to be made anew each time or to be held by whoever needed it last.
package recycle
