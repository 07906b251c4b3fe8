package signtest

import (
	"strings"
	"testing"
	"time"

	"landfall/node"
	"landfall/node/report"
	"landfall/node/sign"
	"landfall/node/sign/sshagent"
	"landfall/node/sign/sshagent/agenttest"
)

// With the keys of an operator and a driver in an ssh-agent, a run works like any other; its configuration is
// encrypted to them.
func TestRunWithKeysInAnAgent(t *testing.T) {
	t.Parallel()
	f, _ := inMemory(t, "d1")
	a := &sshagent.Agent{Socket: agenttest.Serve(t, agenttest.Keyring(t, "carl", "d2"))}
	for name, role := range map[string]node.Role{"carl": node.RoleOperator, "d2": node.RoleDriver} {
		k, err := sign.AgentKey(t.Context(), a, name)
		if err != nil {
			t.Fatal(err)
		}
		f.Keys[name] = k
		f.Change(sign.Trust(sign.Member{Public: k.Public(), Signer: node.Signer{Name: name, Role: role}}))
	}
	f.Driver("d1")
	f.Driver("d2")
	encrypted := f.encryptedConfigs(t)
	carl := f.Orchestrator("carl", "console")
	id := f.Start(carl, f.Tsunami(50, 2*time.Second), "d1", "d2")
	if r := f.Report(carl, id); r.Requests != 100 || r.Outcome != report.Finished || len(r.Drivers) != 2 {
		t.Errorf("%d requests of %d drivers, outcome %s %v", r.Requests, len(r.Drivers), r.Outcome, r.Reasons)
	}
	if n := encrypted(); n != 1 {
		t.Errorf("%d encrypted configurations, want 1", n)
	}
}

// encryptedConfigs counts the configurations whose target cannot be read.
func (f *Fleet) encryptedConfigs(t *testing.T) func() (n int) {
	records := f.record(t)
	return func() (n int) {
		for _, r := range records() {
			if r.Topic == node.TopicTestConfig && !strings.Contains(string(r.Value), f.URL) {
				n++
			}
		}
		return n
	}
}
