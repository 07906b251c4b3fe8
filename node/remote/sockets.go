package remote

import (
	"errors"
	"os"
	"path/filepath"

	"landfall/node/filelock"
)

// Each process keeps its control sockets in a locked folder of its own. The folder of a killed process is
// removed by the next process.

const (
	socketsPrefix = "lf-"
	socketsLock   = "lock"
)

// sockets creates a private folder for control sockets, whose paths systems limit to about 100 bytes. remove
// removes it.
func sockets() (dir string, remove func(), err error) {
	parent := os.TempDir()
	if len(parent) > 60 {
		parent = "/tmp"
	}
	if parent, err = filepath.Abs(parent); err != nil {
		return "", nil, err
	}
	sweep(parent)
	return makeSockets(parent)
}

func makeSockets(parent string) (dir string, remove func(), err error) {
	dir, err = os.MkdirTemp(parent, socketsPrefix) // only this user has access: 0700
	if err != nil {
		return "", nil, err
	}
	path := filepath.Join(dir, socketsLock)
	lock, err := os.OpenFile(path+".new", os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		err = filelock.Try(lock)
	}
	if err == nil {
		err = os.Rename(path+".new", path) // locked before other processes can see it
	}
	if err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(dir))
	}
	return dir, func() {
		_ = os.RemoveAll(dir)
		_ = lock.Close()
	}, nil
}

// sweep removes the folders of killed processes. A folder without a lock may be in creation.
func sweep(parent string) {
	list, _ := filepath.Glob(filepath.Join(parent, socketsPrefix+"*"))
	for _, dir := range list {
		if info, err := os.Lstat(dir); err != nil || !info.IsDir() || !mine(info) {
			continue
		}
		lock, err := os.OpenFile(filepath.Join(dir, socketsLock), os.O_RDWR, 0)
		if err != nil {
			continue
		}
		if filelock.Try(lock) == nil {
			_ = os.RemoveAll(dir)
		}
		lock.Close()
	}
}
