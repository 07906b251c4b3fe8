// Package demo runs a broker, a target and drivers on this machine, each a process of this program, on free
// loopback ports and in a temporary folder. Each child's standard input is a pipe from its parent: however
// the parent exits, the children exit within two seconds and remove the folder.
package demo

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Config configures the demo.
type Config struct {
	Binary  string // this program
	Drivers int    // default 3
}

// Fleet is the running processes.
type Fleet struct {
	Broker string // host:port
	Target string // URL of its /ping
	Dir    string // of data and logs
	Ring   string // file of the fleet's key ring, created for this demo only
	Key    string // file of the operator's private key

	broker, target *child
	drivers        []*child
}

const (
	startFor = 10 * time.Second // for a child to print its address
	endFor   = 3 * time.Second  // for a child to exit before it is killed
)

// Start starts the processes; Close stops them.
func Start(ctx context.Context, c Config) (*Fleet, error) {
	if c.Drivers == 0 {
		c.Drivers = 3
	}
	dir, err := os.MkdirTemp("", "landfall-demo-")
	if err != nil {
		return nil, err
	}
	f := &Fleet{Dir: dir}
	if err := f.start(ctx, c); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func (f *Fleet) start(ctx context.Context, c Config) (err error) {
	if f.broker, err = start(c.Binary, f.Dir, "broker", "broker", "--listen", "127.0.0.1:0", "--data", f.Dir, "--temporary"); err != nil {
		return err
	}
	if f.target, err = start(c.Binary, f.Dir, "target", "target", "--listen", "127.0.0.1:0"); err != nil {
		return err
	}
	if f.Broker, err = f.broker.address(ctx); err != nil {
		return err
	}
	addr, err := f.target.address(ctx)
	if err != nil {
		return err
	}
	f.Target = "http://" + addr + "/ping"
	names := make([]string, c.Drivers)
	for i := range names {
		names[i] = fmt.Sprintf("demo-%d", i+1)
	}
	if err := f.makeKeys(names); err != nil {
		return err
	}
	for _, name := range names {
		d, err := start(c.Binary, f.Dir, name, "driver", "--name", name, "--brokers", f.Broker, "--fleet-keys", f.Ring, "--sign-key", f.keyOf(name))
		if err != nil {
			return err
		}
		f.drivers = append(f.drivers, d)
	}
	return nil
}

// Close drains the drivers, stops the other processes and removes the folder.
func (f *Fleet) Close() {
	endAll(f.drivers...)
	endAll(f.target)
	endAll(f.broker)
	os.RemoveAll(f.Dir)
}

func endAll(children ...*child) {
	var wg sync.WaitGroup
	for _, c := range children {
		if c != nil {
			wg.Go(c.end)
		}
	}
	wg.Wait()
}

// child is a process that exits when its standard input ends.
type child struct {
	name  string
	cmd   *exec.Cmd
	stdin io.Closer // the writing end of its standard input
	out   io.ReadCloser
	log   string
}

func start(binary, dir, name string, args ...string) (*child, error) {
	log, err := os.Create(filepath.Join(dir, name+".log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	c := &child{name: name, log: log.Name(), cmd: exec.Command(binary, append(args, "--until-eof")...)}
	c.cmd.Stderr, c.cmd.Env, c.cmd.SysProcAttr = log, environment(os.Environ()), apart()
	if c.stdin, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if c.out, err = c.cmd.StdoutPipe(); err != nil {
		return nil, err
	}
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return c, nil
}

// environment removes landfall's own variables, which are meant for the command that was typed.
func environment(env []string) (clean []string) {
	for _, v := range env {
		if !strings.HasPrefix(v, "LANDFALL_") {
			clean = append(clean, v)
		}
	}
	return clean
}

// address returns the first line that the child prints: its listen address.
func (c *child) address(ctx context.Context) (string, error) {
	lines := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(c.out).ReadString('\n')
		lines <- strings.TrimSpace(line)
	}()
	select {
	case line := <-lines:
		if line != "" {
			return line, nil
		}
	case <-time.After(startFor):
	case <-ctx.Done():
		return "", ctx.Err()
	}
	log, _ := os.ReadFile(c.log)
	return "", fmt.Errorf("the %s did not start: %s", c.name, strings.TrimSpace(string(log)))
}

func (c *child) end() {
	c.stdin.Close()
	kill := time.AfterFunc(endFor, func() { c.cmd.Process.Kill() })
	defer kill.Stop()
	_ = c.cmd.Wait() // regardless of the exit status
}
