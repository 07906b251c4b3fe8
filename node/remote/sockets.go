package remote

import (
	"errors"
	"os"
	"path/filepath"

	"landfall/node/filelock"
)

// Control sockets lie in a folder of their process, which holds a lock in it. A process that is killed leaves its folder, and the next
// one removes it.

const (
	socketsPrefix = "lf-"
	socketsLock   = "lock"
)

// sockets makes a private folder for control sockets, whose paths the system bounds at about 100 bytes. remove removes it.
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
	dir, err = os.MkdirTemp(parent, socketsPrefix) // for this user alone: 0700
	if err != nil {
		return "", nil, err
	}
	path := filepath.Join(dir, socketsLock)
	lock, err := os.OpenFile(path+".new", os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		err = filelock.Try(lock)
	}
	if err == nil {
		err = os.Rename(path+".new", path) // held from the first moment that others can see it
	}
	if err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(dir))
	}
	return dir, func() {
		_ = os.RemoveAll(dir)
		_ = lock.Close()
	}, nil
}

// sweep removes folders of processes that were killed. One without a lock may be just being made.
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
