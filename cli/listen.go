package cli

import (
	"fmt"
	"net"
	"strconv"

	"landfall/cli/exit"
)

// listens refuses a --listen that is no address.
func listens(addr string) error {
	if _, port, err := net.SplitHostPort(addr); err == nil {
		if _, err := strconv.ParseUint(port, 10, 16); err == nil {
			return nil
		}
	}
	return &exit.UsageError{Err: fmt.Errorf("--listen %q: must be host:port, such as 127.0.0.1:8080, with a port from 0 (a free one) to 65535", addr)}
}
