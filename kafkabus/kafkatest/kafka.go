//go:build unix

package kafkatest

import (
	"embed"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

//go:embed kafka.sh pom.xml
var files embed.FS

const startTime = 2 * time.Minute

// User and Password are the credentials for the SASL listeners of StartKafka.
const (
	User     = "alice"
	Password = "wonderland"
)

// Kafka is a cluster of real Apache Kafka nodes on loopback.
type Kafka struct {
	t     testing.TB
	dir   string
	port  int
	env   []string
	nodes []*exec.Cmd
}

// Wanted returns how many nodes of Apache Kafka to test with: LANDFALL_KAFKA is 1 or 3. Otherwise the test is skipped.
func Wanted(t testing.TB) int {
	n, _ := strconv.Atoi(os.Getenv("LANDFALL_KAFKA"))
	if n != 1 && n != 3 {
		t.Skip("needs Apache Kafka: set LANDFALL_KAFKA=1 or 3 (and have java and mvn)")
	}
	return n
}

// StartKafka starts 1 or 3 nodes on free ports. They stop when the test ends, and their data is removed. With pem, a folder
// made by WritePEM, they listen with TLS too.
func StartKafka(t testing.TB, n int, pem string) *Kafka {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"kafka.sh", "pom.xml"} {
		b, _ := files.ReadFile(name)
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	k := &Kafka{t: t, dir: dir, port: freePorts(t), nodes: make([]*exec.Cmd, n)}
	k.env = append(os.Environ(), "KAFKA_DIR="+dir, fmt.Sprint("KAFKA_PORT=", k.port), "KAFKA_SASL="+User+":"+Password, "KAFKA_PEM="+pem)
	if out, err := k.script("format", fmt.Sprint(n)).CombinedOutput(); err != nil {
		t.Fatalf("format: %v\n%s", err, out)
	}
	t.Cleanup(k.stop)
	for i := range n {
		k.launch(i)
	}
	for i := range n {
		k.await(i)
	}
	return k
}

// Brokers returns the addresses of all nodes without security.
func (k *Kafka) Brokers() []string { return k.listeners(0) }

// SASL returns the addresses that require User and Password.
func (k *Kafka) SASL() []string { return k.listeners(20) }

// TLS returns the addresses that require TLS and a client certificate.
func (k *Kafka) TLS() []string { return k.listeners(30) }

// SASLOverTLS returns the addresses that require TLS, and User and Password.
func (k *Kafka) SASLOverTLS() []string { return k.listeners(40) }

// Kill kills a node, counted from 0.
func (k *Kafka) Kill(node int) {
	k.nodes[node].Process.Kill()
	k.nodes[node].Wait()
}

// Back restarts a killed node with the same data, and waits until it listens.
func (k *Kafka) Back(node int) {
	k.launch(node)
	k.await(node)
}

// Pause stops the process of a node, like a machine that hangs; Resume continues it.
func (k *Kafka) Pause(node int)  { k.t.Helper(); Pause(k.t, k.nodes[node].Process) }
func (k *Kafka) Resume(node int) { k.nodes[node].Process.Signal(syscall.SIGCONT) }

func (k *Kafka) listeners(above int) []string {
	var addrs []string
	for i := range k.nodes {
		addrs = append(addrs, fmt.Sprint("127.0.0.1:", k.port+above+i))
	}
	return addrs
}

func (k *Kafka) script(args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(k.dir, "kafka.sh"), args...)
	cmd.Env = k.env
	return cmd
}

func (k *Kafka) launch(node int) {
	cmd := k.script("run", fmt.Sprint(node+1))
	endWithParent(cmd)
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	k.nodes[node] = cmd
}

func (k *Kafka) await(node int) {
	for deadline := time.Now().Add(startTime); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if c, err := net.Dial("tcp", k.Brokers()[node]); err == nil {
			c.Close()
			return
		}
	}
	log, _ := os.ReadFile(filepath.Join(k.dir, fmt.Sprintf("node%d.log", node+1)))
	k.t.Fatalf("node %d does not listen after %v:\n%s", node, startTime, log)
}

func (k *Kafka) stop() {
	for _, cmd := range k.nodes {
		if cmd != nil {
			cmd.Process.Kill()
			cmd.Wait()
		}
	}
}

// freePorts returns the first of n consecutive free ports, below the ephemeral range.
func freePorts(t testing.TB) int {
	for range 100 {
		base := 20000 + rand.IntN(120)*100
		if allFree(base) {
			return base
		}
	}
	t.Fatal("no free ports")
	return 0
}

func allFree(base int) bool {
	for above := 0; above <= 40; above += 10 {
		for i := range 3 {
			ln, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", base+above+i))
			if err != nil {
				return false
			}
			ln.Close()
		}
	}
	return true
}
