package exit

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// Unread names a flag and its file in an error about opening or reading that file, without the system call: --cacert ca.pem: permission
// denied. flag is "" for an argument.
func Unread(flag string, err error) error {
	var path *fs.PathError
	if !errors.As(err, &path) {
		return fmt.Errorf("%s: %w", flag, err)
	}
	return fmt.Errorf("%s: %w", strings.TrimSpace(flag+" "+path.Path), path.Err)
}
