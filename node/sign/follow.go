package sign

import (
	"context"
	"log/slog"
	"os"
	"time"
)

// followEvery is the interval at which a ring's file is checked.
const followEvery = 2 * time.Second

// Follow installs every successor of the ring that appears in its file, until ctx ends. Errors are logged
// once for each change of the file; the ring in force stays.
func (b *Bus) Follow(ctx context.Context, path string, log *slog.Logger) {
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	seen := stamp(path)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := stamp(path)
		if now == seen {
			continue
		}
		seen = now
		before := b.Version()
		r, err := LoadRing(path)
		if err == nil {
			err = b.Replace(r)
		}
		switch {
		case err != nil:
			log.Warn("the new key ring file is invalid; the current ring stays in force", "file", path, "version", before, "error", err)
		case b.Version() != before:
			log.Info("another version of the key ring is in force", "file", path, "version", b.Version())
		}
	}
}

// fileStamp distinguishes contents of a file without reading it.
type fileStamp struct {
	size     int64
	modified time.Time
}

func stamp(path string) fileStamp {
	info, err := os.Stat(path)
	if err != nil {
		return fileStamp{}
	}
	return fileStamp{info.Size(), info.ModTime()}
}

// Save replaces the ring's file atomically: running processes read it.
func (r *Ring) Save(path string) error {
	next := path + ".new"
	if err := os.WriteFile(next, r.Text(), 0o644); err != nil {
		return err
	}
	if err := os.Rename(next, path); err != nil {
		os.Remove(next)
		return err
	}
	return nil
}
