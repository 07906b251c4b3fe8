package sign

import (
	"bytes"
	"testing"

	"landfall/node"
)

func TestProofs(t *testing.T) {
	root, ann, bob, d := NewKey(), NewKey(), NewKey(), NewKey()
	r := ringOf(t, root, operator(ann, "ann"), operator(bob, "bob"), driver(d, "d1"))
	e := envelope{at: noon, body: []byte(`{}`)}
	message := signEnvelope(t, &e, d, here)
	newPairs(d, r.Fleet).prove(&e, message, r, noon)
	if len(e.proofs) != 2*proofChars {
		t.Fatalf("%d bytes of proofs, want those of ann and bob", len(e.proofs))
	}
	check := func(k *Key, fleet string, message []byte) (bool, bool) {
		return newPairs(k, fleet).proven(&e, message)
	}
	for _, k := range []*Key{ann, bob} {
		if has, right := check(k, r.Fleet, message); !has || !right {
			t.Errorf("a reader's proof: has %v, right %v", has, right)
		}
		if _, right := check(k, r.Fleet, append([]byte("x"), message...)); right {
			t.Error("a proof of another message is right")
		}
		if _, right := check(k, "other", message); right {
			t.Error("a proof of another fleet is right")
		}
	}
	if has, _ := check(NewKey(), r.Fleet, message); has {
		t.Error("a key outside the ring has a proof")
	}
	// Ann can make proofs for herself, but none that Bob accepts.
	forged := envelope{at: noon, body: []byte(`{"forged":1}`)}
	message = signEnvelope(t, &forged, d, here)
	newPairs(ann, r.Fleet).prove(&forged, message, r, noon)
	if _, right := newPairs(bob, r.Fleet).proven(&forged, message); right {
		t.Error("Bob accepts a proof that Ann made")
	}
}

// A valid signature does not make up for a wrong proof, nor does another reader's proof.
func TestDriversRecordsWithProofs(t *testing.T) {
	s := newScene(t)
	topic, key, value, _ := node.Encode(&node.Heartbeat{NodeID: "d1", BootID: "b", State: node.Idle})
	e := envelope{at: s.now, body: value}
	message := signEnvelope(s.t, &e, s.d1, place{s.ring.Fleet, "landfall.", topic, key})
	newPairs(s.d1, s.ring.Fleet).prove(&e, message, s.ring, s.now)
	r := node.Record{Topic: topic, Key: key, Value: e.bytes(), Appended: s.now}
	s.accept(r)
	at := bytes.Index(r.Value, tag(s.ann.Public())) // not the key field, which is d1's
	r.Value[at+tagChars] ^= 1
	if s.read(r) == nil {
		t.Error("a wrong proof is accepted")
	}
	r.Value[at+tagChars] ^= 1
	body := bytes.Index(r.Value, []byte(`"boot_id":"b"`))
	r.Value[body+len(`"boot_id":"`)] = 'c'
	if s.read(r) == nil {
		t.Error("another body with the same proof is accepted")
	}
}
