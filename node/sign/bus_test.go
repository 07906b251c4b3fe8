package sign

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"landfall/node"
	"landfall/node/membus"
)

// wrapped returns the connection of a key's owner to a fleet's in-memory bus.
func wrapped(t *testing.T, bus node.Bus, s *scene, k *Key, driver string) *Bus {
	t.Helper()
	b, err := Wrap(bus, Config{Prefix: "landfall.", Ring: s.ring, Key: k, Driver: driver})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// tail collects what a bus delivers, until the test ends.
func tail(t *testing.T, bus node.Bus, topic node.Topic) *[]node.Record {
	var got []node.Record
	go bus.Tail(t.Context(), topic, node.From{}, node.Reader{Record: func(r node.Record) { got = append(got, r) }})
	return &got
}

func TestSignedMessagesArriveWithTheirSigner(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, bus := newScene(t), membus.New()
		beats, kills := tail(t, wrapped(t, bus, s, s.ann, ""), node.TopicHeartbeat), tail(t, wrapped(t, bus, s, s.d1, "d1"), node.TopicTrigger)
		plain := tail(t, Plain(bus), node.TopicTrigger)
		if _, err := node.Post(t.Context(), wrapped(t, bus, s, s.d1, "d1"), &node.Heartbeat{NodeID: "d1", BootID: "b", State: node.Idle}); err != nil {
			t.Fatal(err)
		}
		if _, err := node.Post(t.Context(), wrapped(t, bus, s, s.ann, ""), &s.kill); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		*beats = slices.DeleteFunc(*beats, func(r node.Record) bool { return r.Key == "" }) // records that set the clock
		last := (*beats)[0]
		if len(*beats) != 1 || last.Refused != nil || last.Signer == nil || last.Signer.Name != "d1" {
			t.Errorf("heartbeat: signer %v, refused %v", last.Signer, last.Refused)
		}
		if len(*kills) != 1 || (*kills)[0].Signer.Name != "ann" {
			t.Errorf("d1 read %+v", *kills)
		}
		if m, err := node.Decode((*plain)[0]); err != nil || m.(*node.Trigger).NodeID != "d1" || (*plain)[0].Signer != nil {
			t.Errorf("without keys: %+v, %v", m, err)
		}
	})
}

func TestRejectedRecordsHaveNoValue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, bus := newScene(t), membus.New()
		got := tail(t, wrapped(t, bus, s, s.d1, "d1"), node.TopicTrigger)
		if _, err := node.Post(t.Context(), bus, &s.kill); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		r := (*got)[0]
		if r.Refused == nil || r.Value != nil {
			t.Errorf("delivered with refused %v and %d bytes", r.Refused, len(r.Value))
		}
		if _, err := node.Decode(r); err == nil || !strings.Contains(err.Error(), "not signed") {
			t.Errorf("decoded with %v", err)
		}
	})
}

func TestPublishChecksBeforeSigning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, bus := newScene(t), membus.New()
		limited := operator(NewKey(), "eve")
		eve := NewKey()
		limited.Public, limited.MaxRateRPS = eve.Public(), 10
		s.ring = next(t, s.ring, s.root, Trust(limited))
		s.ring = next(t, s.ring, s.root, Revoke("bob", time.Now().Add(-time.Hour)))
		for _, c := range []struct {
			name string
			key  *Key
			m    node.Message
			want string
		}{
			{"no key", nil, &s.kill, "--sign-key FILE"},
			{"a viewer", s.vic, &s.kill, "the key of vic is a viewer's"},
			{"a driver", s.d1, &s.kill, "the key of d1 is a driver's"},
			{"a stranger", s.stranger, &s.kill, "landfall key trust"},
			{"a revoked key", s.bob, &s.kill, "was revoked"},
			{"beyond the key's limits", eve, &s.config, "the key of eve allows 10"},
			{"a driver's heartbeat by an operator", s.ann, &node.Heartbeat{NodeID: "d1", BootID: "b", State: node.Idle}, "the key of ann is an operator's"},
		} {
			_, err := node.Post(t.Context(), wrapped(t, bus, s, c.key, ""), c.m)
			var key *KeyError
			if !errors.As(err, &key) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v, want %q", c.name, err, c.want)
			}
		}
		if _, err := Wrap(bus, Config{Ring: s.ring, Key: s.d1, Driver: "d2"}); err == nil {
			t.Error("d1's key for a driver named d2: accepted")
		}
	})
}

func TestSignaturesAreDatedByTheBrokersClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, bus := newScene(t), membus.New()
		bus.Clock = func() time.Time { return time.Now().Add(3 * time.Hour) }
		got := tail(t, wrapped(t, bus, s, s.d1, "d1"), node.TopicTrigger)
		ann := wrapped(t, bus, s, s.ann, "")
		for range 2 {
			if _, err := node.Post(t.Context(), ann, &s.kill); err != nil {
				t.Fatal(err)
			}
			s.kill.ID = "k2"
			time.Sleep(time.Hour)
		}
		synctest.Wait()
		for _, r := range *got {
			if r.Refused != nil {
				t.Error(r.Refused)
			}
		}
		if len(*got) != 2 {
			t.Errorf("%d records, want 2", len(*got))
		}
	})
}

func TestReplaceRevokesAndStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, bus := newScene(t), membus.New()
		d1 := wrapped(t, bus, s, s.d1, "d1")
		got, configs := tail(t, d1, node.TopicTrigger), tail(t, d1, node.TopicTestConfig)
		ann := wrapped(t, bus, s, s.ann, "")
		tail(t, ann, node.TopicTestConfig)
		tail(t, ann, node.TopicTrigger)
		post := func(m node.Message) error {
			_, err := node.Post(t.Context(), ann, m)
			synctest.Wait()
			return err
		}
		s.start.T0US = time.Now().UnixMicro()
		for _, m := range []node.Message{&s.config, &s.start} {
			if err := post(m); err != nil {
				t.Fatal(err)
			}
		}
		if len(*configs) != 1 || len(*got) != 1 || (*got)[0].Refused != nil {
			t.Fatalf("d1 read %+v", *got)
		}
		second := NewKey()
		two := next(t, s.ring, s.root, Trust(operator(second, "ann")))
		one := next(t, two, s.root, Revoke(s.ann.Public().String(), time.Now()))
		gone := next(t, one, s.root, Revoke("ann", time.Now()))
		for _, r := range []*Ring{two, one} { // Ann replaces her key: her run continues
			if err := d1.Replace(r); err != nil {
				t.Fatal(err)
			}
		}
		if len(*got) != 1 {
			t.Fatalf("replacing Ann's key was delivered as %+v", (*got)[1:])
		}
		time.Sleep(time.Second)
		s.adjust.ID = "a2"
		if err := post(&s.adjust); err != nil { // before Ann's process has the new ring
			t.Fatal(err)
		}
		if len(*got) != 2 || (*got)[1].Refused == nil {
			t.Error("d1 believes a key that was revoked")
		}
		if err := d1.Replace(gone); err != nil {
			t.Fatal(err)
		}
		m, err := node.Decode((*got)[len(*got)-1])
		if stop, ok := m.(*node.Trigger); err != nil || !ok || stop.Action != node.Stop || stop.TestID != "run-1" || !strings.Contains(stop.Reason, "ann") {
			t.Errorf("revoking Ann was delivered as %+v, %v", m, err)
		}
		if err := d1.Replace(two); err == nil || d1.Version() != gone.Version {
			t.Errorf("an older ring: %v, version %d", err, d1.Version())
		}
	})
}

// A command delayed by an outage would be refused as too old: its sender gets an error, and can repeat it.
func TestCommandsDoNotOutliveAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, bus := newScene(t), membus.New()
		got := tail(t, wrapped(t, bus, s, s.d1, "d1"), node.TopicTrigger)
		way := bus.Node("console")
		ann := wrapped(t, way, s, s.ann, "")
		if _, err := node.Post(t.Context(), ann, &s.kill); err != nil { // sets the clock
			t.Fatal(err)
		}
		way.Cut()
		began := time.Now()
		s.kill.ID = "k2"
		if _, err := node.Post(t.Context(), ann, &s.kill); err == nil || time.Since(began) != 30*time.Second {
			t.Errorf("a kill during an outage: %v after %s, want an error after 30s", err, time.Since(began))
		}
		stopped := make(chan error)
		go func() {
			_, err := node.Post(t.Context(), ann, &node.Trigger{ID: "x1", Action: node.Stop, TestID: "run-1"})
			stopped <- err
		}()
		time.Sleep(time.Minute)
		way.Heal()
		if err := <-stopped; err != nil {
			t.Errorf("a stop during an outage: %v", err)
		}
		synctest.Wait()
		for _, r := range *got {
			if r.Refused != nil {
				t.Error(r.Refused)
			}
		}
		if len(*got) != 2 {
			t.Errorf("%d records, want the first kill and the stop", len(*got))
		}
	})
}

var _ node.Bus = (*Bus)(nil)

// Commands names the key as it was given, and the remedy.
func TestCommandsNamesTheKeyAndTheRemedy(t *testing.T) {
	s := newScene(t)
	path := filepath.Join(t.TempDir(), "eve.key")
	if err := NewKey().Save(path); err != nil {
		t.Fatal(err)
	}
	eve, err := LoadKey(path)
	if err != nil {
		t.Fatal(err)
	}
	ring := next(t, s.ring, s.root, Revoke("bob", noon))
	for _, c := range []struct {
		key  *Key
		want []string
	}{
		{s.ann, nil},
		{nil, []string{"no key", "--sign-key FILE"}},
		{eve, []string{"key " + path + " (" + eve.Public().Short() + ")", "not in version 2", "landfall key trust"}},
		{s.bob, []string{"the key of bob was revoked", "landfall key trust bob NEW.key --role operator"}},
		{s.d1, []string{"the key of d1 is a driver's", "must be signed by an operator's", "--sign-key"}},
	} {
		b, err := Wrap(membus.New(), Config{Ring: ring, Key: c.key})
		if err != nil {
			t.Fatal(err)
		}
		err = b.Commands()
		if (err == nil) != (c.want == nil) {
			t.Errorf("%v: %v", c.key, err)
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%v: %v, want %q", c.key, err, want)
			}
		}
	}
}
