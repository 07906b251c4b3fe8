package remote

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"landfall/node"
)

// Binaries finds the binary for a host's system: the running one, or landfall-GOOS-GOARCH in a folder.
type Binaries struct {
	Self string // default: the binary of this process
	Dir  string // of the other binaries; "": there are none

	mu   sync.Mutex
	sums map[string]string // by path
}

// Binary is a file to copy.
type Binary struct {
	Path string
	Sum  string // SHA-256, in hexadecimal
	Size int64
}

var systems = map[string]string{"linux": "linux", "darwin": "darwin", "freebsd": "freebsd", "openbsd": "openbsd", "netbsd": "netbsd", "dragonfly": "dragonfly"}

var machines = map[string]string{
	"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64", "i386": "386", "i686": "386",
	"armv7l": "arm", "armv6l": "arm", "riscv64": "riscv64", "ppc64le": "ppc64le", "s390x": "s390x", "loongarch64": "loong64",
}

// Target translates the output of `uname -sm` to GOOS and GOARCH.
func Target(uname string) (goos, goarch string, err error) {
	system, machine, _ := strings.Cut(strings.ToLower(strings.TrimSpace(uname)), " ")
	goos, goarch = systems[system], machines[machine]
	if goos == "" || goarch == "" {
		return "", "", fmt.Errorf("system %q: not one that landfall runs on", node.Clean(uname, 60))
	}
	return goos, goarch, nil
}

// For returns the binary for a host with that `uname -sm`.
func (b *Binaries) For(uname string) (Binary, error) {
	goos, goarch, err := Target(uname)
	if err != nil {
		return Binary{}, &PermanentError{err}
	}
	path := b.Self
	switch {
	case goos == runtime.GOOS && goarch == runtime.GOARCH:
		if path == "" {
			if path, err = os.Executable(); err != nil {
				return Binary{}, err
			}
		}
	case b.Dir == "":
		return Binary{}, &PermanentError{fmt.Errorf("it is %s/%s and this machine %s/%s: build landfall-%s-%s (GOOS=%s GOARCH=%s) and name its folder with --binaries", goos, goarch, runtime.GOOS, runtime.GOARCH, goos, goarch, goos, goarch)}
	default:
		path = filepath.Join(b.Dir, "landfall-"+goos+"-"+goarch)
		if _, err := os.Stat(path); err != nil {
			return Binary{}, &PermanentError{fmt.Errorf("it is %s/%s: --binaries: %w", goos, goarch, err)}
		}
	}
	return b.sum(path)
}

// sum computes a file's checksum once, for any number of hosts.
func (b *Binaries) sum(path string) (Binary, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	info, err := os.Stat(path)
	if err != nil {
		return Binary{}, err
	}
	found := Binary{Path: path, Sum: b.sums[path], Size: info.Size()}
	if found.Sum != "" {
		return found, nil
	}
	if found.Sum, err = Checksum(path); err != nil {
		return Binary{}, err
	}
	if b.sums == nil {
		b.sums = map[string]string{}
	}
	b.sums[path] = found.Sum
	return found, nil
}

// Checksum returns a file's SHA-256 in hexadecimal.
func Checksum(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
