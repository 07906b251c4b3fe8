package sign

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"landfall/node"
)

// NewRing returns a new fleet's ring before its first version, which [Ring.Next] creates.
func NewRing(root *Key) *Ring {
	var id [8]byte
	rand.Read(id[:])
	return &Ring{Fleet: hex.EncodeToString(id[:]), Root: root.Public()}
}

// Next returns the ring's next version, changed by change and signed by its root key. To replace the root key
// give the new one as newRoot (else nil); both keys sign.
func (r *Ring) Next(root, newRoot *Key, change func(*[]Member) error) (*Ring, error) {
	if root.Public() != r.Root {
		return nil, fmt.Errorf("root key %s: the ring's root key is %s", root.Public().Short(), r.Root.Short())
	}
	members := slices.Clone(r.Members)
	if change != nil {
		if err := change(&members); err != nil {
			return nil, err
		}
	}
	next := &Ring{Fleet: r.Fleet, Version: r.Version + 1, Root: r.Root}
	signers := []*Key{root}
	if newRoot != nil {
		next.Root = newRoot.Public()
		signers = []*Key{newRoot, root}
	}
	next.Members = members
	if err := next.seal(signers...); err != nil {
		return nil, fmt.Errorf("root key: %w", err)
	}
	return ParseRing(next.Text()) // a ring that readers would refuse is refused here
}

// seal writes the ring's lines and signs them.
func (r *Ring) seal(keys ...*Key) error {
	lines := []string{"fleet " + r.Fleet, fmt.Sprintf("version %d", r.Version), "root " + r.Root.String()}
	for i := range r.Members {
		lines = append(lines, r.Members[i].line())
	}
	r.body = []byte(strings.Join(lines, "\n") + "\n")
	r.signatures = nil
	for _, k := range keys {
		s, err := k.sign(context.Background(), ringMessage(r.body))
		if err != nil {
			return err
		}
		r.signatures = append(r.signatures, s)
	}
	return nil
}

// Trust adds a key. One name may have several operator's keys, so that a key can be replaced without a gap.
func Trust(m Member) func(*[]Member) error {
	return func(list *[]Member) error {
		if err := m.check(); err != nil {
			return err
		}
		for _, have := range *list {
			if have.Public == m.Public {
				return fmt.Errorf("key %s: the ring has it already, as %s", m.Short(), have.Name)
			}
			if have.Name == m.Name && have.Role != m.Role {
				return fmt.Errorf("name %s: is a %s's in this ring (choose another name)", m.Name, have.Role)
			}
		}
		*list = append(*list, m)
		return nil
	}
}

// Revoke revokes keys from a given time on: all keys with a name, or the one whose public key is given. Their lines
// stay in the ring, so that older signatures still verify.
func Revoke(nameOrKey string, at time.Time) func(*[]Member) error {
	return func(list *[]Member) error {
		found := false
		for i := range *list {
			m := &(*list)[i]
			if m.Name != nameOrKey && m.Public.String() != nameOrKey {
				continue
			}
			found = true
			if m.Revoked.IsZero() {
				m.Revoked = at.UTC().Truncate(time.Second)
			}
		}
		if !found {
			return fmt.Errorf("key %.90q: the ring has no key of that name (list them with `landfall key ring`)", nameOrKey)
		}
		return nil
	}
}

// readers returns the operators and viewers: drivers add a proof for each of them to their records, and
// configurations are encrypted to them.
func (r *Ring) readers(at time.Time) (list []*Member) {
	for i := range r.Members {
		m := &r.Members[i]
		if m.Role != node.RoleDriver && m.Valid(at) == nil && len(list) < maxReaders {
			list = append(list, m)
		}
	}
	return list
}
