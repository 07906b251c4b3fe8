//go:build !linux

package life

// Settle does nothing here.
func Settle() {}
