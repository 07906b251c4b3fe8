package sign

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"

	"landfall/node"
)

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func operator(k *Key, name string) Member {
	return Member{Public: k.Public(), Signer: node.Signer{Name: name, Role: node.RoleOperator}}
}

func driver(k *Key, name string) Member {
	return Member{Public: k.Public(), Signer: node.Signer{Name: name, Role: node.RoleDriver}}
}

// ringOf returns a new fleet's ring with members.
func ringOf(t *testing.T, root *Key, members ...Member) *Ring {
	t.Helper()
	return next(t, NewRing(root), root, func(list *[]Member) error {
		*list = append(*list, members...)
		return nil
	})
}

func TestRingReadsBack(t *testing.T) {
	root, ann := NewKey(), NewKey()
	m := operator(ann, "ann")
	m.Targets, m.MaxRateRPS, m.Until = []string{"10.0.0.0/8", "shop.test:80"}, 5000.5, noon
	r := ringOf(t, root, m, driver(NewKey(), "d1"))
	again, err := ParseRing(r.Text())
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(again, r) {
		t.Errorf("read %+v, wrote %+v", again, r)
	}
	if got := again.Member(ann.Public()); got == nil || got.Name != "ann" || got.MaxRateRPS != 5000.5 || !got.Until.Equal(noon) || len(got.Targets) != 2 {
		t.Errorf("ann is %+v", got)
	}
	if again.Member(root.Public()) != nil {
		t.Error("the root key is a member")
	}
}

// Write access to the file is not enough to change the ring.
func TestEachByteOfARingIsSigned(t *testing.T) {
	r := ringOf(t, NewKey(), operator(NewKey(), "ann"))
	whole := r.Text()
	for i := range whole {
		for _, bit := range []byte{1, 32, 128} {
			changed := bytes.Clone(whole)
			changed[i] ^= bit
			if _, err := ParseRing(changed); err == nil {
				t.Fatalf("byte %d (%q) changed to %q: accepted", i, whole[i], changed[i])
			}
		}
	}
	for n := range whole {
		if _, err := ParseRing(whole[:n]); err == nil {
			t.Fatalf("the first %d of %d bytes: accepted", n, len(whole))
		}
	}
}

func TestParseRingErrors(t *testing.T) {
	root, a := NewKey(), NewKey()
	seal := func(lines ...string) []byte {
		r := &Ring{body: []byte(strings.Join(lines, "\n") + "\n")}
		sig, err := root.sign(t.Context(), ringMessage(r.body))
		if err != nil {
			t.Fatal(err)
		}
		r.signatures = [][]byte{sig}
		return r.Text()
	}
	fleet, version, rooted := "fleet f", "version 1", "root "+root.Public().String()
	key := "key " + a.Public().String()
	if _, err := ParseRing(seal("# a comment", "", fleet, version, rooted, key+" ann operator")); err != nil {
		t.Errorf("a valid ring: %v", err)
	}
	for _, c := range []struct {
		ring []byte
		want string
	}{
		{nil, "no signature"},
		{seal(version, rooted), "no fleet"},
		{seal(fleet, rooted), "no version"},
		{seal(fleet, version), "no root"},
		{seal(fleet, "version 0", rooted), "from 1"},
		{seal(fleet, fleet, version, rooted), "repeated"},
		{seal(fleet, version, rooted, key+" ann king"), "viewer, operator or driver"},
		{seal(fleet, version, rooted, key+" an/n operator"), "name"},
		{seal(fleet, version, rooted, key+" ann operator max-rate=-1"), "above 0"},
		{seal(fleet, version, rooted, key+" ann operator max-rate=NaN"), "above 0"},
		{seal(fleet, version, rooted, key+" ann operator until=soon"), "2027-01-31"},
		{seal(fleet, version, rooted, key+" ann operator colour=red"), "accepted are"},
		{seal(fleet, version, rooted, key+" ann operator", key+" bob operator"), "repeated"},
		{seal(fleet, version, rooted, key+" d1 driver max-rate=5"), "only an operator"},
		{seal(fleet, version, rooted, "key "+root.Public().String()+" ann operator"), "root key"},
		{seal(fleet, version, rooted, "key x ann operator"), "landfall key show"},
		{seal(fleet, version, "root "+a.Public().String()), "changed after it was signed"},
		{append(seal(fleet, version, rooted), "key x\n"...), "copied in part"},
	} {
		if _, err := ParseRing(c.ring); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("ring %.60q: error %v, want %q", c.ring, err, c.want)
		}
	}
}

func FuzzRing(f *testing.F) {
	root := NewKey()
	if r, err := NewRing(root).Next(root, nil, Trust(operator(NewKey(), "ann"))); err == nil {
		f.Add(r.Text())
	}
	f.Add([]byte("fleet x\nversion 1\nsignature AA\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		r, err := ParseRing(content)
		if err == nil && !bytes.Equal(r.Text(), content) {
			t.Errorf("accepted %q, which it would write as %q", content, r.Text())
		}
		// The lines alone, without their signature: parsing must leave the ring consistent.
		lines := &Ring{byKey: map[Public]int{}}
		if lines.parse(string(content)) == nil {
			for i := range lines.Members {
				if m := &lines.Members[i]; lines.Member(m.Public) != m {
					t.Errorf("member %d is not found by its key", i)
				}
			}
		}
	})
}
