// Package agenttest serves ssh-agents to tests.
package agenttest

import (
	"crypto/ed25519"
	"crypto/rand"
	"net"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/crypto/ssh/agent"
)

// Serve serves an agent on a Unix socket until the test ends, and returns the socket's path.
func Serve(t *testing.T, a agent.Agent) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "agent") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(dir, "s")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close(); os.RemoveAll(dir) })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				_ = agent.ServeAgent(a, conn)
			}()
		}
	}()
	return socket
}

// Keyring returns an agent with a new Ed25519 key for each comment.
func Keyring(t *testing.T, comments ...string) agent.Agent {
	t.Helper()
	ring := agent.NewKeyring()
	for _, comment := range comments {
		_, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if err := ring.Add(agent.AddedKey{PrivateKey: &private, Comment: comment}); err != nil {
			t.Fatal(err)
		}
	}
	return ring
}
