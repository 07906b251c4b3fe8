package sign

import (
	"bytes"
	"encoding/json"
	"testing"

	"landfall/node"
)

func FuzzJudge(f *testing.F) {
	k := NewKey()
	if _, err := NewRing(NewKey()).Next(k, nil, nil); err == nil {
		f.Fatal("any key signs a ring")
	}
	root := NewKey()
	ring, err := NewRing(root).Next(root, nil, Trust(operator(k, "ann")))
	if err != nil {
		f.Fatal(err)
	}
	body, _ := json.Marshal(node.Trigger{ID: "k1", Action: node.Kill, NodeID: "d1"})
	e := envelope{at: noon, body: body}
	signEnvelope(f, &e, k, place{ring.Fleet, "landfall.", node.TopicTrigger, "d1"})
	f.Add(1, "d1", e.bytes())
	f.Add(0, "run-1", []byte(`{"schema":1}`))
	f.Fuzz(func(t *testing.T, topic int, key string, value []byte) {
		g := newGuard(ring, "landfall.", k, "")
		r := node.Record{Topic: node.Topics[uint(topic)%uint(len(node.Topics))], Key: key, Value: value, Appended: noon}
		if got, err := g.judge(r); err == nil && got.Signer != nil && !bytes.Equal(value, e.bytes()) {
			t.Errorf("accepted %q, which was not signed", value)
		}
	})
}
