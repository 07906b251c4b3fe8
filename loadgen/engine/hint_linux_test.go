package engine

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"landfall/loadgen"
)

// childTarget is the variable with the target's address for a test that runs in a child process, whose limits
// it may exhaust.
const childTarget = "LANDFALL_TEST_TARGET"

// alone runs a test again in a child process with a target; "": this is the parent process.
func alone(t *testing.T, target string, isolation *syscall.SysProcAttr) string {
	if given := os.Getenv(childTarget); given != "" {
		return given
	}
	c := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	c.Env = append(os.Environ(), childTarget+"="+target)
	c.SysProcAttr = isolation
	out, err := c.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		t.Errorf("%s", out)
	case err != nil:
		t.Skip("not available on this machine: ", err)
	}
	return ""
}

// raiseLoopback brings up the loopback of a new network.
func raiseLoopback(t *testing.T) {
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(s)
	lo, err := unix.NewIfreq("lo")
	if err != nil {
		t.Fatal(err)
	}
	lo.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	if err := unix.IoctlIfreq(s, unix.SIOCSIFFLAGS, lo); err != nil {
		t.Fatal(err)
	}
}

func hinted(t *testing.T, url, want string) {
	for _, portable := range []bool{false, true} { // the portable poll closes its connections in goroutines, so a run right after it may still lack descriptors
		t.Run(map[bool]string{false: "fast", true: "portable"}[portable], func(t *testing.T) {
			out := carry(t, loadgen.Spec{Target: url, Duration: loadgen.Duration(time.Second), Connections: 100}, Options{Threads: 2, Portable: portable}, loadgen.Share{}, nil)
			reason := ""
			for _, s := range out.list {
				reason += strings.Join(s.Generator.Reasons, "\n")
			}
			if out.Total.Errors[loadgen.ErrConnect] == 0 || out.Total.Responses == 0 || !strings.Contains(reason, want) {
				t.Errorf("%+v, and it says %q", out.Total, reason)
			}
		})
	}
}

func TestPortsRunOut(t *testing.T) {
	own := &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}, GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}}
	if alone(t, "its own", own) == "" {
		return
	}
	raiseLoopback(t)
	r := serve(t, nil, nil)
	if err := os.WriteFile("/proc/sys/net/ipv4/ip_local_port_range", []byte("50000 50039"), 0); err != nil {
		t.Fatal(err)
	}
	hinted(t, r.url, "--bind")
}

func TestDescriptorsRunOut(t *testing.T) {
	target := ""
	if os.Getenv(childTarget) == "" {
		target = serve(t, nil, nil).url
	}
	if target = alone(t, target, nil); target == "" {
		return
	}
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 60, Max: 60}); err != nil {
		t.Fatal(err)
	}
	hinted(t, target, "ulimit -n")
}
