package sign

import (
	"context"
	"log/slog"
	"os"
	"time"
)

// followEvery is how often a ring's file is looked at.
const followEvery = 2 * time.Second

// Follow puts every successor of the ring that its file gets into force, until ctx ends. What is wrong with the file is logged
// once for each of its changes; the ring in force stays.
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
			log.Warn("the key ring's file is not taken over; the ring in force stays", "file", path, "version", before, "error", err)
		case b.Version() != before:
			log.Info("another version of the key ring is in force", "file", path, "version", b.Version())
		}
	}
}

// fileStamp tells one content of a file from another without reading it.
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

// Save writes the ring to its file, whole or not at all: processes read it while they run.
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
