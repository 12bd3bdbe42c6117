//go:build !sqlayer_texts

package dialect

// keepText does nothing: see the one with the build constraint sqlayer_texts.
func keepText(Dialect, *Compiled) {}
