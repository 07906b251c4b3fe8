package embedded

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"landfall/node/filelock"
)

const (
	addrTries = 40 // while the holder has not written its address
	addrEach  = 50 * time.Millisecond
	addrMax   = 256
)

// lock is a locked data folder. It is released explicitly or when the process exits.
type lock struct{ file *os.File }

// acquire locks a folder, and creates it if necessary.
func acquire(dir string) (*lock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE|noFollow, 0o600)
	if err != nil {
		return nil, err
	}
	if err := filelock.Try(f); err != nil {
		defer f.Close()
		if errors.Is(err, filelock.ErrHeld) {
			return nil, &LockedError{Dir: dir, Addr: holder(f)}
		}
		return nil, fmt.Errorf("lock %s: %w", f.Name(), err)
	}
	if err := f.Truncate(0); err != nil { // address of the previous holder
		f.Close()
		return nil, err
	}
	return &lock{f}, nil
}

// publish writes the broker's address, for processes that find the folder locked.
func (l *lock) publish(addr string) error {
	if l == nil {
		return nil
	}
	_, err := l.file.WriteAt([]byte(addr+"\n"), 0)
	return err
}

func (l *lock) release() {
	if l != nil {
		l.file.Close()
	}
}

// holder reads the address that the holder of a lock has written or is about to write.
func holder(f *os.File) string {
	for range addrTries {
		b, _ := io.ReadAll(io.NewSectionReader(f, 0, addrMax))
		if addr, whole := strings.CutSuffix(string(b), "\n"); whole {
			return addr
		}
		time.Sleep(addrEach)
	}
	return ""
}
