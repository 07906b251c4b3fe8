package sign

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"landfall/node/membus"
)

func TestFollowInstallsOnlySuccessors(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fleet.keys")
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t)
		if err := s.ring.Save(path); err != nil {
			t.Fatal(err)
		}
		bus := wrapped(t, membus.New(), s, s.ann, "")
		var log bytes.Buffer
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { bus.Follow(ctx, path, slog.New(slog.NewTextHandler(&log, nil))) })
		time.Sleep(followEvery / 2) // never at the moment of a check
		higher := next(t, s.ring, s.root, Trust(operator(NewKey(), "eve")))
		foreign := ringOf(t, NewKey())
		for i, c := range []struct {
			write func() error
			want  int64
		}{
			{func() error { return foreign.Save(path) }, s.ring.Version},
			{func() error { return os.WriteFile(path, []byte("rubbish"), 0o600) }, s.ring.Version},
			{func() error { return os.Remove(path) }, s.ring.Version},
			{func() error { return higher.Save(path) }, higher.Version},
			{func() error { return s.ring.Save(path) }, higher.Version},
		} {
			if err := c.write(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(2 * followEvery)
			if got := bus.Version(); got != c.want {
				t.Errorf("step %d: version %d is in force, want %d", i, got, c.want)
			}
		}
		cancel()
		wg.Wait()
		if text := log.String(); strings.Count(text, "file is invalid") != 4 || strings.Count(text, "another version") != 1 {
			t.Errorf("log:\n%s", text)
		}
	})
}
