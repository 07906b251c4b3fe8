package embedded

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Find returns the listen address of the broker that stores its data in dir; false if none is running.
func Find(dir string) (addr string, running bool) {
	if dir == "" {
		return "", false
	}
	b, err := os.ReadFile(filepath.Join(dir, "lock"))
	if err != nil || len(b) > addrMax {
		return "", false
	}
	addr = strings.TrimSpace(string(b))
	if addr == "" {
		return "", false
	}
	c, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil { // a leftover of a stopped broker
		return "", false
	}
	c.Close()
	return addr, true
}
