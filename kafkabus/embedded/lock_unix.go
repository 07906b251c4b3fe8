//go:build unix

package embedded

import "golang.org/x/sys/unix"

// noFollow makes opening a file fail if somebody else put a link in its place.
const noFollow = unix.O_NOFOLLOW
