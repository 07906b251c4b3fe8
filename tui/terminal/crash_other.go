//go:build !unix

package terminal

// Guard does nothing on this system: Bubble Tea restores the terminal after panics in its own goroutines.
func Guard() (release func()) { return func() {} }
