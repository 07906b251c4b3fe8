package sshagent

import (
	"bytes"
	"crypto/ed25519"
	"encoding/binary"
	"testing"
)

func TestParseKeysOmitsOtherKinds(t *testing.T) {
	public := bytes.Repeat([]byte{7}, ed25519.PublicKeySize)
	b := binary.BigEndian.AppendUint32(nil, 3)
	b = appendString(appendString(b, appendString(nil, []byte("ssh-rsa"))), []byte("rsa"))
	b = appendString(appendString(b, blob(public)), []byte("ann"))
	b = appendString(appendString(b, append(blob(public), 0)), []byte("longer"))
	keys, err := parseKeys(b)
	if err != nil || len(keys) != 1 || keys[0].Comment != "ann" || !bytes.Equal(keys[0].Public, public) {
		t.Errorf("keys %v, error %v", keys, err)
	}
	for n := range b {
		if keys, err := parseKeys(b[:n]); err == nil {
			t.Errorf("the first %d bytes are %d keys", n, len(keys))
		}
	}
}

func TestParseSignatureRefusesOtherForms(t *testing.T) {
	form := func(kind string, size int) []byte {
		return appendString(nil, appendString(appendString(nil, []byte(kind)), make([]byte, size)))
	}
	if sig, err := parseSignature(form("ssh-ed25519", 64)); err != nil || len(sig) != 64 {
		t.Errorf("signature of %d bytes, error %v", len(sig), err)
	}
	for _, b := range [][]byte{nil, form("ssh-ed25519", 63), form("rsa-sha2-512", 64), form("ssh-ed25519", 64)[:70]} {
		if _, err := parseSignature(b); err == nil {
			t.Errorf("%x is a signature", b)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(binary.BigEndian.AppendUint32(nil, 1<<31))
	f.Add(appendString(nil, appendString(appendString(nil, []byte(algorithm)), make([]byte, 64))))
	f.Fuzz(func(t *testing.T, b []byte) {
		keys, _ := parseKeys(b)
		for _, k := range keys {
			if len(k.Public) != ed25519.PublicKeySize {
				t.Fatalf("a key of %d bytes", len(k.Public))
			}
		}
		if sig, err := parseSignature(b); err == nil && len(sig) != ed25519.SignatureSize {
			t.Fatalf("a signature of %d bytes", len(sig))
		}
	})
}
