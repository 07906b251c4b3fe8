package sign

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"landfall/node"
)

var here = place{fleet: "f", prefix: "landfall.", topic: node.TopicTrigger, key: "run-1"}

func TestEnvelopeReadsBack(t *testing.T) {
	k := NewKey()
	for _, body := range []string{`{"schema":1}`, `1`, `{"a":"}"}`, `"` + proved + bodied + `"`} {
		e := envelope{at: time.UnixMilli(1764169023123), body: []byte(body), follows: digest{1, 2, 3}}
		message := signEnvelope(t, &e, k, here)
		value := e.bytes()
		if body[0] == '{' && !json.Valid(value) {
			t.Errorf("%s: not JSON", value)
		}
		got, err := open(value)
		if err != nil {
			t.Fatalf("%s: %v", value, err)
		}
		if !bytes.Equal(got.body, e.body) || got.follows != e.follows || !got.at.Equal(e.at) || got.key != k.Public() {
			t.Errorf("read %+v, wrote %+v", got, e)
		}
		if !bytes.Equal(got.message(here), message) || !got.key.verify(message, got.sig) {
			t.Error("its signature does not verify")
		}
	}
}

// A signature is valid in one place only.
func TestSignatureIsBoundToItsPlace(t *testing.T) {
	e := envelope{at: noon, body: []byte("{}")}
	signEnvelope(t, &e, NewKey(), here)
	for _, p := range []place{
		{"g", here.prefix, here.topic, here.key}, {here.fleet, "other.", here.topic, here.key},
		{here.fleet, here.prefix, node.TopicResults, here.key}, {here.fleet, here.prefix, here.topic, "run-2"},
		{"flandfall.", "", here.topic, here.key}, // the same bytes, divided elsewhere
	} {
		if e.key.verify(e.message(p), e.sig) {
			t.Errorf("verifies at %+v too", p)
		}
	}
}

func TestEachByteOfAnEnvelopeIsSigned(t *testing.T) {
	e := envelope{at: noon, body: []byte(`{"schema":1,"action":"stop"}`)}
	signEnvelope(t, &e, NewKey(), here)
	whole := e.bytes()
	for i := range whole {
		for bit := range 8 {
			changed := bytes.Clone(whole)
			changed[i] ^= 1 << bit
			if got, err := open(changed); err == nil && got.key.verify(got.message(here), got.sig) {
				t.Fatalf("byte %d (%q) changed to %q: accepted", i, whole[i], changed[i])
			}
		}
	}
	for n := range whole {
		if got, err := open(whole[:n]); err == nil && got.key.verify(got.message(here), got.sig) {
			t.Fatalf("the first %d of %d bytes: accepted", n, len(whole))
		}
	}
}

func FuzzEnvelope(f *testing.F) {
	e := envelope{at: noon, body: []byte(`{"schema":1}`)}
	signEnvelope(f, &e, NewKey(), here)
	f.Add(e.bytes())
	e.proofs = bytes.Repeat([]byte("A"), proofChars)
	f.Add(e.bytes())
	f.Add([]byte(head + `0` + follows))
	f.Fuzz(func(t *testing.T, value []byte) {
		e, err := open(value)
		if err != nil {
			return
		}
		if !bytes.Equal(e.bytes(), value) {
			t.Errorf("accepted %q, which it would write as %q", value, e.bytes())
		}
		newPairs(NewKey(), "").proven(&e, e.message(here))
	})
}

func signEnvelope(t testing.TB, e *envelope, k *Key, p place) []byte {
	t.Helper()
	message, err := e.sign(t.Context(), k, p)
	if err != nil {
		t.Fatal(err)
	}
	return message
}
