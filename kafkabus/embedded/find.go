package embedded

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Find is where the broker that keeps its data in dir listens; false: none runs.
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
	if err != nil { // the file of one that has ended
		return "", false
	}
	c.Close()
	return addr, true
}
