package sign

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"landfall/node"
	"landfall/node/membus"
)

// following returns a process that installs published rings; stop ends it and returns its log.
func following(t *testing.T, bus node.Bus, s *scene) (b *Bus, stop func() string) {
	t.Helper()
	b, err := Wrap(bus, Config{Prefix: "landfall.", Ring: s.ring, Key: s.d1, Driver: "d1", Published: true})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { b.FollowTopic(ctx, slog.New(slog.NewTextHandler(&log, nil))) })
	return b, func() string { cancel(); wg.Wait(); return log.String() }
}

func publish(t *testing.T, bus node.Bus, key string, value []byte) {
	t.Helper()
	if _, err := bus.Publish(t.Context(), node.TopicKeys, key, value); err != nil {
		t.Fatal(err)
	}
}

func TestPublishedRingsNeedTheRootsSignature(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, bus := newScene(t), membus.New()
		second := next(t, s.ring, s.root, nil)
		third := next(t, second, s.root, nil)
		twin := next(t, second, s.root, Trust(operator(NewKey(), "eve")))
		newRoot := NewKey()
		moved, err := third.Next(s.root, newRoot, nil)
		if err != nil {
			t.Fatal(err)
		}
		after := next(t, moved, newRoot, nil)
		mallory := NewKey()
		forged := NewRing(mallory)
		forged.Fleet, forged.Version = s.ring.Fleet, 98
		forged = next(t, forged, mallory, nil)
		changed := third.Text()
		changed[len("fleet ")] ^= 1

		b, stop := following(t, bus, s)
		synctest.Wait() // a ring that the other process installs before it has started is not logged
		refused := tail(t, b, node.TopicKeys)
		for i, c := range []struct {
			key     string
			value   []byte
			want    int64  // version in force afterwards
			refused string // the reason; "": accepted
		}{
			{s.ring.Fleet, second.Text(), second.Version, ""},
			{s.ring.Fleet, second.Text(), second.Version, ""}, // a retry
			{s.ring.Fleet, third.Text(), third.Version, ""},
			{s.ring.Fleet, second.Text(), third.Version, "after version"},
			{s.ring.Fleet, twin.Text(), third.Version, "another ring of that version"},
			{s.ring.Fleet, forged.Text(), third.Version, "not signed by the root key"},
			{"other", third.Text(), third.Version, "this process belongs to fleet"},
			{s.ring.Fleet, changed, third.Version, "not signed by the root key"},
			{s.ring.Fleet, nil, third.Version, "no signature line"},
			{s.ring.Fleet, make([]byte, maxRing+1), third.Version, "larger than a ring"},
			{s.ring.Fleet, after.Text(), third.Version, "not signed by the root key"}, // the change of the root is missing
			{s.ring.Fleet, moved.Text(), moved.Version, ""},
			{s.ring.Fleet, after.Text(), after.Version, ""},
		} {
			before := len(*refused)
			publish(t, bus, c.key, c.value)
			synctest.Wait()
			if b.Version() != c.want {
				t.Errorf("step %d: version %d is in force, want %d", i, b.Version(), c.want)
			}
			switch news := (*refused)[before:]; {
			case c.refused == "" && len(news) > 0:
				t.Errorf("step %d: refused: %v", i, news[0].Refused)
			case c.refused != "" && (len(news) != 1 || news[0].Value != nil || !strings.Contains(news[0].Refused.Error(), c.refused)):
				t.Errorf("step %d: refused %+v, want %q", i, news, c.refused)
			}
		}
		text := stop()
		for _, want := range []string{"lower version", "another ring of that version", "not signed by the root key", "of fleet", "no signature line", "larger than a ring"} {
			if strings.Count(text, want) != 1 {
				t.Errorf("the log does not say once %q:\n%s", want, text)
			}
		}
		if n := strings.Count(text, "is in force"); n != 4 {
			t.Errorf("%d times another version was in force, want 4:\n%s", n, text)
		}
	})
}

// A process that starts with an old file never accepts a key that was revoked since.
func TestNothingIsReadBeforeThePublishedRing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, bus := newScene(t), membus.New()
		revoked := next(t, s.ring, s.root, Revoke("ann", time.Now().Add(-time.Minute)))
		if err := revoked.Publish(t.Context(), bus); err != nil {
			t.Fatal(err)
		}
		if _, err := node.Post(t.Context(), wrapped(t, bus, s, s.ann, ""), &s.kill); err != nil {
			t.Fatal(err)
		}
		b, err := Wrap(bus, Config{Prefix: "landfall.", Ring: s.ring, Key: s.d1, Driver: "d1", Published: true})
		if err != nil {
			t.Fatal(err)
		}
		got := tail(t, b, node.TopicTrigger)
		synctest.Wait()
		if len(*got) != 0 {
			t.Fatalf("read before the ring: %+v", *got)
		}
		go b.FollowTopic(t.Context(), slog.New(slog.DiscardHandler))
		synctest.Wait()
		if len(*got) != 1 || (*got)[0].Refused == nil || !strings.Contains((*got)[0].Refused.Error(), "was revoked") {
			t.Errorf("read %+v", *got)
		}
	})
}

func TestPublishRefusesKnownVersions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, bus := newScene(t), membus.New()
		second := next(t, s.ring, s.root, nil)
		if err := second.Publish(t.Context(), bus); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			ring *Ring
			want string
		}{
			{second, "published already"},
			{s.ring, "older than version"},
			{next(t, s.ring, s.root, Trust(operator(NewKey(), "eve"))), "another ring of that version"},
		} {
			if err := c.ring.Publish(t.Context(), bus); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("version %d: error %v, want %q", c.ring.Version, err, c.want)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := next(t, second, s.root, nil).Publish(ctx, bus); err == nil {
			t.Error("without reading what is published: done")
		}
	})
}
