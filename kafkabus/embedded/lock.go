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
	addrTries = 40 // for the holder to write where it listens
	addrEach  = 50 * time.Millisecond
	addrMax   = 256
)

// lock is a data folder that this process holds, until it releases it or ends, however it ends.
type lock struct{ file *os.File }

// acquire takes hold of a folder, which it creates if need be.
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
	if err := f.Truncate(0); err != nil { // the last holder's address
		f.Close()
		return nil, err
	}
	return &lock{f}, nil
}

// publish writes where the broker listens, for those that find the folder locked.
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

// holder reads the address that the holder of a lock has written, or will in a moment.
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
