package sign

import (
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"landfall/node"
)

// Limits of a ring.
const (
	maxRing    = 4 << 20 // bytes
	maxMembers = 20_000
	maxVersion = 1 << 40
)

// Ring is one version of a fleet's keys. It is immutable; [Ring.Next] makes its successor.
//
// Its text has one fact per line, like authorized_keys:
//
//	fleet 5f0c2a…
//	version 3
//	root <public key>
//	key <public key> ann operator targets=10.0.0.0/8,shop.test max-rate=5000 until=2027-01-01
//	key <public key> driver-1 driver
//	signature <of the new root's key> [<of the old root's key>]
type Ring struct {
	Fleet   string // random, the same in every version: records of other fleets do not verify
	Version int64  // from 1; only a higher one replaces a ring
	Root    Public // signs rings
	Members []Member

	body       []byte // the signed lines
	signatures [][]byte
	byKey      map[Public]int // index in Members
}

// Member is one key of a ring.
type Member struct {
	Public
	node.Signer
	Until   time.Time // records appended later are refused; zero: no end
	Revoked time.Time // the same, and it stays in the ring so that older records still verify
}

// Valid returns why the key may not sign a record appended at that time; nil if it may.
func (m *Member) Valid(at time.Time) error {
	switch {
	case !m.Revoked.IsZero() && !at.Before(m.Revoked):
		return fmt.Errorf("the key of %s was revoked at %s", m.Name, m.Revoked.Format(time.RFC3339))
	case !m.Until.IsZero() && !at.Before(m.Until):
		return fmt.Errorf("the key of %s expired at %s", m.Name, m.Until.Format(time.RFC3339))
	}
	return nil
}

// Member returns the member with a key; nil if there is none.
func (r *Ring) Member(p Public) *Member {
	if i, ok := r.byKey[p]; ok {
		return &r.Members[i]
	}
	return nil
}

// Named reports whether any key of the ring, including revoked ones, has that name and role.
func (r *Ring) Named(name string, role node.Role) bool {
	for i := range r.Members {
		if m := &r.Members[i]; m.Name == name && m.Role == role {
			return true
		}
	}
	return false
}

// Holds reports whether a member of that name has a key that is neither revoked nor expired.
func (r *Ring) Holds(name string, role node.Role, at time.Time) bool {
	for i := range r.Members {
		if m := &r.Members[i]; m.Name == name && m.Role == role && m.Revoked.IsZero() && m.Valid(at) == nil {
			return true
		}
	}
	return false
}

var (
	errUnsignedRing = errors.New("its signature is not that of its root key: it was changed after it was signed, or copied in part")
	errNoSignature  = errors.New("no signature line: not a key ring, or one that was copied in part")
)

// ParseRing parses the text of a ring and verifies the signature of its own root key. Whether that root is
// the right one is for the caller to check: see [Ring.Succeeds].
func ParseRing(content []byte) (*Ring, error) {
	if len(content) > maxRing {
		return nil, fmt.Errorf("%d bytes: must be at most %d", len(content), maxRing)
	}
	body, last, err := cutSignature(string(content))
	if err != nil {
		return nil, err
	}
	r := &Ring{body: []byte(body), byKey: map[Public]int{}}
	if err := r.parse(body); err != nil {
		return nil, err
	}
	if r.signatures, err = parseSignatures(last); err != nil {
		return nil, err
	}
	if !r.signedBy(r.Root) {
		return nil, errUnsignedRing
	}
	return r, nil
}

// parseSignatures parses the signature line: the root's, and the previous root's if this version replaces it.
func parseSignatures(line string) (list [][]byte, err error) {
	words := strings.Split(line, " ")
	for _, word := range words {
		s, err := text.DecodeString(word)
		if err != nil || len(s) != ed25519.SignatureSize || len(words) > 2 {
			return nil, errors.New("signature line: must hold one or two signatures")
		}
		list = append(list, s)
	}
	return list, nil
}

// cutSignature splits a ring into its signed body and its signatures. The text ends with the signature line.
func cutSignature(content string) (body, signatures string, err error) {
	i := strings.LastIndex(content, "\nsignature ")
	if i < 0 {
		return "", "", errNoSignature
	}
	signatures, ok := strings.CutSuffix(content[i+len("\nsignature "):], "\n")
	if !ok || strings.Contains(signatures, "\n") {
		return "", "", errNoSignature
	}
	return content[:i+1], signatures, nil
}

