package signtest

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/fleet"
	"landfall/node/orchestrator"
	"landfall/node/report"
	"landfall/node/sign"
)

// Attack runs a fleet of three drivers while an attacker with write access to every topic tries every attack
// that works on a fleet without keys: unsigned, as a driver, as a viewer, with a revoked key, with the attacker's
// own keys, with replayed and with modified records. The run must complete undisturbed, and events must report
// the attack.
func Attack(t *testing.T, connect func(name string) node.Bus, prefix string) {
	f := New(t, connect, prefix, "d1", "d2", "d3")
	f.Trust("old", node.RoleOperator)
	f.Publish() // an old version
	f.Change(sign.Revoke("old", time.Now().Add(-time.Hour)))
	old := f.record(t)
	f.Publish()
	for _, d := range []string{"d1", "d2", "d3"} {
		f.Driver(d)
	}
	ann := f.Orchestrator("ann", "console")
	first := f.Start(ann, f.Tsunami(50, time.Second), "d1", "d2")
	f.Report(ann, first)
	before := f.Served.Load()

	const rate, seconds = 100, 6
	id := f.Start(ann, f.Tsunami(rate, seconds*time.Second), "d1", "d2")
	f.Until(ann, "the run is under way", func(s *fleet.State) bool { return s.Run(id).Total.Requests > rate/2 })
	a := &attacker{t: t, f: f, bus: connect("attacker"), run: id}
	ann.View(func(s *fleet.State) {
		for _, d := range s.Drivers() {
			a.boots = append(a.boots, d.BootID)
		}
	})
	a.everything(old())
	r := f.Report(ann, id)

	if want := int64(rate * seconds); r.Requests != want || r.Responses != want || f.Served.Load()-before != want || f.Evil.Load() != 0 {
		t.Errorf("reported %d requests, %d responses; the target counted %d and %d elsewhere, want %d", r.Requests, r.Responses, f.Served.Load()-before, f.Evil.Load(), want)
	}
	if r.Outcome != report.Finished || r.Unknown != 0 || r.Coverage.Requests != 1 {
		t.Errorf("outcome %s %v, unknown %d, coverage %+v", r.Outcome, r.Reasons, r.Unknown, r.Coverage)
	}
	a.shown(ann)
}

// record collects all records, byte for byte.
func (f *Fleet) record(t *testing.T) func() []node.Record {
	var mu sync.Mutex
	var list []node.Record
	bus := f.connect("eavesdropper")
	for _, topic := range node.Topics {
		f.wg.Go(func() {
			_ = bus.Tail(f.ctx, topic, node.From{}, node.Reader{Record: func(r node.Record) {
				mu.Lock()
				defer mu.Unlock()
				list = append(list, r)
			}})
		})
	}
	return func() []node.Record {
		mu.Lock()
		defer mu.Unlock()
		return append([]node.Record(nil), list...)
	}
}

// attacker has write access to every topic.
type attacker struct {
	t     *testing.T
	f     *Fleet
	bus   node.Bus
	run   string
	boots []string // of d1, d2, d3, from heartbeats
}

func (a *attacker) write(topic node.Topic, key string, value []byte) {
	ctx, cancel := context.WithTimeout(a.f.ctx, 10*time.Second)
	defer cancel()
	if _, err := a.bus.Publish(ctx, topic, key, value); err != nil {
		a.t.Error(err)
	}
}

func (a *attacker) everything(old []node.Record) {
	for i, m := range a.messages() {
		a.as(nil, i, m)
		for _, key := range []string{"d3", "vic", "old"} {
			a.as(a.f.Keys[key], i, m)
		}
		a.as(sign.NewKey(), i, m)
		if topic, _, value, err := node.Encode(m); err == nil {
			a.write(topic, "d9", value) // as if it came from a driver without a key
		}
	}
	a.otherFleet()
	a.rings()
	for n, r := range old {
		if len(r.Value) == 0 || n > 200 {
			continue
		}
		switch r.Topic {
		case node.TopicTestConfig, node.TopicTrigger, node.TopicResults, node.TopicKeys:
			a.write(r.Topic, r.Key, r.Value) // an exact replay
		}
		changed := bytes.Clone(r.Value)
		changed[(n*131)%len(changed)] ^= 1
		a.write(r.Topic, r.Key, changed)
		a.write(r.Topic, a.run, r.Value) // moved elsewhere
	}
	for range 1000 { // a flood
		a.write(node.TopicTrigger, a.run, []byte(`{"schema":1,"id":"flood","action":"stop","test_id":"x"}`))
	}
}

