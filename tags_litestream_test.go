//go:build litestream

package main

// buildTags are those of the program under test.
const buildTags = "litestream"