func (r *Ring) signedBy(root Public) bool {
	for _, s := range r.signatures {
		if root.verify(ringMessage(r.body), s) {
			return true
		}
	}
	return false
}

// ringMessage returns what a root key signs: a domain of its own and the hash of the lines.
func ringMessage(body []byte) []byte {
	sum := sha256.Sum256(body)
	return append([]byte("landfall ring, version 1\n"), sum[:]...)
}

func (r *Ring) parse(body string) error {
	for n, line := range strings.Split(strings.TrimSuffix(body, "\n"), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := r.line(strings.Fields(line)); err != nil {
			return fmt.Errorf("line %d: %w", n+1, err)
		}
	}
	switch {
	case r.Fleet == "":
		return errors.New("no fleet line")
	case r.Version == 0:
		return errors.New("no version line")
	case r.Root == Public{}:
		return errors.New("no root line")
	}
	return nil
}

func (r *Ring) line(words []string) (err error) {
	switch {
	case len(words) == 0:
		return errors.New("only spaces")
	case words[0] == "key":
		return r.key(words[1:])
	case len(words) != 2:
		return fmt.Errorf("%.20q: must be a fleet, version, root or key line", words[0])
	case words[0] == "fleet" && r.Fleet == "":
		r.Fleet = words[1]
		return node.CheckID("fleet", r.Fleet)
	case words[0] == "version" && r.Version == 0:
		r.Version, err = strconv.ParseInt(words[1], 10, 64)
		if err != nil || r.Version < 1 || r.Version > maxVersion {
			return fmt.Errorf("version %.20q: must be a number from 1", words[1])
		}
		return nil
	case words[0] == "root" && r.Root == Public{}:
		r.Root, err = ParsePublic(words[1])
		return err
	}
	return fmt.Errorf("%.20q: unknown or repeated (accepted: fleet, version, root, key)", words[0])
}

func (r *Ring) key(words []string) error {
	if len(r.Members) == maxMembers {
		return fmt.Errorf("more than %d keys", maxMembers)
	}
	m, err := parseMember(words)
	if err != nil {
		return err
	}
	if m.Public == r.Root {
		return fmt.Errorf("key of %s: is the root key, which signs rings and nothing else", m.Name)
	}
	if r.Member(m.Public) != nil {
		return fmt.Errorf("key of %s: repeated", m.Name)
	}
	r.byKey[m.Public] = len(r.Members)
	r.Members = append(r.Members, m)
	return nil
}

// Text returns the ring as stored in its file.
func (r *Ring) Text() []byte {
	words := make([]string, len(r.signatures))
	for i, s := range r.signatures {
		words[i] = text.EncodeToString(s)
	}
	return append([]byte(string(r.body)), "signature "+strings.Join(words, " ")+"\n"...)
}

// Succeeds returns why a ring may not replace an older one; nil: it may. The old root must have signed it, so that write access
// to a file or a topic is not enough to install another root.
func (r *Ring) Succeeds(old *Ring) error {
	switch {
	case r.Fleet != old.Fleet:
		return fmt.Errorf("fleet %s: this process belongs to fleet %s", r.Fleet, old.Fleet)
	case r.Version < old.Version:
		return fmt.Errorf("version %d: older than version %d, which is in use", r.Version, old.Version)
	case r.Version == old.Version && string(r.body) != string(old.body):
		return fmt.Errorf("version %d: another ring of that version is in use", r.Version)
	case !r.signedBy(old.Root):
		return errors.New("not signed by the root key of the version in use")
	}
	return nil
}

// LoadRing reads and verifies a ring's file.
func LoadRing(path string) (*Ring, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("key ring: %w (create one with `landfall key trust`)", err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Mode().Perm()&0o002 != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("key ring %s: every user of this machine can replace it, and its root key with it (run `chmod go-w %s`)", path, path)
	}
	content, err := readSome(f, maxRing)
	if err != nil {
		return nil, fmt.Errorf("key ring %s: %w", path, err)
	}
	r, err := ParseRing(content)
	if err != nil {
		return nil, fmt.Errorf("key ring %s: %w", path, err)
	}
	return r, nil
}

func readSome(f io.Reader, most int64) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(content)) > most {
		err = fmt.Errorf("more than %d bytes", most)
	}
	return content, err
}
