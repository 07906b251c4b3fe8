package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"landfall/kafkabus/embedded"
)

// child is a process of this program in another role. It ends when its standard input does.
type child struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
	out   *bufio.Scanner
}

func spawn(role string, args ...string) (*child, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := &child{cmd: exec.Command(exe, append([]string{"-role", role}, args...)...)}
	c.cmd.Stderr = os.Stderr
	if c.stdin, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.out = bufio.NewScanner(out)
	return c, c.cmd.Start()
}

func (c *child) line() (string, error) {
	if !c.out.Scan() {
		return "", fmt.Errorf("a child process ended: %w", c.cmd.Wait())
	}
	return c.out.Text(), nil
}

func (c *child) end() {
	c.stdin.Close()
	c.cmd.Wait()
}

func serveBroker() error {
	dir, err := os.MkdirTemp("", "landfall-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b, err := embedded.Start(embedded.Config{Dir: dir, Listen: "127.0.0.1:0"})
	if err != nil {
		return err
	}
	fmt.Println(b.Addr())
	io.Copy(io.Discard, os.Stdin)
	return b.Close()
}

// usage is what a process took.
type usage struct {
	share         float64 // of a core
	before, after int64   // resident bytes

	pid int
	cpu time.Duration
	at  time.Time
}

func watch(pid int) usage {
	cpu, resident := consumed(pid)
	return usage{pid: pid, cpu: cpu, at: time.Now(), before: resident}
}

func (u usage) since() usage {
	cpu, resident := consumed(u.pid)
	u.share, u.after = float64(cpu-u.cpu)/float64(time.Since(u.at)), resident
	return u
}

// consumed reads a process's CPU time and resident bytes where Linux tells them; elsewhere both are 0.
func consumed(pid int) (cpu time.Duration, resident int64) {
	const tick = time.Second / 100 // USER_HZ
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0
	}
	f := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	number := func(i int) int64 {
		n, _ := strconv.ParseInt(f[i], 10, 64)
		return n
	}
	return time.Duration(number(11)+number(12)) * tick, number(21) * int64(os.Getpagesize())
}
