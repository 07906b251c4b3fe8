//go:build !linux

package driver

func forgetStartup() {}
