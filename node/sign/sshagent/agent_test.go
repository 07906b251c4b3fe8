package sshagent

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"landfall/node/sign/sshagent/agenttest"
)

func TestSign(t *testing.T) {
	ring := agenttest.Keyring(t, "ann", "bob")
	a := &Agent{Socket: agenttest.Serve(t, ring)}
	keys, err := a.Keys(t.Context())
	if err != nil || len(keys) != 2 || keys[0].Comment != "ann" || keys[1].Comment != "bob" {
		t.Fatalf("%+v, %v", keys, err)
	}
	for _, k := range keys {
		sig, err := a.Sign(t.Context(), k.Public, []byte("message"))
		if err != nil || !ed25519.Verify(k.Public, []byte("message"), sig) {
			t.Errorf("%s: signature %x, %v", k.Comment, sig, err)
		}
		public, err := ssh.NewPublicKey(k.Public)
		if err != nil || k.Fingerprint() != ssh.FingerprintSHA256(public) {
			t.Errorf("%s: fingerprint %s, %v", k.Comment, k.Fingerprint(), err)
		}
	}
	if err := ring.Lock([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Sign(t.Context(), keys[0].Public, []byte("message")); err == nil || !strings.Contains(err.Error(), "refuses to sign") {
		t.Errorf("a locked agent: %v", err)
	}
}

// replying serves an agent that answers every request with the same bytes, and keeps the connection open.
func replying(t *testing.T, answer []byte) *Agent {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Write(answer)
			go func() {
				_, _ = io.Copy(io.Discard, conn)
				conn.Close()
			}()
		}
	}()
	return &Agent{Socket: socket}
}

func TestWrongAnswersAreErrors(t *testing.T) {
	public, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	_, other, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	forged := appendString([]byte{signed}, appendString(appendString(nil, []byte(algorithm)), ed25519.Sign(other, []byte("message"))))
	for name, c := range map[string]struct {
		answer []byte
		want   string
	}{
		"empty":         {make([]byte, 4), "answer of 0 bytes"},
		"too long":      {binary.BigEndian.AppendUint32(nil, maxAnswer+1), "answer of 262145 bytes"},
		"other type":    {appendString(nil, []byte{listed}), "answer of type 12, want 14"},
		"refused":       {appendString(nil, []byte{failed}), "refuses to sign"},
		"cut off":       {appendString(nil, []byte{signed, 0, 0}), "cut off"},
		"another key's": {appendString(nil, forged), "not the key's"},
	} {
		if sig, err := replying(t, c.answer).Sign(t.Context(), public, []byte("message")); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %x, %v, want %s", name, sig, err, c.want)
		}
	}
	if _, err := replying(t, appendString(nil, []byte{failed})).Keys(t.Context()); err == nil || !strings.Contains(err.Error(), "answer of type 5, want 12") {
		t.Errorf("keys refused: %v", err)
	}
	if _, err := (&Agent{Socket: filepath.Join(t.TempDir(), "none")}).Keys(t.Context()); err == nil {
		t.Error("no socket, but no error")
	}
}

// An agent that waits for its user blocks a request only until its deadline.
func TestUnansweredRequestEndsWithItsContext(t *testing.T) {
	a := replying(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := a.Keys(ctx); err == nil || !strings.Contains(err.Error(), "no answer in time") {
		t.Errorf("%v", err)
	}
}

// Requests have the format of the protocol: length, type, and for a signature key, message and flags.
func TestRequestOfASignature(t *testing.T) {
	public := ed25519.PublicKey(bytes.Repeat([]byte{7}, ed25519.PublicKeySize))
	socket := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var asking sync.WaitGroup
	defer asking.Wait()
	asking.Go(func() { _, _ = (&Agent{Socket: socket}).Sign(t.Context(), public, []byte("hello")) })
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	want := appendString(nil, append(appendString(appendString([]byte{sign}, blob(public)), []byte("hello")), 0, 0, 0, 0))
	got := make([]byte, len(want))
	if _, err := io.ReadFull(conn, got); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%x, %v, want %x", got, err, want)
	}
}