// messages returns one message of each kind for each topic.
func (a *attacker) messages() (list []node.Message) {
	evil := loadgen.Spec{Kind: loadgen.Tsunami, Target: strings.Replace(a.f.URL, "/good", "/evil", 1), RateRPS: 1000, Duration: loadgen.Duration(time.Minute), Connections: 8}.WithDefaults()
	rate := 5000.0
	plan := func(seq int, nodes ...string) *node.Plan {
		p := &node.Plan{Seq: seq, UntilUS: 60e6, Schedule: []loadgen.Stage{{From: &rate, To: rate}}}
		for _, id := range nodes {
			p.Shares = append(p.Shares, node.NodeShare{NodeID: id, Connections: 8})
		}
		return p
	}
	now := time.Now().UnixMicro()
	for i := range 40 { // each asks every driver to prepare an engine
		list = append(list, &node.Config{TestID: fmt.Sprintf("evil-%d", i), Drivers: []string{"d1", "d2", "d3"}, By: "ann", Spec: evil})
	}
	list = append(list,
		&node.Config{TestID: a.run, Drivers: []string{"d3"}, By: "ann", Spec: evil},
		&node.Trigger{Action: node.Start, TestID: "evil-0", By: "ann", Conductor: "console", Epoch: 1, T0US: now, Plan: plan(0, "d3")},
		&node.Trigger{Action: node.Start, TestID: a.run, By: "ann", Conductor: "console", Epoch: 1, T0US: now, Plan: plan(0, "d1", "d2", "d3")},
		&node.Trigger{Action: node.Adjust, TestID: a.run, By: "ann", Conductor: "console", Epoch: 1, Plan: plan(1, "d1", "d2")},
		&node.Trigger{Action: node.Pause, TestID: a.run, By: "ann", Conductor: "console", Epoch: 1, Plan: plan(1, "d1", "d2")},
		&node.Trigger{Action: node.Resume, TestID: a.run, By: "ann", Conductor: "console", Epoch: 1, Plan: plan(1, "d1", "d2")},
		&node.Trigger{Action: node.Adopt, TestID: a.run, By: "bob", Conductor: "mallory", Epoch: 2},
		&node.Trigger{Action: node.Stop, TestID: a.run, By: "ann"},
		&node.Trigger{Action: node.Stop, TestID: a.run, By: "ann", Over: true},
		&node.Result{TestID: a.run, Report: []byte(`{"schema":1,"outcome":"passed","requests":1}`)},
	)
	for i, id := range []string{"d1", "d2"} {
		list = append(list,
			&node.Trigger{Action: node.Kill, NodeID: id, BootID: a.boots[i], By: "ann"},
			&node.Heartbeat{NodeID: id, BootID: a.boots[i], Seq: 1 << 63, State: node.Gone},
			&node.Heartbeat{NodeID: id, BootID: a.boots[i], Seq: 1 << 62, State: node.Running, TestID: a.run, Answers: []node.Answer{{TestID: a.run, Refuse: "no"}}},
			&node.Heartbeat{NodeID: id, BootID: "another", Seq: 1, State: node.Idle},
			&node.Metrics{NodeID: id, BootID: a.boots[i], Seq: 1 << 40, TestID: a.run, Snapshot: loadgen.Snapshot{Final: true, Total: loadgen.Counts{Requests: 1e9}}},
			&node.Register{NodeID: id, BootID: a.boots[i], MaxRateRPS: 1, Labels: map[string]string{"evil": "yes"}},
			&node.Register{NodeID: id, BootID: "another"},
		)
	}
	return append(list, &node.Trigger{Action: node.Kill, NodeID: "d3", BootID: a.boots[2], By: "ann"})
}

