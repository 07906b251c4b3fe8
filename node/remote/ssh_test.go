//go:build unix

package remote

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"landfall/node/remote/hosts"
)

// The arguments of ssh weaken none of its checks, and a host's name cannot become an option.
func TestArgumentsOfSSH(t *testing.T) {
	w := newWorld(t)
	f := w.fleet("h")
	f.c.SSH.Config = "/dev/null"
	f.c.Tunnel = []string{"127.0.0.1:9092"}
	f.c.Files = []hosts.File{{Flag: "--kafka-password-file", Name: "file0", Data: []byte("s3cret")}}
	down := bring(t, f)
	if up, down := down(); up != nil || down != nil {
		t.Fatal(up, down)
	}
	data, err := os.ReadFile(filepath.Join(w.dir, "calls"))
	if err != nil {
		t.Fatal(err)
	}
	calls := string(data)
	for _, bad := range []string{"StrictHostKeyChecking", "UserKnownHostsFile", "s3cret", "czNjcmV0"} {
		if strings.Contains(calls, bad) {
			t.Errorf("%s in:\n%s", bad, calls)
		}
	}
	for _, good := range []string{"-F /dev/null", "BatchMode=yes", "ConnectTimeout=10", "-- h exec", "/k0:127.0.0.1:9092 --"} {
		if !strings.Contains(calls, good) {
			t.Errorf("no %s in:\n%s", good, calls)
		}
	}
}
