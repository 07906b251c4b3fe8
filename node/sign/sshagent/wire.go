package sshagent

import (
	"crypto/ed25519"
	"encoding/binary"
	"errors"
)

var errAnswer = errors.New("ssh-agent: its answer is cut off")

// parseKeys parses an answer that lists keys: a count, then a key and a comment each.
func parseKeys(b []byte) (keys []Identity, err error) {
	if len(b) < 4 {
		return nil, errAnswer
	}
	n, b := binary.BigEndian.Uint32(b), b[4:]
	for range n { // each takes at least eight bytes, so the answer's length bounds them
		var key, comment []byte
		var ok bool
		if key, b, ok = cutString(b); ok {
			comment, b, ok = cutString(b)
		}
		if !ok {
			return nil, errAnswer
		}
		if public := publicKey(key); public != nil {
			keys = append(keys, Identity{public, string(comment)})
		}
	}
	return keys, nil
}

// parseSignature parses an answer that holds a signature.
func parseSignature(b []byte) ([]byte, error) {
	whole, _, ok := cutString(b)
	kind, rest, ok2 := cutString(whole)
	sig, _, ok3 := cutString(rest)
	if !ok || !ok2 || !ok3 {
		return nil, errAnswer
	}
	if string(kind) != algorithm || len(sig) != ed25519.SignatureSize {
		return nil, errors.New("ssh-agent: its signature is not an Ed25519 one")
	}
	return sig, nil
}

// blob returns a public key in SSH's encoding (RFC 8709).
func blob(public ed25519.PublicKey) []byte {
	return appendString(appendString(nil, []byte(algorithm)), public)
}

// publicKey returns the Ed25519 key of a blob; nil if it is of another kind.
func publicKey(blob []byte) ed25519.PublicKey {
	kind, rest, ok := cutString(blob)
	key, rest, ok2 := cutString(rest)
	if !ok || !ok2 || string(kind) != algorithm || len(key) != ed25519.PublicKeySize || len(rest) > 0 {
		return nil
	}
	return ed25519.PublicKey(key)
}

// appendString appends a string in SSH's encoding: its length in four bytes, then its bytes.
func appendString(b, s []byte) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...)
}

func cutString(b []byte) (s, rest []byte, ok bool) {
	if len(b) < 4 {
		return nil, nil, false
	}
	n, b := binary.BigEndian.Uint32(b), b[4:]
	if uint64(n) > uint64(len(b)) {
		return nil, nil, false
	}
	return b[:n], b[n:], true
}
