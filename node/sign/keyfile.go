package sign

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
)

// maxKeyFile limits how much of a key file is read.
const maxKeyFile = 4 << 10

// Save writes the key, which must not be an agent's, to a new file that only its owner can read. It never overwrites a file.
func (k *Key) Save(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("key file %s: exists already (choose another name, or delete it if nothing trusts its key)", path)
	}
	if err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	if _, err = f.WriteString(k.Text() + "\n"); err != nil {
		f.Close()
		return fmt.Errorf("key file: %w", err)
	}
	return f.Close()
}

// LoadKey reads a private key. A file that others can read or write is refused, as ssh refuses it.
func LoadKey(path string) (*Key, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("key file %s: %w (create one with `landfall key new`)", path, fs.ErrNotExist)
	}
	if errors.Is(err, fs.ErrPermission) {
		return nil, fmt.Errorf("key file %s: %w (only its owner can use it: run landfall as that user, or create a key of your own with `landfall key new`)", path, fs.ErrPermission)
	}
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	defer f.Close()
	if err := checkPrivate(path, f); err != nil {
		return nil, err
	}
	content, err := readSome(f, maxKeyFile)
	if err != nil {
		return nil, fmt.Errorf("key file %s: %w", path, err)
	}
	k, err := ParseKey(string(content))
	if err != nil {
		return nil, fmt.Errorf("key file %s: %w", path, err)
	}
	k.from = path
	return k, nil
}

func checkPrivate(path string, f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("key file %s: not a regular file", path)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" { // Windows has no such mode bits
		return fmt.Errorf("key file %s: mode %04o lets other users read or change it (run `chmod 600 %s`; if others may have read it, replace the key)", path, mode, path)
	}
	return nil
}
