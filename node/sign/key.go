// Package sign authenticates what travels over a node.Bus. Operators sign configurations, triggers and results, each driver
// signs its own records, and [Bus] verifies every record against the fleet's [Ring] before anything in it is parsed.
//
// It holds keys ([Key], [Public]), the ring of a fleet ([Ring], signed by a root key that can stay offline), the envelope of
// a signed record, and the encryption of configurations to the drivers chosen for them. All cryptography is the standard
// library's: Ed25519, X25519, HMAC-SHA256 and HPKE. What a verified record may ask of a driver is decided by the guard.
package sign

import (
	"bytes"
	"context"
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// text is how keys, signatures and hashes are written: unpadded, and strict, so that each value has one spelling.
var text = base64.RawURLEncoding.Strict()

const (
	seedBytes   = 32
	signBytes   = ed25519.PublicKeySize
	secretBytes = 32 // of an X25519 public key
)

// Key is a private key: it signs, and opens what was encrypted to it. It is of a file (see [LoadKey]), or an ssh-agent's (see
// [AgentKey]).
type Key struct {
	from   string // file or agent, for errors; "": neither
	text   string // as its file holds it; "": an agent's
	sign   signer
	open   *ecdh.PrivateKey
	public Public
}

// signer makes the Ed25519 signature of a message. Only an agent's fails.
type signer func(ctx context.Context, message []byte) ([]byte, error)

// NewKey makes a random key.
func NewKey() *Key {
	var seed [seedBytes]byte
	rand.Read(seed[:])
	return fromSeed(seed)
}

// fromSeed derives both halves of a key: the seed itself is Ed25519's (RFC 8032), X25519's comes from it by HKDF.
func fromSeed(seed [seedBytes]byte) *Key {
	private := ed25519.NewKeyFromSeed(seed[:])
	var open *ecdh.PrivateKey
	derived, err := hkdf.Key(sha256.New, seed[:], nil, "landfall key: X25519", 32)
	if err == nil {
		open, err = ecdh.X25519().NewPrivateKey(derived)
	}
	if err != nil {
		panic(err) // 32 bytes are always a key
	}
	sign := func(_ context.Context, message []byte) ([]byte, error) { return ed25519.Sign(private, message), nil }
	k := newKey(private.Public().(ed25519.PublicKey), sign, open)
	k.text = privatePrefix + text.EncodeToString(seed[:])
	return k
}

func newKey(public ed25519.PublicKey, sign signer, open *ecdh.PrivateKey) *Key {
	k := &Key{sign: sign, open: open}
	copy(k.public[:signBytes], public)
	copy(k.public[signBytes:], open.PublicKey().Bytes())
	return k
}

// Public is the half that others know.
func (k *Key) Public() Public { return k.public }

// String names the key for people: where it is from, and the beginning of its public half.
func (k *Key) String() string {
	if k.from == "" {
		return "key " + k.public.Short()
	}
	return fmt.Sprintf("key %s (%s)", k.from, k.public.Short())
}

// privatePrefix is what the text of a private key begins with, so that secret scanners and people recognise one.
const privatePrefix = "landfall-private-key-"

// Text is the private key as its file holds it; "": an ssh-agent holds it.
func (k *Key) Text() string { return k.text }

var errPrivate = errors.New("not a private key of landfall (create one with `landfall key new NAME`)")

// ParseKey reads what [Key.Text] wrote. Its errors do not contain the text.
func ParseKey(s string) (*Key, error) {
	encoded, ok := strings.CutPrefix(strings.TrimSpace(s), privatePrefix)
	if !ok {
		return nil, errPrivate
	}
	var seed [seedBytes]byte
	if b, err := text.DecodeString(encoded); err != nil || len(b) != seedBytes {
		return nil, errPrivate
	} else {
		copy(seed[:], b)
	}
	return fromSeed(seed), nil
}

// Public is a public key: an Ed25519 key that verifies, followed by an X25519 key to encrypt to.
type Public [signBytes + secretBytes]byte

// publicPrefix is the start of a public key as text. The rest may start with a dash, which command lines would take for a
// flag.
const publicPrefix = "landfall-public-key-"

// String is the key as rings and command lines write it.
func (p Public) String() string { return publicPrefix + text.EncodeToString(p[:]) }

// Short is enough of the key for people to tell two apart: eight characters. It is not unique.
func (p Public) Short() string { return text.EncodeToString(p[:6]) }

// ParsePublic reads what [Public.String] wrote.
func ParsePublic(s string) (p Public, err error) {
	encoded, ok := strings.CutPrefix(s, publicPrefix)
	b, err := text.DecodeString(encoded)
	if !ok || err != nil || len(b) != len(p) {
		return p, fmt.Errorf("public key %.40q: must be what `landfall key show FILE` prints", s)
	}
	copy(p[:], b)
	if bytes.Equal(p[signBytes:], make([]byte, secretBytes)) {
		return p, fmt.Errorf("public key %.40q: its second half is zero", s)
	}
	return p, nil
}

func (p Public) verify(message, signature []byte) bool {
	return ed25519.Verify(p[:signBytes], message, signature)
}

func (p Public) x25519() (*ecdh.PublicKey, error) { return ecdh.X25519().NewPublicKey(p[signBytes:]) }