// as writes a message signed with a key, in an envelope like an honest process's; nil: unsigned.
func (a *attacker) as(key *sign.Key, i int, m node.Message) {
	if t, ok := m.(*node.Trigger); ok {
		t.ID = fmt.Sprintf("evil-%d-%d", i, time.Now().UnixNano())
	}
	bus := a.bus
	if key != nil {
		bus = a.own(a.f.Ring.Fleet, key, m)
	}
	if _, err := node.Post(a.f.ctx, bus, m); err != nil {
		a.t.Errorf("the attack with %T does not work: %v", m, err)
	}
}

// own returns a bus with a ring made by the attacker, in which a key may write a message.
func (a *attacker) own(fleetID string, key *sign.Key, m node.Message) node.Bus {
	root := sign.NewKey()
	ring := sign.NewRing(root)
	ring.Fleet = fleetID
	member := sign.Member{Public: key.Public(), Signer: node.Signer{Name: "mallory", Role: node.RoleOperator}}
	switch m.(type) {
	case *node.Register, *node.Heartbeat, *node.Metrics:
		member.Role = node.RoleDriver
	}
	ring, err := ring.Next(root, nil, sign.Trust(member))
	if err != nil {
		a.t.Fatal(err)
	}
	b, err := sign.Wrap(a.bus, sign.Config{Prefix: a.f.prefix, Ring: ring, Key: key})
	if err != nil {
		a.t.Fatal(err)
	}
	return b
}

// otherFleet replays what Ann signed for another fleet of hers.
func (a *attacker) otherFleet() {
	stop := &node.Trigger{ID: "other", Action: node.Stop, TestID: a.run}
	if _, err := node.Post(a.f.ctx, a.own("other", a.f.Keys["ann"], stop), stop); err != nil {
		a.t.Error(err)
	}
}

// rings publishes rings without the root's signature: of the attacker's own root, and of another fleet.
func (a *attacker) rings() {
	root, key := sign.NewKey(), sign.NewKey()
	for _, id := range []string{a.f.Ring.Fleet, "other"} {
		ring := sign.NewRing(root)
		ring.Fleet, ring.Version = id, 99
		ring, err := ring.Next(root, nil, sign.Trust(sign.Member{Public: key.Public(), Signer: node.Signer{Name: "mallory", Role: node.RoleOperator}}))
		if err != nil {
			a.t.Fatal(err)
		}
		a.write(node.TopicKeys, ring.Fleet, ring.Text())
		a.write(node.TopicKeys, a.f.Ring.Fleet, ring.Text())
	}
	a.write(node.TopicKeys, a.f.Ring.Fleet, nil)
	a.write(node.TopicKeys, "", []byte("rubbish"))
}

// shown checks that the operator sees the refusals on every topic, in few lines, and that no driver was
// affected.
func (a *attacker) shown(o *orchestrator.Orchestrator) {
	a.f.Until(o, "the flood is counted", func(s *fleet.State) bool {
		return strings.Contains(s.Events()[len(s.Events())-1].Text, "more in")
	})
	text, lines := Events(o), 0
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "refused ") {
			lines++
		}
	}
	for _, topic := range node.Topics {
		if !strings.Contains(text, "refused: "+string(topic)+" record of") {
			a.t.Errorf("no event of a refused %s record:\n%s", topic, text)
		}
	}
	for _, want := range []string{"not signed", "not in the ring", "was revoked", "viewer's key", "driver's key", "another driver", "another fleet", "not signed by the root key", "after version"} {
		if !strings.Contains(text, want) {
			a.t.Errorf("no event says %q:\n%s", want, text)
		}
	}
	if lines > 64 {
		a.t.Errorf("%d events of refused records", lines)
	}
	for _, b := range a.f.buses {
		if b.Version() != a.f.Ring.Version {
			a.t.Errorf("version %d of the ring is in force, want %d", b.Version(), a.f.Ring.Version)
		}
	}
	o.View(func(s *fleet.State) {
		for i, d := range s.Drivers()[:len(a.boots)] {
			if d.BootID != a.boots[i] || d.Liveness != fleet.Alive || d.Labels["evil"] != "" || d.Heartbeat.SignedBy() == nil {
				a.t.Errorf("driver %s is %s, process %s (was %s), labels %v", d.NodeID, d.Liveness, d.BootID, a.boots[i], d.Labels)
			}
		}
	})
}
