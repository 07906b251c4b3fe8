//go:build e2e && unix

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"landfall/loadgen/target"
	"landfall/node/report"
	"landfall/tui/tuitest"
)

// binary is the program under test.
var binary string

func TestMain(m *testing.M) { os.Exit(testMain(m)) }

func testMain(m *testing.M) int {
	dir, err := os.MkdirTemp("", "landfall-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	for _, v := range os.Environ() { // variables of the developer's own fleet must not affect the tests
		if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, "LANDFALL_") && name != "LANDFALL_KAFKA" {
			os.Unsetenv(name)
		}
	}
	os.Setenv("XDG_CONFIG_HOME", filepath.Join(dir, "config"))
	binary = filepath.Join(dir, "landfall")
	if err := tuitest.Make(binary); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// process is a command started by a test; it is killed at the end of the test.
type process struct {
	t      testing.TB
	name   string
	cmd    *exec.Cmd
	stdout lockedBuffer
	stderr lockedBuffer
	done   chan struct{}
}

// start starts the program.
func start(t testing.TB, args ...string) *process {
	t.Helper()
	return startCommand(t, exec.Command(binary, args...))
}

func startCommand(t testing.TB, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{t: t, name: strings.Join(cmd.Args[1:], " "), cmd: cmd, done: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = &p.stdout, &p.stderr
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	if err := cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", p.name, err)
	}
	go func() {
		cmd.Wait()
		close(p.done)
	}()
	t.Cleanup(func() {
		p.signal(syscall.SIGCONT)
		p.kill()
		if t.Failed() && p.stderr.String() != "" {
			t.Logf("stderr of %s:\n%s", p.name, tail(p.stderr.String(), 4000))
		}
	})
	return p
}

func tail(s string, most int) string { return s[max(len(s)-most, 0):] }

func (p *process) signal(s syscall.Signal) { p.cmd.Process.Signal(s) }

// kill sends SIGKILL.
func (p *process) kill() {
	p.cmd.Process.Kill()
	<-p.done
}

// exit waits for the process and returns its exit code.
func (p *process) exit(within time.Duration) int {
	p.t.Helper()
	select {
	case <-p.done:
	case <-time.After(within):
		p.t.Fatalf("%s: still runs after %s; stderr:\n%s", p.name, within, p.stderr.String())
	}
	return p.cmd.ProcessState.ExitCode()
}

// firstLine returns the first line that the process prints.
func (p *process) firstLine() string {
	p.t.Helper()
	line := ""
	eventually(p.t, 10*time.Second, p.name+" prints a line", func() bool {
		text, _, whole := strings.Cut(p.stdout.String(), "\n")
		line = text
		return whole
	})
	return line
}

// says waits for a text on stderr.
func (p *process) says(text string, within time.Duration) {
	p.t.Helper()
	eventually(p.t, within, fmt.Sprintf("%s says %q", p.name, text), func() bool { return strings.Contains(p.stderr.String(), text) })
}

// eventually waits for a condition that depends on other processes.
func eventually(t testing.TB, within time.Duration, what string, f func() bool) {
	t.Helper()
	for deadline := time.Now().Add(within); !f(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", within, what)
		}
	}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// fleet is a broker, a target and drivers, each a process.
type fleet struct {
	t       testing.TB
	brokers string
	listen  string
	data    string
	broker  *process // nil: started elsewhere
	target  *process
	url     string
	drivers []*process
}

// newFleet starts an embedded broker, a target with additional flags, and n drivers that have joined.
func newFleet(t testing.TB, n int, targetFlags ...string) *fleet {
	t.Helper()
	f := &fleet{t: t, data: t.TempDir(), listen: freeAddr(t)}
	f.startBroker()
	f.brokers = f.listen
	f.fill(n, targetFlags...)
	return f
}

// newFleetOn is like newFleet with running brokers.
func newFleetOn(t testing.TB, brokers []string, n int, targetFlags ...string) *fleet {
	t.Helper()
	f := &fleet{t: t, brokers: strings.Join(brokers, ",")}
	f.fill(n, targetFlags...)
	return f
}

func (f *fleet) fill(n int, targetFlags ...string) {
	f.t.Helper()
	f.startTarget(targetFlags...)
	for i := range n {
		f.driver(fmt.Sprint("d", i+1))
	}
	f.joined()
}

// quiet waits until the target has counted no request for a second, and returns its total.
func (f *fleet) quiet() (requests int64) {
	f.t.Helper()
	since := time.Now()
	eventually(f.t, 60*time.Second, "nothing is sent any more", func() bool {
		if now := f.counted().Requests; now != requests {
			requests, since = now, time.Now()
		}
		return time.Since(since) > time.Second
	})
	return requests
}

