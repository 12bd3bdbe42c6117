// Package safety checks that what comes from outside stays where the statement
// has it: any string as a name, a value or a comment comes back as that very string,
// and changes nothing else in the text.
//
// [Places] are the positions of statements into which a string goes. [Compare]
// takes two texts apart, by a small tokenizer that shares no code with the
// printer: that of a harmless string and that of a hostile one must have the
// same tokens but for the one that holds the string. The tests do so for every
// dialect with [Strings] and strings that are generated, and the live ones
// write and read them on the databases. Package grammar does the same with the
// lexers and grammars of the databases themselves.
//
// The fuzz targets run for a minute each in make soak.
package safety
