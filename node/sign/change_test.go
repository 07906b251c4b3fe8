package sign

import (
	"math"
	"strings"
	"testing"
	"time"

	"landfall/node"
)

func next(t *testing.T, r *Ring, root *Key, change func(*[]Member) error) *Ring {
	t.Helper()
	n, err := r.Next(root, nil, change)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestOnlyASuccessorReplacesARing(t *testing.T) {
	root, other := NewKey(), NewKey()
	old := ringOf(t, root, operator(NewKey(), "ann"))
	higher := next(t, old, root, nil)
	moved, err := old.Next(root, other, nil)
	if err != nil {
		t.Fatal(err)
	}
	stolen := &Ring{Fleet: old.Fleet, Version: 99, Root: other.Public()}
	if err := stolen.seal(other); err != nil {
		t.Fatal(err)
	}
	sibling := ringOf(t, root)
	sibling.Fleet = old.Fleet
	if err := sibling.seal(root); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		old  *Ring
		ring *Ring
		want string // "": accepted
	}{
		{"the same", old, old, ""},
		{"the next version", old, higher, ""},
		{"an older version", higher, old, "older than version"},
		{"another fleet's", old, ringOf(t, root), "belongs to fleet"},
		{"another of that version", old, sibling, "another ring of that version"},
		{"another root", old, stolen, "not signed by the root key"},
		{"a new root that the old one signed", old, moved, ""},
		{"of the new root, by the new root", moved, next(t, moved, other, nil), ""},
	} {
		err := c.ring.Succeeds(c.old)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	if _, err := old.Next(other, nil, nil); err == nil {
		t.Error("a key that is not the root's made a next version")
	}
}

func TestRevokedAndExpiredKeysVerifyOlderRecords(t *testing.T) {
	root, ann := NewKey(), NewKey()
	m := operator(ann, "ann")
	m.Until = noon.Add(time.Hour)
	r := ringOf(t, root, m)
	revoked := next(t, r, root, Revoke("ann", noon))
	for _, c := range []struct {
		name string
		ring *Ring
		at   time.Time
		ok   bool
	}{
		{"before it expires", r, noon, true},
		{"when it expires", r, noon.Add(time.Hour), false},
		{"before it was revoked", revoked, noon.Add(-time.Second), true},
		{"when it was revoked", revoked, noon, false},
	} {
		if err := c.ring.Member(ann.Public()).Valid(c.at); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
		if holds := c.ring.Holds("ann", node.RoleOperator, c.at); holds != (c.ok && c.ring == r) {
			t.Errorf("%s: Holds is %v", c.name, holds)
		}
	}
	if again := next(t, revoked, root, Revoke("ann", noon.Add(time.Minute))); !again.Member(ann.Public()).Revoked.Equal(noon) {
		t.Error("revoking again moved the moment")
	}
}

func TestTrustRefusesAmbiguousNames(t *testing.T) {
	root, ann := NewKey(), NewKey()
	r := ringOf(t, root, operator(ann, "ann"))
	limited := func(targets []string, rate float64) Member {
		m := operator(NewKey(), "eve")
		m.Targets, m.MaxRateRPS = targets, rate
		return m
	}
	for _, m := range []Member{
		operator(ann, "bob"), driver(NewKey(), "ann"), limited(nil, -1), limited(nil, math.NaN()), limited([]string{"a b"}, 0),
		limited([]string{"a\nversion 9"}, 0), limited([]string{"10.0.0.0/99"}, 0), limited([]string{""}, 0),
	} {
		if _, err := r.Next(root, nil, Trust(m)); err == nil {
			t.Errorf("%+v: accepted", m.Signer)
		}
	}
	if _, err := r.Next(root, nil, Trust(operator(NewKey(), "ann"))); err != nil {
		t.Errorf("a second key of ann, to replace the first: %v", err)
	}
	if _, err := r.Next(root, nil, Revoke("bob", noon)); err == nil {
		t.Error("revoking a name that is not there: accepted")
	}
}
