// Package sshagent requests Ed25519 keys and signatures from an ssh-agent: the two requests of the agent
// protocol (draft-miller-ssh-agent) that fleet keys need. It never sees a private key.
package sshagent

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// Agent is an ssh-agent behind a Unix socket. Each request dials again, so the agent may be restarted.
type Agent struct {
	Socket string // its path, as SSH_AUTH_SOCK has it
}

// Timeout limits a request: the agent may ask its user for confirmation.
const Timeout = 10 * time.Second

// Identity is an Ed25519 key that the agent holds.
type Identity struct {
	Public  ed25519.PublicKey
	Comment string // as listed by ssh-add; may contain any bytes
}

// Fingerprint returns the key's fingerprint as ssh-add prints it: SHA256:…
func (i Identity) Fingerprint() string {
	sum := sha256.Sum256(blob(i.Public))
	return "SHA256:" + base64.RawStdEncoding.EncodeToString(sum[:])
}

// Message numbers of the protocol.
const (
	failed    = 5
	list      = 11
	listed    = 12
	sign      = 13
	signed    = 14
	algorithm = "ssh-ed25519"
)

// maxAnswer limits an agent's answer, as OpenSSH does.
const maxAnswer = 256 << 10

// Keys returns the agent's Ed25519 keys. Other keys, including hardware keys, make other signatures and are
// omitted.
func (a *Agent) Keys(ctx context.Context) ([]Identity, error) {
	answer, err := a.ask(ctx, listed, []byte{list})
	if err != nil {
		return nil, err
	}
	return parseKeys(answer)
}

// Sign returns the Ed25519 signature of a message, 64 bytes, made with the agent's key. The signature is
// verified.
func (a *Agent) Sign(ctx context.Context, public ed25519.PublicKey, message []byte) ([]byte, error) {
	request := appendString([]byte{sign}, blob(public))
	request = appendString(request, message)
	request = binary.BigEndian.AppendUint32(request, 0) // no flags
	answer, err := a.ask(ctx, signed, request)
	if err != nil {
		return nil, err
	}
	sig, err := parseSignature(answer)
	if err == nil && !ed25519.Verify(public, message, sig) {
		err = errors.New("ssh-agent: its signature is not the key's")
	}
	return sig, err
}

// ask sends a request and returns the answer's body if it is of the wanted type.
func (a *Agent) ask(ctx context.Context, want byte, request []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	answer, err := a.exchange(ctx, request)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, errors.New("ssh-agent: no answer in time (does it ask for a confirmation? unlock the key, and add it without `ssh-add -c`)")
	case err != nil:
		return nil, fmt.Errorf("ssh-agent: %w", err)
	case answer[0] == want:
		return answer[1:], nil
	case answer[0] == failed && want == signed:
		return nil, errors.New("ssh-agent: it refuses to sign (is it locked, or was the key removed? see `ssh-add -l`)")
	}
	return nil, fmt.Errorf("ssh-agent: answer of type %d, want %d (is %s an ssh-agent's socket?)", answer[0], want, a.Socket)
}

// exchange sends one message and reads one of at least a byte.
func (a *Agent) exchange(ctx context.Context, request []byte) ([]byte, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "unix", a.Socket)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	if _, err := conn.Write(appendString(nil, request)); err != nil {
		return nil, err
	}
	var head [4]byte
	if _, err := io.ReadFull(conn, head[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n == 0 || n > maxAnswer {
		return nil, fmt.Errorf("answer of %d bytes: must be 1 to %d", n, maxAnswer)
	}
	answer := make([]byte, n)
	_, err = io.ReadFull(conn, answer)
	return answer, err
}
