package sign

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"landfall/node"
	"landfall/node/sign/sshagent"
	"landfall/node/sign/sshagent/agenttest"
)

func agentKey(t *testing.T, a *sshagent.Agent, name string) *Key {
	t.Helper()
	k, err := AgentKey(t.Context(), a, name)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// A key in an agent can do everything that one in a file can: sign rings and records, prove, and decrypt.
func TestAgentKeyWorksLikeFileKey(t *testing.T) {
	a := &sshagent.Agent{Socket: agenttest.Serve(t, agenttest.Keyring(t, "root", "ann", "d1"))}
	root, ann, d1 := agentKey(t, a, "root"), agentKey(t, a, "ann"), agentKey(t, a, "d1")
	if again := agentKey(t, a, "ann"); again.Public() != ann.Public() || ann.Text() != "" {
		t.Errorf("the second time, the key of ann is %s, was %s", again.Public(), ann.Public())
	}
	ring := ringOf(t, root, operator(ann, "ann"), driver(d1, "d1"))

	secret, err := encrypt([]byte("a password"), []Public{ann.Public(), d1.Public()}, "run")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []*Key{ann, d1} {
		if got, err := opened(t, k, secret); err != nil || string(got) != "a password" {
			t.Errorf("decrypted %q, error %v", got, err)
		}
	}
	e := envelope{at: noon, body: []byte(`{"schema":1}`)}
	message := signEnvelope(t, &e, d1, place{ring.Fleet, "landfall.", node.TopicHeartbeat, "d1"})
	newPairs(d1, ring.Fleet).prove(&e, message, ring, noon)
	if has, right := newPairs(ann, ring.Fleet).proven(&e, message); !has || !right {
		t.Errorf("the proof for ann: there %v, right %v", has, right)
	}
	if !d1.Public().verify(message, e.sig) {
		t.Error("the signature does not verify")
	}
}

func opened(t *testing.T, k *Key, body []byte) ([]byte, error) {
	t.Helper()
	var s secret
	if err := json.Unmarshal(body, &s); err != nil {
		t.Fatal(err)
	}
	return s.open(k.open, s.Keys[k.Public().String()], "run")
}

func TestAgentKeyErrors(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	other := agent.NewKeyring()
	if err := other.Add(agent.AddedKey{PrivateKey: rsaKey, Comment: "rsa"}); err != nil {
		t.Fatal(err)
	}
	locked := agenttest.Keyring(t, "ann")
	for _, c := range []struct {
		agent agent.Agent
		name  string
		want  string
	}{
		{agenttest.Keyring(t), "ann", "ssh-keygen -t ed25519"},
		{other, "rsa", "other kinds of keys cannot sign"},
		{agenttest.Keyring(t, "bob\x1b[31m"), "ann", `no Ed25519 key "ann": it has SHA256:`},
		{agenttest.Keyring(t, "ann", "ann"), "ann", "several such keys: name one by its fingerprint (SHA256:"},
		{agenttest.Keyring(t, "ann", "bob"), "", "several such keys"},
		{broken{locked}, "ann", "its signature is not the key's"},
		{refusing{locked}, "ann", "refuses to sign"},
	} {
		_, err := AgentKey(t.Context(), &sshagent.Agent{Socket: agenttest.Serve(t, c.agent)}, c.name)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("key %q: error %q, want %q", c.name, err, c.want)
		}
	}
	if _, err := AgentKey(t.Context(), &sshagent.Agent{Socket: filepath.Join(t.TempDir(), "none")}, ""); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("an agent that is not there: %v", err)
	}
}

// broken signs another text.
type broken struct{ agent.Agent }

func (b broken) Sign(key ssh.PublicKey, data []byte) (*ssh.Signature, error) {
	return b.Agent.Sign(key, append(data, '!'))
}

// refusing behaves as if its user declined.
type refusing struct{ agent.Agent }

func (refusing) Sign(ssh.PublicKey, []byte) (*ssh.Signature, error) { return nil, errors.New("no") }

// OpenSSH's own agent, with a key that ssh-keygen made.
func TestOpenSSHsAgent(t *testing.T) {
	for _, program := range []string{"ssh-agent", "ssh-add", "ssh-keygen"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(err)
		}
	}
	dir, err := os.MkdirTemp("", "agent")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket, file := filepath.Join(dir, "s"), filepath.Join(dir, "ann")
	server := exec.Command("ssh-agent", "-D", "-a", socket)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	sh := func(program string, args ...string) string {
		t.Helper()
		c := exec.Command(program, args...)
		c.Env = append(os.Environ(), "SSH_AUTH_SOCK="+socket)
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", c, err, out)
		}
		return string(out)
	}
	awaitSocket(t, socket)
	sh("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "ann@laptop", "-f", file)
	sh("ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", file+"-ecdsa")
	sh("ssh-add", "-q", file)
	sh("ssh-add", "-q", file+"-ecdsa")
	fingerprint := strings.Fields(sh("ssh-keygen", "-l", "-f", file+".pub"))[1]

	a := &sshagent.Agent{Socket: socket}
	byComment, byFingerprint, only := agentKey(t, a, "ann@laptop"), agentKey(t, a, fingerprint), agentKey(t, a, "")
	if byComment.Public() != byFingerprint.Public() || only.Public() != byComment.Public() {
		t.Error("comment and fingerprint name different keys")
	}
	ring := ringOf(t, byComment, operator(NewKey(), "bob"))
	if _, err := ParseRing(ring.Text()); err != nil {
		t.Errorf("a ring that the agent signed: %v", err)
	}
	sh("ssh-add", "-q", "-D")
	if _, err := ring.Next(byComment, nil, nil); err == nil || !strings.Contains(err.Error(), "ssh-add -l") {
		t.Errorf("after the key was removed: %v", err)
	}
}

func awaitSocket(t *testing.T, path string) {
	t.Helper()
	for range 500 {
		if _, err := os.Stat(path); err == nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("no socket %s within 5 s", path)
}
