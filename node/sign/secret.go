package sign

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hpke"
	"crypto/rand"
	"encoding/json"
	"time"

	"landfall/node"
)

// secret is a configuration encrypted to its drivers and to the operators and viewers of the ring: specs hold
// passwords and tokens, and the topic keeps them. The message is encrypted once, with AES-256-GCM and a
// random key; that key is encrypted to each recipient with HPKE (RFC 9180, X25519, HKDF-SHA256, AES-256-GCM).
type secret struct {
	Encrypted bool              `json:"encrypted"`
	Body      []byte            `json:"body"`
	Keys      map[string][]byte `json:"keys"` // by the recipient's public key
}

var secretPrefix = []byte(`{"encrypted":true,`)

func encrypted(body []byte) bool { return bytes.HasPrefix(body, secretPrefix) }

// recipients returns the public keys to encrypt a configuration to; none if a selected driver has no key and
// could not read it.
func (r *Ring) recipients(c *node.Config, at time.Time) []Public {
	byName := map[string][]Public{}
	for i := range r.Members {
		if m := &r.Members[i]; m.Role == node.RoleDriver && m.Valid(at) == nil {
			byName[m.Name] = append(byName[m.Name], m.Public)
		}
	}
	var list []Public
	for _, id := range c.Drivers {
		if byName[id] == nil {
			return nil
		}
		list = append(list, byName[id]...)
		byName[id] = []Public{} // listed twice
	}
	for _, m := range r.readers(at) {
		list = append(list, m.Public)
	}
	return list
}

func encrypt(body []byte, to []Public, info string) ([]byte, error) {
	var key [32]byte
	rand.Read(key[:])
	aead, err := gcm(key[:])
	if err != nil {
		return nil, err
	}
	// The key is used once, so a zero nonce is unique.
	s := secret{Encrypted: true, Body: aead.Seal(nil, make([]byte, aead.NonceSize()), body, []byte(info)), Keys: map[string][]byte{}}
	for _, p := range to {
		public, err := p.x25519()
		if err != nil {
			return nil, err
		}
		recipient, err := hpke.NewDHKEMPublicKey(public)
		if err != nil {
			return nil, err
		}
		if s.Keys[p.String()], err = hpke.Seal(recipient, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(info), key[:]); err != nil {
			return nil, err
		}
	}
	return json.Marshal(s)
}

// decrypt decrypts a configuration with this process's key.
func (g *guard) decrypt(r node.Record) ([]byte, error) {
	var s secret
	if err := json.Unmarshal(r.Value, &s); err != nil {
		return nil, refuse("", "", "%s: broken encryption", what(r))
	}
	var wrapped []byte
	if g.own != nil {
		wrapped = s.Keys[g.own.Public().String()]
	}
	switch {
	case wrapped == nil && g.driver != "":
		return nil, errForOthers // not selected for the run
	case wrapped == nil:
		return nil, refuse("", "give a key that was in the ring when the run was configured: --sign-key FILE", "%s: encrypted to others", what(r))
	}
	plain, err := s.open(g.own.open, wrapped, secretInfo(g.ring.Fleet, g.prefix, r.Key))
	if err != nil {
		return nil, refuse("", "", "%s: cannot be decrypted with this process's key", what(r))
	}
	return plain, nil
}

func (s *secret) open(own *ecdh.PrivateKey, wrapped []byte, info string) ([]byte, error) {
	private, err := hpke.NewDHKEMPrivateKey(own)
	if err != nil {
		return nil, err
	}
	key, err := hpke.Open(private, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(info), wrapped)
	if err != nil {
		return nil, err
	}
	aead, err := gcm(key)
	if err != nil {
		return nil, err
	}
	return aead.Open(nil, make([]byte, aead.NonceSize()), s.Body, []byte(info))
}

func gcm(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// secretInfo binds the ciphertext to its run.
func secretInfo(fleet, prefix, key string) string {
	return "landfall configuration, version 1\n" + fleet + "\n" + prefix + "\n" + key
}
