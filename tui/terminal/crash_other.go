//go:build !unix

package tui

// guardTerminal does nothing here: Bubble Tea itself restores the terminal after a panic of the console's own.
func guardTerminal() (release func()) { return func() {} }
