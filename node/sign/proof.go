package sign

import (
	"bytes"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"sync"
	"time"
)

// A proof authenticates a driver's record to one reader, for a fifteenth of the cost of verifying its
// signature: an HMAC-SHA256, truncated to 128 bits, over the signed message and its signature, with a key
// that only the driver and that reader can derive (X25519 of their two keys, then HKDF). A driver adds one
// for every operator and viewer of the ring to its heartbeats and snapshots. A reader without a proof of its
// own verifies the signature.
const (
	tagChars   = 8  // first characters of the reader's public key
	macBytes   = 16 // of the HMAC
	macChars   = 22 // macBytes in base64
	proofChars = tagChars + macChars
	maxReaders = 64
)

// pairs derives and caches the keys that one private key shares with others. It is safe for concurrent use.
type pairs struct {
	own   *Key
	fleet string
	tag   []byte // of own's proofs

	mu   sync.Mutex
	macs map[Public]hash.Hash
}

func newPairs(own *Key, fleet string) *pairs {
	return &pairs{own: own, fleet: fleet, tag: tag(own.Public())}
}

func tag(p Public) []byte { return []byte(p.Short()) }

// maxPairs limits the cache; only keys of the ring are looked up.
const maxPairs = 2 * maxMembers

// mac returns the proof of a message from a driver's key to a reader's, one of which is p's own; nil if the
// other key is invalid.
func (p *pairs) mac(other, driver, reader Public, message, sig []byte) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	m := p.macs[other]
	if m == nil {
		key, err := p.derive(other, driver, reader)
		if err != nil {
			return nil
		}
		if p.macs == nil || len(p.macs) >= maxPairs {
			p.macs = map[Public]hash.Hash{}
		}
		m = hmac.New(sha256.New, key)
		p.macs[other] = m
	}
	m.Reset()
	m.Write(message)
	m.Write(sig)
	return m.Sum(nil)[:macBytes]
}

func (p *pairs) derive(other, driver, reader Public) ([]byte, error) {
	public, err := other.x25519()
	if err != nil {
		return nil, err
	}
	shared, err := p.own.open.ECDH(public)
	if err != nil {
		return nil, err
	}
	return hkdf.Key(sha256.New, shared, nil, "landfall proof, version 1\n"+p.fleet+"\n"+driver.String()+"\n"+reader.String(), 32)
}

// prove adds a proof for each valid reader of the ring.
func (p *pairs) prove(e *envelope, message []byte, r *Ring, at time.Time) {
	driver := p.own.Public()
	for _, m := range r.readers(at) {
		if mac := p.mac(m.Public, driver, m.Public, message, e.sig); mac != nil {
			e.proofs = append(e.proofs, tag(m.Public)...)
			e.proofs = text.AppendEncode(e.proofs, mac)
		}
	}
}

// proven reports whether an envelope has a proof for p's own key, and whether it is right.
func (p *pairs) proven(e *envelope, message []byte) (has, right bool) {
	reader := p.own.Public()
	for list := e.proofs; len(list) >= proofChars; list = list[proofChars:] {
		if !bytes.Equal(list[:tagChars], p.tag) {
			continue
		}
		var mac [macBytes]byte
		if _, ok := cutText(mac[:], list[tagChars:proofChars], ""); !ok {
			return true, false
		}
		if hmac.Equal(mac[:], p.mac(e.key, e.key, reader, message, e.sig)) {
			return true, true
		}
		has = true // two readers can have the same tag
	}
	return has, false
}
