//go:build !peers

package main

// withPeers tells whether the other libraries are in this binary.
const withPeers = false
