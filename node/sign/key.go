// Package sign authenticates the records of a [node.Bus]. Operators sign configurations, triggers and
// results, each driver signs its own records, and [Bus] verifies every record against the fleet's [Ring]
// before it parses any of it.
//
// The package holds keys ([Key], [Public]), the ring of a fleet ([Ring], signed by a root key that can stay
// offline), the envelope of a signed record, and the encryption of configurations to the selected drivers.
// All cryptography is the standard library's: Ed25519, X25519, HMAC-SHA256 and HPKE. The guard decides what
// the owner of a verified record may do.
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

// text encodes keys, signatures and hashes: unpadded and strict, so that each value has one encoding.
var text = base64.RawURLEncoding.Strict()

const (
	seedBytes   = 32
	signBytes   = ed25519.PublicKeySize
	secretBytes = 32 // of an X25519 public key
)

// Key is a private key: it signs, and decrypts what was encrypted to it. It comes from a file (see [LoadKey])
// or is held by an ssh-agent (see [AgentKey]).
type Key struct {
	from   string // file or agent, for errors; "": neither
	text   string // content of its file; "": an agent's
	sign   signer
	open   *ecdh.PrivateKey
	public Public
}

// signer makes the Ed25519 signature of a message. Only an agent's can fail.
type signer func(ctx context.Context, message []byte) ([]byte, error)

// NewKey returns a random key.
func NewKey() *Key {
	var seed [seedBytes]byte
	rand.Read(seed[:])
	return fromSeed(seed)
}

// fromSeed derives both halves of a key: the seed is Ed25519's (RFC 8032), the X25519 half is derived from it
// by HKDF.
func fromSeed(seed [seedBytes]byte) *Key {
	private := ed25519.NewKeyFromSeed(seed[:])
	var open *ecdh.PrivateKey
	derived, err := hkdf.Key(sha256.New, seed[:], nil, "landfall key: X25519", 32)
	if err == nil {
		open, err = ecdh.X25519().NewPrivateKey(derived)
	}
	if err != nil {
		panic(err) // 32 bytes are always valid
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

// Public returns the public half of the key.
func (k *Key) Public() Public { return k.public }

// String describes the key: its origin, and the start of its public half.
func (k *Key) String() string {
	if k.from == "" {
		return "key " + k.public.Short()
	}
	return fmt.Sprintf("key %s (%s)", k.from, k.public.Short())
}

// privatePrefix marks the text of a private key, so that secret scanners and people recognise it.
const privatePrefix = "landfall-private-key-"

// Text returns the private key as stored in its file; "" if an ssh-agent holds it.
func (k *Key) Text() string { return k.text }

var errPrivate = errors.New("not a private key of landfall (create one with `landfall key new NAME`)")

// ParseKey parses the output of [Key.Text]. Its errors do not contain the text.
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

// Public is a public key: an Ed25519 key for verification, followed by an X25519 key for encryption.
type Public [signBytes + secretBytes]byte

// publicPrefix starts a public key's text. The rest may start with a dash, which a command line would parse
// as a flag.
const publicPrefix = "landfall-public-key-"

// String returns the key's text, as in rings and on command lines.
func (p Public) String() string { return publicPrefix + text.EncodeToString(p[:]) }

// Short returns eight characters of the key to recognise it by. They are not unique.
func (p Public) Short() string { return text.EncodeToString(p[:6]) }

// ParsePublic parses the output of [Public.String].
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
