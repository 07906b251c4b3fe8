//go:build e2e && linux

package e2e

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"landfall/node/report"
)

// island is a network namespace with a driver, and two cables to this one: the first for Kafka, the second
// for the target. So the driver can lose Kafka while its load continues.
type island struct {
	t        testing.TB
	name     string
	control  string // this side's address on the first cable
	data     string // this side's address on the second cable
	dataNet  string
	controls string // the island's end of the first cable
}

func newIsland(t testing.TB) *island {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("needs root: it makes network namespaces")
	}
	id := rand.IntN(1 << 16)
	n, m := id>>8, id&0xff&^7
	i := &island{t: t, name: fmt.Sprintf("lf%04x", id)}
	i.control, i.data = fmt.Sprintf("10.203.%d.%d", n, m+1), fmt.Sprintf("10.203.%d.%d", n, m+5)
	i.dataNet, i.controls = fmt.Sprintf("10.203.%d.%d/30", n, m+4), i.name+"c1"
	if out, err := exec.Command("ip", "netns", "add", i.name).CombinedOutput(); err != nil {
		t.Skipf("cannot make a network namespace: %s", out)
	}
	t.Cleanup(func() { exec.Command("ip", "netns", "del", i.name).Run() })
	i.ip("-n", i.name, "link", "set", "lo", "up")
	i.cable("c", i.control, fmt.Sprintf("10.203.%d.%d", n, m+2))
	i.cable("d", i.data, fmt.Sprintf("10.203.%d.%d", n, m+6))
	return i
}

func (i *island) ip(args ...string) {
	i.t.Helper()
	if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
		i.t.Fatalf("ip %s: %v: %s", strings.Join(args, " "), err, out)
	}
}

func (i *island) cable(letter, here, there string) {
	i.t.Helper()
	a, b := i.name+letter+"0", i.name+letter+"1"
	i.ip("link", "add", a, "type", "veth", "peer", "name", b)
	i.t.Cleanup(func() { exec.Command("ip", "link", "del", a).Run() })
	i.ip("link", "set", b, "netns", i.name)
	i.ip("addr", "add", here+"/30", "dev", a)
	i.ip("link", "set", a, "up")
	i.ip("-n", i.name, "addr", "add", there+"/30", "dev", b)
	i.ip("-n", i.name, "link", "set", b, "up")
}

// cut disconnects the first cable; mend reconnects it.
func (i *island) cut()  { i.ip("-n", i.name, "link", "set", i.controls, "down") }
func (i *island) mend() { i.ip("-n", i.name, "link", "set", i.controls, "up") }

// newFleet starts a broker and a target that the island can reach, a driver on the island, and others outside
// it.
func (i *island) newFleet(others int) *fleet {
	i.t.Helper()
	f := &fleet{t: i.t, data: i.t.TempDir(), listen: freeAddrOn(i.t, i.control)}
	f.startBroker()
	f.brokers = f.listen
	f.target = start(i.t, "target", "--listen", net.JoinHostPort(i.data, "0"))
	f.url = "http://" + f.target.firstLine() + "/ping"
	driver := []string{"driver", "--brokers", f.brokers, "--allow-target", i.dataNet, "--name"}
	f.drivers = append(f.drivers, startCommand(i.t, exec.Command("ip", append([]string{"netns", "exec", i.name, binary}, append(driver, "island")...)...)))
	for n := range others {
		f.drivers = append(f.drivers, start(i.t, append(driver, fmt.Sprint("d", n+1))...))
	}
	f.joined()
	return f
}

// A driver that is disconnected from Kafka for 10 s loses nothing.
func TestCutOff(t *testing.T) {
	t.Parallel()
	i := newIsland(t)
	f := i.newFleet(1)
	run := f.run("-q", "200", "-z", "20s", f.url)
	f.busy(400)
	i.cut()
	time.Sleep(10 * time.Second) // the outage under test
	i.mend()
	if code := run.exit(60 * time.Second); code != 0 {
		t.Errorf("exit %d", code)
	}
	r, counted := run.report(), f.counted()
	if r.Requests != counted.Requests || r.Requests != r.Responses || r.Unknown != 0 {
		t.Errorf("report: %d requests, %d responses, %d unknown; target: %d: want all of them known", r.Requests, r.Responses, r.Unknown, counted.Requests)
	}
	if d := driverIn(r, "island"); d.Missing != 0 {
		t.Errorf("%d snapshots of the island's driver are missing", d.Missing)
	}
}

// A driver that is disconnected from Kafka for longer than orphan_timeout stops its load by itself and
// reports why. The run does not pass if it was the only driver.
func TestOrphaned(t *testing.T) {
	t.Parallel()
	i := newIsland(t)
	f := i.newFleet(0)
	run := f.run("-q", "100", "-z", "60s", "--orphan-timeout", "6s", f.url)
	f.busy(200)
	i.cut()
	f.drivers[0].says("orphaned", 20*time.Second)
	last := f.quiet()
	i.mend()
	code := run.exit(60 * time.Second)
	r := run.report()
	if r.Requests > last || last > r.Requests+r.Unknown {
		t.Errorf("target counted %d: want from %d to %d", last, r.Requests, r.Requests+r.Unknown)
	}
	if code == 0 || r.Outcome != report.Failed {
		t.Errorf("exit %d, outcome %s %q", code, r.Outcome, r.Reasons)
	}
}

// What an orphaned driver did before it stopped is reported when it reconnects, and the others take over its
// share.
func TestOrphanedBesideOthers(t *testing.T) {
	t.Parallel()
	i := newIsland(t)
	f := i.newFleet(1)
	run := f.run("-q", "200", "-z", "25s", "--orphan-timeout", "6s", f.url)
	f.busy(400)
	i.cut()
	f.drivers[0].says("orphaned", 20*time.Second)
	i.mend()
	run.exit(60 * time.Second)
	r, counted := run.report(), f.counted()
	if r.Requests != counted.Requests || r.Requests != r.Responses || r.Unknown != 0 {
		t.Errorf("report: %d requests, %d responses, %d unknown; target: %d: want all of them known", r.Requests, r.Responses, r.Unknown, counted.Requests)
	}
	if d := driverIn(r, "island"); d.Missing != 0 {
		t.Errorf("%d snapshots of the island's driver are missing", d.Missing)
	}
	if _, wasLost := event(r, "lost", "island"); !wasLost {
		t.Error("the report does not say that it was lost")
	}
	if r.Requests < 4900 {
		t.Errorf("%d requests, want the whole fleet's 5000 at least: the others did not take over its share", r.Requests)
	}
}

// A driver that was disconnected when a stop was sent executes it when it reconnects.
func TestStopWhileAway(t *testing.T) {
	t.Parallel()
	i := newIsland(t)
	f := i.newFleet(0)
	run := f.run("-q", "100", "-z", "60s", f.url)
	f.busy(200)
	i.cut()
	run.signal(syscall.SIGINT)
	if code := run.exit(30 * time.Second); code != 105 {
		t.Errorf("exit %d, want 105", code)
	}
	r := run.report()
	if r.Outcome != report.Interrupted {
		t.Errorf("outcome %s, want interrupted", r.Outcome)
	}
	if n := f.counted().Requests; n < 500 {
		t.Errorf("the target counted %d, want load while the driver was disconnected", n)
	}
	i.mend()
	f.drivers[0].says("stops", 10*time.Second)
	f.quiet()
}
