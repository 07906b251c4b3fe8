package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"landfall/kafkabus/embedded"
)

// child is a process of this program in another role. It exits when its standard input ends.
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
		return "", fmt.Errorf("a child process exited: %w", c.cmd.Wait())
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

// usage is the resource usage of a process.
type usage struct {
	share    float64 // of a core
	resident []int64 // bytes, every watchEvery
}

const watchEvery = 5 * time.Second

// watchAll samples the usage of processes, by their ids, for a while; wait waits for the end.
func watchAll(length time.Duration, usages map[int]*usage) (wait func()) {
	var watching sync.WaitGroup
	for pid, u := range usages {
		watching.Go(func() { u.watch(pid, length) })
	}
	return watching.Wait
}

func (u *usage) watch(pid int, length time.Duration) {
	began := time.Now()
	before, _ := consumed(pid)
	for n := 1; time.Since(began) < length; n++ {
		time.Sleep(time.Until(began.Add(min(time.Duration(n)*watchEvery, length))))
		_, resident := consumed(pid)
		u.resident = append(u.resident, resident)
	}
	after, _ := consumed(pid)
	u.share = float64(after-before) / float64(time.Since(began))
}

func median(list []int64) int64 {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

// consumed returns a process's CPU time and resident bytes on Linux, elsewhere 0 and 0.
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
