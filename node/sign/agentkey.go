package sign

import (
	"bytes"
	"context"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"landfall/node"
	"landfall/node/sign/sshagent"
)

// AgentKey returns a key whose Ed25519 half is in an ssh-agent; name is its comment or its fingerprint
// (SHA256:…), or empty if the agent holds only one.
//
// Its X25519 half is derived by HKDF from the agent's signature of one fixed text: Ed25519 signatures are
// deterministic (RFC 8032), and only the holder of the key can make this one, which is never published. An
// agent whose signatures vary is rejected.
func AgentKey(ctx context.Context, a *sshagent.Agent, name string) (*Key, error) {
	id, err := choose(ctx, a, name)
	if err != nil {
		return nil, err
	}
	open, err := derive(ctx, a, id)
	if err != nil {
		return nil, err
	}
	sign := func(ctx context.Context, message []byte) ([]byte, error) { return a.Sign(ctx, id.Public, message) }
	k := newKey(id.Public, sign, open)
	k.from = "agent:" + node.Clean(id.Comment, 60)
	return k, nil
}

// choose returns the only key that matches name.
func choose(ctx context.Context, a *sshagent.Agent, name string) (sshagent.Identity, error) {
	keys, err := a.Keys(ctx)
	if err != nil {
		return sshagent.Identity{}, err
	}
	var found []sshagent.Identity
	for _, k := range keys {
		if name == "" || k.Comment == name || k.Fingerprint() == name {
			found = append(found, k)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(keys) == 0:
		return sshagent.Identity{}, errors.New("the ssh-agent holds no Ed25519 key (create one with `ssh-keygen -t ed25519`, add it with `ssh-add FILE`; other kinds of keys cannot sign for a fleet)")
	case len(found) == 0:
		return sshagent.Identity{}, fmt.Errorf("the ssh-agent holds no Ed25519 key %.80q: it has %s", node.Clean(name, 80), listKeys(keys))
	}
	return sshagent.Identity{}, fmt.Errorf("the ssh-agent holds several such keys: name one by its fingerprint (%s)", listKeys(found))
}

func listKeys(keys []sshagent.Identity) string {
	const most = 4
	var words []string
	for _, k := range keys[:min(len(keys), most)] {
		words = append(words, fmt.Sprintf("%s %s", k.Fingerprint(), node.Clean(k.Comment, 60)))
	}
	if len(keys) > most {
		words = append(words, fmt.Sprintf("%d more", len(keys)-most))
	}
	return strings.Join(words, ", ")
}

// derive derives the X25519 key that decrypts what is encrypted to an agent's key.
func derive(ctx context.Context, a *sshagent.Agent, id sshagent.Identity) (*ecdh.PrivateKey, error) {
	message := append([]byte("landfall key: X25519 of an ssh-agent's key, version 1\n"), id.Public...)
	secret, err := a.Sign(ctx, id.Public, message)
	if err != nil {
		return nil, err
	}
	again, err := a.Sign(ctx, id.Public, message)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(secret, again) {
		return nil, fmt.Errorf("the ssh-agent signs the same text differently each time, so no decryption key can be derived from %s (use OpenSSH's agent, or a key file)", id.Fingerprint())
	}
	derived, err := hkdf.Key(sha256.New, secret, nil, "landfall key: X25519", 32)
	if err != nil {
		return nil, err
	}
	return ecdh.X25519().NewPrivateKey(derived)
}
