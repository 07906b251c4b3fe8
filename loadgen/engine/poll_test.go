package engine

import (
	"bytes"
	"io"
	"net"
	"testing"
)

// After the handshake, a TLS connection reads from and writes to what it is handed over to.
func TestHandover(t *testing.T) {
	ours, theirs := net.Pipe()
	defer ours.Close()
	defer theirs.Close()
	go io.WriteString(theirs, "ab")
	h := &handover{Conn: ours}
	b := make([]byte, 2)
	if n, err := h.Read(b); n != 2 || err != nil || string(b) != "ab" {
		t.Errorf("%q, %v", b[:n], err)
	}
	buf := bytes.NewBufferString("cd")
	h.to = buf
	if n, err := h.Read(b); n != 2 || err != nil || string(b) != "cd" {
		t.Errorf("%q, %v", b[:n], err)
	}
	if _, err := h.Write([]byte("ef")); err != nil || buf.String() != "ef" {
		t.Errorf("%q, %v", buf, err)
	}
}
