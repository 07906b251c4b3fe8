//go:build unix

package embedded

import "golang.org/x/sys/unix"

// noFollow makes opening a file fail if it was replaced by a symbolic link.
const noFollow = unix.O_NOFOLLOW
