package fleet

import (
	"bytes"
	"testing"
	"time"

	"landfall/node"
)

// FuzzFold folds arbitrary records, one per line: a digit for the topic, one for the seconds since the last,
// and the value. Anyone with write access to a topic controls all of it, and must not be able to crash an
// orchestrator.
func FuzzFold(f *testing.F) {
	p := newScript(new(testing.T))
	p.post(&node.Register{NodeID: "d1", BootID: "boot-d1", Host: "h", Cores: 2})
	p.beat(node.Idle, "", "d1", "d2")
	p.start("t1", 100, "d1", "d2")
	p.beat(node.Running, "t1", "d1", "d2")
	p.post(p.snapshot("t1", "d1", 0, 10, 10, false))
	p.post(p.snapshot("t1", "d1", 1, 10, 20, true))
	p.post(&node.Trigger{ID: "stop", Action: node.Stop, TestID: "t1", By: "me", Conductor: "o1", Epoch: 1})
	var whole []byte
	for _, r := range p.all {
		topic := byte('0')
		for i, t := range node.Topics {
			if t == r.Topic {
				topic += byte(i)
			}
		}
		line := append([]byte{topic, '1'}, r.Value...)
		whole = append(append(whole, line...), '\n')
		f.Add(line)
	}
	f.Add(whole)
	f.Fuzz(func(t *testing.T, text []byte) {
		s, now := New(), time.UnixMilli(1_800_000_000_000)
		for i, line := range bytes.Split(text, []byte("\n")) {
			if len(line) < 2 || i > 100 {
				continue
			}
			now = now.Add(time.Duration(line[1]-'0') * time.Second)
			r := node.Record{Topic: node.Topics[int(line[0])%len(node.Topics)], Key: "k", Value: line[2:], Appended: now, Offset: int64(i)}
			if m, err := node.Decode(r); err == nil {
				_ = s.Apply(m, now)
			}
			s.Tick(now)
		}
		for _, r := range s.Runs() {
			r.Active()
			r.Ended(now)
		}
		s.Drivers()
		s.Front()
	})
}