func (f *fleet) startBroker() {
	f.t.Helper()
	f.broker = start(f.t, "broker", "--listen", f.listen, "--insecure", "--data", f.data)
	f.broker.firstLine()
}

func (f *fleet) startTarget(flags ...string) {
	f.t.Helper()
	f.target = start(f.t, append([]string{"target", "--listen", "127.0.0.1:0"}, flags...)...)
	f.url = "http://" + f.target.firstLine() + "/ping"
}

func (f *fleet) driver(name string, flags ...string) *process {
	f.t.Helper()
	p := start(f.t, append([]string{"driver", "--name", name, "--brokers", f.brokers}, flags...)...)
	f.drivers = append(f.drivers, p)
	return p
}

// joined waits until every driver is in the fleet.
func (f *fleet) joined() {
	f.t.Helper()
	for _, d := range f.drivers {
		d.says("joined the fleet", 20*time.Second)
	}
}

// run starts `landfall run` with all drivers that the fleet started with.
func (f *fleet) run(args ...string) *process {
	f.t.Helper()
	return start(f.t, append([]string{"run", "--json", "--brokers", f.brokers}, args...)...)
}

// pass runs a test to its end and returns the exit code and the report.
func (f *fleet) pass(within time.Duration, args ...string) (int, *report.Report) {
	f.t.Helper()
	p := f.run(args...)
	code := p.exit(within)
	return code, p.report()
}

// report parses the report that the process printed.
func (p *process) report() *report.Report {
	p.t.Helper()
	r, err := report.Parse([]byte(p.stdout.String()))
	if err != nil {
		p.t.Fatalf("%s: %v; exit %v, stdout %q, stderr:\n%s", p.name, err, p.cmd.ProcessState, tail(p.stdout.String(), 500), p.stderr.String())
	}
	return r
}

// counted returns the target's counters.
func (f *fleet) counted() target.Metrics {
	f.t.Helper()
	return countedAt(f.t, strings.TrimSuffix(f.url, "/ping"))
}

func countedAt(t testing.TB, base string) (m target.Metrics) {
	t.Helper()
	req, _ := http.NewRequest(http.MethodGet, base+"/metrics", nil)
	req.Header.Set("Accept", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	if err := json.Unmarshal(body, &m); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return m
}

// busy waits until the target has counted n requests.
func (f *fleet) busy(n int64) {
	f.t.Helper()
	eventually(f.t, 20*time.Second, fmt.Sprint("the target counts ", n), func() bool { return f.counted().Requests >= n })
}

// freeAddr returns an address below the ephemeral ports, so that it stays free while its owner is restarted.
func freeAddr(t testing.TB) string { return freeAddrOn(t, "127.0.0.1") }

func freeAddrOn(t testing.TB, host string) string {
	t.Helper()
	for range 100 {
		ln, err := net.Listen("tcp", net.JoinHostPort(host, fmt.Sprint(10000+rand.IntN(9000))))
		if err == nil {
			defer ln.Close()
			return ln.Addr().String()
		}
	}
	t.Fatal("no free port")
	return ""
}

// exact checks a run without faults: nothing is missing, and all counters agree.
func exact(t testing.TB, r *report.Report, counted target.Metrics) {
	t.Helper()
	if r.Requests != r.Responses || r.Requests != counted.Requests || r.Requests != counted.Responses {
		t.Errorf("report: %d requests, %d responses; target: %d requests, %d responses: want all the same", r.Requests, r.Responses, counted.Requests, counted.Responses)
	}
	if r.Unknown != 0 || r.Dropped != 0 || r.ErrorCount() != 0 || r.Unexpected != 0 {
		t.Errorf("%d unknown, %d dropped, %d errors, %d unexpected: want none", r.Unknown, r.Dropped, r.ErrorCount(), r.Unexpected)
	}
	if r.Coverage.Drivers != 1 || r.Coverage.Requests != 1 {
		t.Errorf("coverage %+v: want all", r.Coverage)
	}
}

// event returns an event of a kind from a report.
func event(r *report.Report, kind, nodeID string) (report.Event, bool) {
	for _, i := range r.Intervals {
		for _, e := range i.Events {
			if e.Kind == kind && e.NodeID == nodeID {
				return e, true
			}
		}
	}
	return report.Event{}, false
}

func driverIn(r *report.Report, nodeID string) report.Driver {
	for _, d := range r.Drivers {
		if d.NodeID == nodeID {
			return d
		}
	}
	return report.Driver{}
}
