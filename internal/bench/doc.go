// Command bench measures SQLayer beside hand-written code and beside other Go
// database toolkits, as ratios taken in one run on one machine.
//
//	make bench                                               # SQLayer judged by its goals
//	make bench-peers ARGS='-backends sqlite -w W1,W3'        # everybody, side by side
//	make bench-peers ARGS=-check                             # only compare what is loaded and stored
//
// A contender is one file (c*.go); those that take long to compile are built
// with the tag peers, which the flag -peers sets. README.md says what the
// workloads are and how they are measured. The module is its own, so that
// nobody who imports SQLayer gets its dependencies.
package main
