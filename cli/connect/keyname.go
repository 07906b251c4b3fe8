package connect

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"landfall/node/sign"
	"landfall/node/sign/sshagent"
)

// agentPrefix starts the name of a key in an ssh-agent; its comment or fingerprint follows.
const agentPrefix = "agent:"

// LoadKey loads the private key named on a command line: a file, or agent:COMMENT, agent:SHA256:FINGERPRINT
// or agent: for the only Ed25519 key of the ssh-agent at SSH_AUTH_SOCK.
func LoadKey(name string) (*sign.Key, error) {
	if !InAgent(name) {
		return sign.LoadKey(name)
	}
	socket := os.Getenv("SSH_AUTH_SOCK")
	if socket == "" {
		return nil, fmt.Errorf("key %s: %w", name, errNoAgent)
	}
	k, err := sign.AgentKey(context.Background(), &sshagent.Agent{Socket: socket}, strings.TrimPrefix(name, agentPrefix))
	if err != nil {
		return nil, fmt.Errorf("key %s: %w", name, err)
	}
	return k, nil
}

// InAgent reports whether a key's name refers to an ssh-agent.
func InAgent(name string) bool { return strings.HasPrefix(name, agentPrefix) }

var errNoAgent = errors.New("no ssh-agent: SSH_AUTH_SOCK is not set (start one with `eval \"$(ssh-agent)\"` and add the key with `ssh-add`)")
