//go:build !unix

package terminal

// Guard does nothing here: Bubble Tea itself restores the terminal after a panic of the console's own.
func Guard() (release func()) { return func() {} }
